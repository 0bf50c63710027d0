//! Packs of policies: one file that carries components, values of their
//! parameters, data files and documentation, its signature beside it, and
//! its way through registries of container images. Nothing here runs a
//! policy: what a component says of itself is given by the caller.

mod build;
mod file_name;
pub mod limits;
mod manifest;
pub mod oci;
mod read;
pub mod signature;

pub use build::{BuildError, PackBuilder, PolicyFile};
pub use file_name::{FileName, FileNameError};
pub use manifest::{
    FORMAT, FormatVersion, MANIFEST, Manifest, Member, MemberKind, OLDEST_READER, PolicyEntry,
};
pub use read::{Pack, PackError, read_pack};
