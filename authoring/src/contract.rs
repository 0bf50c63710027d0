//! The contract as text and as a world, for tools that bind to it. The files
//! of `wit/` are inside the program, so that no checkout is needed.

use include_dir::{Dir, include_dir};
use wit_parser::{PackageId, Resolve, SourceMap, WorldId};

/// The newest version.
pub const VERSION: &str = "0.2.0";

/// The package, without its version.
pub const PACKAGE: &str = "casefile:policy";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../wit/0.2.0");

/// The contract can't be read: it is damaged in the source tree.
#[derive(Debug, thiserror::Error)]
#[error("the contract {PACKAGE}@{VERSION} can't be read: {0}")]
pub struct ContractError(String);

/// The files of the contract: names and texts, sorted by name.
#[must_use]
pub fn files() -> Vec<(&'static str, &'static str)> {
    let mut files: Vec<_> = FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
        .collect();
    files.sort_unstable();
    files
}

/// The package, resolved.
///
/// # Errors
/// The contract is damaged.
pub fn package() -> Result<(Resolve, PackageId), ContractError> {
    let wrong = ContractError;
    let mut sources = SourceMap::new();
    for (name, text) in files() {
        sources.push_str(name, text);
    }
    let mut resolve = Resolve::default();
    let group = sources
        .parse()
        .map_err(|(_, error)| wrong(error.to_string()))?;
    let package = resolve
        .push_group(group)
        .map_err(|error| wrong(error.to_string()))?;
    Ok((resolve, package))
}

/// The world of policies.
///
/// # Errors
/// The contract is damaged.
pub fn world() -> Result<(Resolve, WorldId), ContractError> {
    let (resolve, package) = package()?;
    let world = resolve
        .select_world(&[package], Some("policy"))
        .map_err(|error| ContractError(error.to_string()))?;
    Ok((resolve, world))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn the_world_of_policies_is_there() {
        let (resolve, world) = world().unwrap();
        assert_eq!(resolve.worlds[world].exports.len(), 2);
        assert!(files().iter().any(|(name, _)| *name == "world.wit"));
    }
}
