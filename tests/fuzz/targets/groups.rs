#![no_main]
casefile_fuzz::reader!("groups");
