//! What a database says of one package, in the words that all systems share.

use crate::{Parts, System, split};

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name, without the architecture.
    pub name: String,
    /// Its version as the system's tools print it: `1:2.0-3`. What is no
    /// version to the system is here as well.
    pub version: String,
    /// As the system calls it: `amd64`, `x86_64`, `all`; none where the
    /// database says nothing (keys among rpm's packages).
    pub architecture: Option<String>,
    /// Whether its files are there.
    pub status: Status,
    /// The source package that it was built from, where the database names
    /// it: rpm's and apk's without a version, dpkg's only where it is another
    /// than the package itself.
    pub source: Option<String>,
    /// The version of the source package, where it is another than that of
    /// the package (dpkg).
    pub source_version: Option<String>,
}

/// How far a package is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its files are there, and it was configured.
    Installed,
    /// It was begun and not finished: dpkg's half-installed, unpacked,
    /// half-configured; apk's broken packages. Its files may be there.
    Unfinished,
    /// It was removed; files of its configuration are left (dpkg).
    Removed,
}

impl Package {
    /// The parts of the version; none where it is none to the system.
    #[must_use]
    pub fn parts(&self, system: System) -> Option<Parts<'_>> {
        split(system, &self.version)
    }
}

/// A database can't be read as one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// A line of a text is not what it should be.
    #[error("line {line}: {problem}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// rpm's database is no sound SQLite database.
    #[error(transparent)]
    Sqlite(#[from] crate::SqliteError),
    /// What rpm's database has of a package is damaged.
    #[error("package {number}: {problem}")]
    Header {
        /// Its number in the database.
        number: i64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A format that is not read.
    #[error("{0}")]
    Unsupported(&'static str),
    /// There are too many.
    #[error("more than {PACKAGES} packages")]
    TooMany,
}

/// Packages that are read; large systems have ten thousand.
pub const PACKAGES: usize = 200_000;

/// A name or another text as the database has it, escaped as
/// [`casefile_snapshot::escape`] does.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    let sound = !bytes.is_empty() && bytes.len() <= crate::TEXT_BYTES;
    sound.then(|| casefile_snapshot::escape(bytes))
}
