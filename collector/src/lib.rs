//! Captures the evidence of a Linux host, or of an image of one, into a
//! snapshot. Reads, and changes nothing; runs no program; never waits for
//! what may not answer.

mod accounts;
mod capture;
mod cgroups;
mod content;
mod descriptors;
pub mod elf;
mod environment;
mod folders;
pub mod go;
mod hidden;
mod host;
mod identity;
mod libraries;
mod loader_configuration;
mod logs;
mod lookups;
mod mappings;
mod mounts;
mod options;
pub mod output;
mod packages;
mod plan;
mod processes;
mod programs;
mod root;
mod sockets;
mod space;
mod summary;
mod sysctls;
mod tools;
mod trust;
mod units;
mod view;
mod worker;

pub use capture::{Capture, Opened, Reduced};
pub use options::Options;
pub use plan::{CaptureError, capture};
pub use root::RootError;
pub use summary::Summary;
