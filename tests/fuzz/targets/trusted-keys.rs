#![no_main]
casefile_fuzz::reader!("trusted-keys");
