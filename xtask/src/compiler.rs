//! What the Rust compiler says of itself: its host, its system root, and for
//! which targets it has a standard library.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{process, workspace};

/// The compiler that cargo uses.
pub(crate) fn in_use() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// Everything that a compiler says that it is.
///
/// # Errors
/// It can't be run.
pub(crate) fn about(rustc: &OsStr) -> anyhow::Result<String> {
    process::output(workspace::program(rustc).arg("-vV"))
}

/// A line of [`about`]: `host`, `commit-hash`.
///
/// # Errors
/// There is no such line.
pub(crate) fn detail<'a>(about: &'a str, name: &str) -> anyhow::Result<&'a str> {
    about
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .with_context(|| format!("the Rust compiler does not say its {name}"))
}

/// Where a compiler has its libraries.
///
/// # Errors
/// It can't be run.
pub(crate) fn sysroot(rustc: &OsStr) -> anyhow::Result<PathBuf> {
    let mut command = workspace::program(rustc);
    let folder = process::output(command.args(["--print", "sysroot"]))?;
    Ok(Path::new(folder.trim()).to_owned())
}

/// Whether a compiler has a target's standard library.
///
/// # Errors
/// It can't be run.
pub(crate) fn has_target(rustc: &OsStr, target: &str) -> anyhow::Result<bool> {
    let mut command = workspace::program(rustc);
    command.args(["--print", "target-libdir", "--target", target]);
    let folder = process::output(&mut command)?;
    let Ok(files) = fs::read_dir(folder.trim()) else {
        return Ok(false);
    };
    Ok(files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    }))
}

/// Flags by which no path of this machine gets into what is built, so that
/// it is the same on every machine with the same compiler.
///
/// # Errors
/// The folders of packages' sources can't be listed.
pub(crate) fn without_local_paths() -> anyhow::Result<Vec<String>> {
    let mut flags = registries_mapped()?;
    let root = workspace::root();
    flags.push(format!("--remap-path-prefix={}=/casefile", root.display()));
    Ok(flags)
}

/// Of [`without_local_paths`], those for packages of registries.
///
/// # Errors
/// The folders of packages' sources can't be listed.
pub(crate) fn registries_mapped() -> anyhow::Result<Vec<String>> {
    let folders = workspace::registry_sources()?;
    Ok(folders
        .iter()
        .map(|folder| format!("--remap-path-prefix={}=/rust/deps", folder.display()))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn details_stand_behind_their_names() {
        let about = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\n\
                     commit-hash: 59807616e1fa\nhost: x86_64-unknown-linux-gnu\n";
        assert_eq!(detail(about, "host").unwrap(), "x86_64-unknown-linux-gnu");
        assert_eq!(detail(about, "commit-hash").unwrap(), "59807616e1fa");
        assert!(detail(about, "commit").is_err());
    }

    #[test]
    fn the_compiler_in_use_has_its_host_and_no_invented_target() {
        let rustc = in_use();
        let about = about(&rustc).unwrap();
        assert!(has_target(&rustc, detail(&about, "host").unwrap()).unwrap());
        assert!(has_target(&rustc, "invented-unknown-none").is_err());
    }
}
