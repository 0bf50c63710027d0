//! The first member of a snapshot: which format, which tool, which host, when,
//! and what was asked for. It seals the index by its digest.

use serde::{Deserialize, Serialize};

use crate::{Digest, HostPath};

/// The format that this crate writes and reads. History: 1, 2026, the first.
pub const FORMAT: FormatVersion = FormatVersion(1);

/// The oldest Casefile that reads [`FORMAT`].
pub const OLDEST_READER: &str = "0.1.0";

/// Version of the snapshot format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormatVersion(pub u32);

impl std::fmt::Display for FormatVersion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format.
    pub format: FormatVersion,
    /// The oldest Casefile that reads this format; a reader that does not
    /// know the format tells its user.
    pub reader: String,
    /// What wrote the snapshot.
    pub tool: Tool,
    /// When it was taken.
    pub clock: Clock,
    /// Of which host.
    pub host: HostIdentity,
    /// A running host, or a tree of files.
    pub source: Source,
    /// What the user asked for.
    pub asked: Asked,
    /// With which rights it was taken.
    pub collector: Collector,
    /// Programs that bear on the host, sorted by path.
    pub programs: Vec<Program>,
    /// The index that follows.
    pub index: IndexSummary,
}

impl Manifest {
    /// A manifest of this format, in which nothing was asked for and nothing
    /// is known of the host. The index is summed up when the evidence is
    /// sealed ([`crate::SnapshotBuilder::finish`]).
    #[must_use]
    pub fn new(tool: Tool, clock: Clock, source: Source) -> Self {
        Self {
            format: FORMAT,
            reader: OLDEST_READER.to_owned(),
            tool,
            clock,
            host: HostIdentity::default(),
            source,
            asked: Asked::default(),
            collector: Collector::default(),
            programs: Vec::new(),
            index: IndexSummary {
                entries: 0,
                content_bytes: 0,
                bytes: 0,
                sha256: Digest::of(b""),
            },
        }
    }
}

/// What wrote the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `casefile-collect`, `casefile`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The host's clocks when the capture began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// CLOCK_REALTIME, nanoseconds since 1970-01-01 UTC.
    pub realtime_ns: i64,
    /// CLOCK_BOOTTIME, nanoseconds since the boot; none for an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boottime_ns: Option<i64>,
}

/// Which host it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostIdentity {
    /// Its name; empty where unknown.
    pub hostname: String,
    /// `uname -r`; empty for an image.
    pub kernel: String,
    /// `uname -m` of the running kernel, or of the image's own programs;
    /// empty where unknown.
    pub architecture: String,
    /// boot_id of the running kernel; empty for an image.
    pub boot_id: String,
    /// The digest of /etc/machine-id with a salt of ours, since
    /// machine-id(5) asks not to show the id itself; empty where there is none.
    pub machine: String,
}

/// Where evidence was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The running host.
    Live,
    /// A tree of files (`--root`).
    Image,
}

/// What the user asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `--binary`, in order.
    pub binaries: Vec<HostPath>,
}

/// With which rights the collector ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collector {
    /// Effective user id.
    pub uid: u32,
    /// Effective capabilities as a bit set.
    pub capabilities: u64,
}

/// A program that bears on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its path, links resolved.
    pub path: HostPath,
    /// Why it was taken: `named`, `pid N`, `unit NAME`, or `optional unit
    /// NAME` where the unit may start without it. Sorted.
    pub origins: Vec<String>,
}

/// The size and digest of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexSummary {
    /// Items.
    pub entries: u64,
    /// Bytes of all items together.
    pub content_bytes: u64,
    /// Bytes of the index itself.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}
