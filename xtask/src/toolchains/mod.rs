//! Makes sure of tools that build policies in other languages: pinned by
//! version and digest, kept in `target/toolchains`, never installed elsewhere.

pub(crate) mod go;
pub(crate) mod python;
pub(crate) mod zig;
