#![no_main]
casefile_fuzz::reader!("search-path");
