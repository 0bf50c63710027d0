#![no_main]
casefile_fuzz::reader!("go-program");
