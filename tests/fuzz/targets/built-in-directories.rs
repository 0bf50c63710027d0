#![no_main]
casefile_fuzz::reader!("built-in-directories");
