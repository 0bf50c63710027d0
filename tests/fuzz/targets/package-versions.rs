#![no_main]
casefile_fuzz::reader!("package-versions");
