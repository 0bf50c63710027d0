#![no_main]
casefile_fuzz::reader!("dpkg-status");
