#![no_main]
casefile_fuzz::reader!("oci-index");
