//! Evidence of one Linux host, and the file that carries it.
//! Everything that Casefile knows of a host passes through a [`Snapshot`]:
//! captured in memory for a live check, or read from a file for a saved one.

mod absence;
pub mod archive;
mod digest;
mod entry;
pub mod extract;
mod host_path;
mod json;
mod kernel_message;
mod key;
pub mod limits;
mod lookup;
mod manifest;
mod member;
mod memo;
mod read;
mod seal;
mod snapshot;
mod write;

pub use absence::{Absence, UnknownReason};
pub use digest::Digest;
pub use entry::{Content, Entry, Stat};
pub use host_path::{HostPath, HostPathError, escape, escaped, plain_names, unescape};
pub use json::json_error;
pub use kernel_message::KernelMessage;
pub use key::{EvidenceKey, Kind};
pub use lookup::{Found, NotFound};
pub use manifest::{
    Asked, Clock, Collector, FORMAT, FormatVersion, HostIdentity, IndexSummary, Manifest,
    OLDEST_READER, Program, Source, Tool,
};
pub use memo::Memo;
pub use read::{ReadError, read_snapshot};
pub use snapshot::{BuildError, EvidenceId, Snapshot, SnapshotBuilder};
pub use write::write_snapshot;
