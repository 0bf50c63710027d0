//! The name of one item of evidence: what kind it is, and the path on the
//! host that it mirrors. Keys order the index and name the archive's members.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{HostPath, HostPathError};

/// In which form a path's evidence is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The bytes as they were, a link, or a directory's names.
    Raw,
    /// [`crate::extract::elf`]: what the loader needs of an ELF file.
    Elf,
    /// [`crate::extract::environment`]: a process's variables, values hidden.
    Environment,
    /// [`crate::extract::descriptors`]: counts of a process's open files.
    Descriptors,
    /// [`crate::extract::go`]: what a program of Go says of itself.
    Go,
    /// [`crate::extract::mappings`]: how many mappings a process has.
    Mappings,
    /// [`crate::extract::sockets`]: sockets of a protocol.
    Sockets,
    /// [`crate::extract::space`]: room in a file system.
    Space,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Raw,
        Self::Elf,
        Self::Environment,
        Self::Descriptors,
        Self::Go,
        Self::Mappings,
        Self::Sockets,
        Self::Space,
    ];

    /// Its name, wherever people meet it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Elf => "elf",
            Self::Environment => "environment",
            Self::Descriptors => "descriptors",
            Self::Go => "go",
            Self::Mappings => "mappings",
            Self::Sockets => "sockets",
            Self::Space => "space",
        }
    }

    /// The folder of the archive that holds members of this kind.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Raw => "host",
            Self::Elf => "extract/elf",
            Self::Environment => "extract/environment",
            Self::Descriptors => "extract/descriptors",
            Self::Go => "extract/go",
            Self::Mappings => "extract/mappings",
            Self::Sockets => "extract/sockets",
            Self::Space => "extract/space",
        }
    }
}

/// What an item of evidence is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceKey {
    /// In which form it is carried.
    pub kind: Kind,
    /// The path on the host.
    pub path: HostPath,
}

impl EvidenceKey {
    /// A key from its parts.
    #[must_use]
    pub const fn new(kind: Kind, path: HostPath) -> Self {
        Self { kind, path }
    }

    /// The key of raw evidence at a path.
    ///
    /// # Errors
    /// The text is no normalised host path.
    pub fn raw(path: &str) -> Result<Self, HostPathError> {
        Ok(Self::new(Kind::Raw, HostPath::new(path)?))
    }

    /// The name of its member in the archive: `host/etc/os-release`.
    #[must_use]
    pub fn member(&self) -> String {
        format!("{}{}", self.kind.folder(), self.path)
    }
}

impl fmt::Display for EvidenceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Raw => self.path.fmt(formatter),
            kind => write!(formatter, "{} ({})", self.path, kind.name()),
        }
    }
}
