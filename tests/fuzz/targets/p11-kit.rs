#![no_main]
casefile_fuzz::reader!("p11-kit");
