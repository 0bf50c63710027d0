#![no_main]
casefile_fuzz::reader!("kernel-log");
