#![no_main]
casefile_fuzz::reader!("apk-installed");
