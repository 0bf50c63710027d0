//! What the program carries: the built-in pack, the interpreters of scripts,
//! the inert WASI. `build.rs` writes the tables.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
