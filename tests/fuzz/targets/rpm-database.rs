#![no_main]
casefile_fuzz::reader!("rpm-database");
