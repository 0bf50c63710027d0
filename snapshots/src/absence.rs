//! Why the content of an item is not here.
//! Absent for certain and not known are different things, and a rule must
//! never take one for the other.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is known of evidence that a snapshot does not carry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", deny_unknown_fields)]
pub enum Absence {
    /// The collector looked, and the kernel said that there is none (ENOENT).
    Absent,
    /// It can't be said whether there is one, or what it holds.
    Unknown {
        /// Why not.
        reason: UnknownReason,
        /// The error or limit in words; empty where there is nothing to add.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        detail: String,
    },
}

impl Absence {
    /// Unknown for a reason, with nothing to add.
    #[must_use]
    pub const fn unknown(reason: UnknownReason) -> Self {
        Self::Unknown {
            reason,
            detail: String::new(),
        }
    }

    /// Unknown for a reason, with the error or limit in words.
    #[must_use]
    pub fn because(reason: UnknownReason, detail: impl Into<String>) -> Self {
        Self::Unknown {
            reason,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => formatter.write_str("absent"),
            Self::Unknown { reason, detail } if detail.is_empty() => reason.fmt(formatter),
            Self::Unknown { reason, detail } => write!(formatter, "{reason}: {detail}"),
        }
    }
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownReason {
    /// The kernel refused (EACCES, EPERM).
    Denied,
    /// Reading took longer than the collector waits.
    TimedOut,
    /// Larger than the collector takes.
    TooLarge,
    /// Hidden on the host before it was written.
    Redacted,
    /// The collector did not look for it.
    NotCollected,
    /// Reading failed for another reason (EIO, ELOOP, ENOTDIR ...).
    Unreadable,
    /// It was there and then was not: a process that ended meanwhile.
    Vanished,
    /// Not a regular file: a FIFO, a socket, a device.
    NotRegular,
    /// It was read, and is not what it should be.
    Malformed,
    /// Only a running kernel has it, and the snapshot is of an image.
    NeedsRunningKernel,
}

impl UnknownReason {
    /// The reason as reports and the index write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::TimedOut => "timed-out",
            Self::TooLarge => "too-large",
            Self::Redacted => "redacted",
            Self::NotCollected => "not-collected",
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished",
            Self::NotRegular => "not-regular",
            Self::Malformed => "malformed",
            Self::NeedsRunningKernel => "needs-running-kernel",
        }
    }
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
