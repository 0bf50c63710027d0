#![no_main]
casefile_fuzz::reader!("ld-cache");
