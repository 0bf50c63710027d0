//! Captures the evidence of a Linux host, or of an image of one, into a
//! snapshot. Reads, and changes nothing; runs no program; never waits for
//! what may not answer.

mod capture;
mod content;
mod mounts;
mod root;
mod worker;

pub use capture::{Capture, Opened};
pub use root::RootError;
