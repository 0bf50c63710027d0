//! Makes sure of a Rust compiler for wasm32: one that is there, else the
//! target by rustup, else the distribution's compiler in the cache folder.

mod debian;
mod packages;
mod rustup;
mod standard_library;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::apt;
use crate::compiler::{self, has_target, in_use};

/// The target of the policies: it has no system interface, so that a
/// component of it imports the contract alone.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Names a compiler that has the target.
const VARIABLE: &str = "CASEFILE_WASM_RUSTC";

/// A compiler with the target's standard library.
pub(crate) struct Toolchain {
    /// Which compiler; the one in use where it is none.
    rustc: Option<PathBuf>,
    /// What it says that it is; other compilers give other bytes.
    pub(crate) identity: String,
}

/// A version of Rust: 1.85.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32);

impl Version {
    /// The first two numbers of `1.85`, `1.85.0` or `1.85.0+dfsg3-1`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text
            .split(|letter: char| !letter.is_ascii_digit())
            .map(|number| number.parse().ok());
        Some(Self(numbers.next()??, numbers.next()??))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

impl Toolchain {
    /// Makes sure of one of this version at least.
    ///
    /// # Errors
    /// There is none, and none can be had; the error says what to install.
    pub(crate) fn ensure(oldest: Version) -> anyhow::Result<Self> {
        if let Some(named) = env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
            if !has_target(&named, TARGET)? {
                let shown = Path::new(&named).display();
                bail!("{shown}, which {VARIABLE} names, has no {TARGET} target");
            }
            return Self::of(Some(named.into()));
        }
        if has_target(&in_use(), TARGET)? {
            return Self::of(None);
        }
        let made_before = debian::Cache::of_user().map(|cache| cache.up_to_date(oldest));
        if let Some(rustc) = made_before.transpose()?.flatten() {
            return Self::of(Some(rustc));
        }
        if rustup::add_target()? && has_target(&in_use(), TARGET)? {
            return Self::of(None);
        }
        if apt::is_here() {
            let Some(cache) = debian::Cache::of_user() else {
                bail!("neither XDG_CACHE_HOME nor HOME names a folder for the wasm32 compiler");
            };
            let rustc = cache
                .make(oldest)
                .context("a compiler for wasm32 of this distribution's packages")
                .with_context(advice)?;
            return Self::of(Some(rustc));
        }
        bail!(advice());
    }

    fn of(rustc: Option<PathBuf>) -> anyhow::Result<Self> {
        let name = rustc.clone().map_or_else(in_use, PathBuf::into_os_string);
        let identity = compiler::about(&name)?;
        Ok(Self { rustc, identity })
    }

    /// Which release of Rust it is, for messages: `rustc 1.96.0`.
    pub(crate) fn name(&self) -> String {
        let line = self.identity.lines().next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().take(2).collect();
        words.join(" ")
    }

    /// Its version, where it says one.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::parse(self.identity.strip_prefix("rustc ")?)
    }

    /// Lets cargo use it.
    pub(crate) fn apply(&self, cargo: &mut Command) {
        if let Some(rustc) = &self.rustc {
            cargo.env("RUSTC", rustc);
        }
    }
}

/// What to do where everything failed.
fn advice() -> String {
    format!(
        "there is no Rust compiler for wasm32: run `rustup target add {TARGET}`, or install \
         your distribution's package of that target, or name a compiler that has it by {VARIABLE}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text| Version::parse(text);
        assert_eq!(version("1.96.0+dfsg1-1~deb12u2"), Some(Version(1, 96)));
        assert_eq!(version("1.85"), Some(Version(1, 85)));
        assert!(version("1.100.0") > version("1.96.0"));
        assert!(version("1.63.0+dfsg1-2") < version("1.85"));
        assert_eq!(version("unknown"), None);
        assert_eq!(version("1"), None);
    }
}
