//! What the databases of package systems say of the packages that are
//! installed: dpkg's, rpm's and apk's, each read from its bytes. How the
//! versions of each system compare, which differ where it matters; and how
//! tools that speak HTTP, and their libraries of TLS, are known.
//!
//! No I/O, no knowledge of any host. Everything is bounded by the size of what
//! is read.

pub mod apk;
pub mod dpkg;
mod lines;
mod package;
pub mod rpm;
mod sqlite;
pub mod tools;
mod version;

pub use package::{PACKAGES, Package, PackageError, Status};
pub use sqlite::SqliteError;
pub use version::{Parts, compare, split};

/// Bytes of a name, a version, or another text of a package.
pub const TEXT_BYTES: usize = 1024;

/// A package system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// Debian, Ubuntu.
    Dpkg,
    /// Red Hat, Fedora, SUSE.
    Rpm,
    /// Alpine.
    Apk,
}
