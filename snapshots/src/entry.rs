//! What the index says of one item: where it came from, and what of it is
//! carried. Every item has an entry, those that could not be read too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Absence, Digest};

/// One item of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Who owns it and when it changed, where that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Stat>,
    /// What of it is carried.
    pub content: Content,
}

/// What of an item is carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type", deny_unknown_fields)]
pub enum Content {
    /// Bytes, in a member of the archive.
    Bytes {
        /// How many.
        size: u64,
        /// Their digest.
        sha256: Digest,
        /// For a log of which only the tail was taken: how many bytes come
        /// before it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skipped: Option<u64>,
        /// In how many places private values were replaced on the host: these
        /// bytes are not the file's. None where nothing was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redacted: Option<u64>,
    },
    /// A symbolic link.
    Symlink {
        /// Where it leads, as the link says it (escaped like a host path).
        target: String,
    },
    /// A directory with all of its names: what is not among them is absent.
    Directory {
        /// Sorted; `.` and `..` left out; escaped like a host path.
        names: Vec<String>,
    },
    /// Nothing, and why.
    Missing(Absence),
}

/// stat(2) and the extended attributes of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stat {
    /// `st_mode`: type and permissions, in octal: `100644`.
    #[serde(with = "octal")]
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Size on the host in bytes; 0 for files of /proc.
    pub size: u64,
    /// Last change of the content, nanoseconds since 1970-01-01 UTC.
    pub mtime_ns: i64,
    /// Last change of the inode, nanoseconds since 1970-01-01 UTC.
    pub ctime_ns: i64,
    /// Device that holds it: with `inode` the loader tells files apart.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Extended attributes, values in hexadecimal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub xattrs: BTreeMap<String, String>,
}

impl Stat {
    /// The type bits of `mode` (S_IFMT).
    #[must_use]
    pub const fn file_type(&self) -> u32 {
        self.mode & 0o170_000
    }

    /// The permission bits with set-id and sticky bits.
    #[must_use]
    pub const fn permissions(&self) -> u32 {
        self.mode & 0o7777
    }

    /// Whether it is a regular file.
    #[must_use]
    pub const fn is_regular(&self) -> bool {
        self.file_type() == 0o100_000
    }

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_directory(&self) -> bool {
        self.file_type() == 0o040_000
    }
}

mod octal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(mode: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{mode:06o}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(D::Error::custom("a mode is six octal digits"));
        }
        u32::from_str_radix(&text, 8).map_err(D::Error::custom)
    }
}
