//! Where the folders of the checkout are, and cargo as it is called in them.
//! A cargo that runs inside of `cargo run` must not see what that one set.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

/// Set by `cargo run` for the program that it runs. Some build scripts watch
/// these: with them, crates would be built again after each change of caller.
const SET_BY_CARGO: [&str; 6] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
];

/// The folder of the checkout.
pub(crate) fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().unwrap_or(Path::new(".")).to_owned()
}

/// The folder of everything that is built, wherever cargo puts its own.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The built-in policies as components; `cli/build.rs` embeds them.
pub(crate) fn built_policies() -> PathBuf {
    target().join("policies")
}

/// The Cargo workspace of the policies.
pub(crate) fn policies() -> PathBuf {
    root().join("policies")
}

/// A program as it would run outside of `cargo run`, in the checkout.
pub(crate) fn program(name: impl Into<OsString>) -> Command {
    let mut command = Command::new(name.into());
    command.current_dir(root());
    for name in SET_BY_CARGO {
        command.env_remove(name);
    }
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    match library_path() {
        Some(path) => command.env("LD_LIBRARY_PATH", path),
        None => command.env_remove("LD_LIBRARY_PATH"),
    };
    command
}

/// Cargo, in the checkout.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = program("cargo");
    command.arg(subcommand);
    command
}

/// LD_LIBRARY_PATH without the folders that `cargo run` puts into it: those
/// of the build, and the compiler's.
fn library_path() -> Option<OsString> {
    let path = env::var_os("LD_LIBRARY_PATH")?;
    let toolchains = env::var_os("RUSTUP_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME")?;
        Some(Path::new(&home).join(".rustup"))
    });
    let program = env::current_exe().ok();
    let built = program.as_deref().and_then(Path::parent);
    let rest: Vec<PathBuf> = env::split_paths(&path)
        .filter(|folder| {
            let of_cargo = [built, toolchains.as_deref()]
                .into_iter()
                .flatten()
                .any(|start| folder.starts_with(start));
            !of_cargo && !folder.as_os_str().is_empty()
        })
        .collect();
    if rest.is_empty() {
        return None;
    }
    env::join_paths(rest).ok()
}

/// The folders of packages' sources in cargo's home, one for each registry.
///
/// # Errors
/// There is one, and it can't be listed.
pub(crate) fn registry_sources() -> anyhow::Result<Vec<PathBuf>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME")?;
        Some(Path::new(&home).join(".cargo"))
    });
    let Some(folder) = home.map(|home| home.join("registry/src")) else {
        return Ok(Vec::new());
    };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let shown = folder.display();
    let mut sources = fs::read_dir(&folder)
        .with_context(|| format!("{shown}: can't be listed"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("{shown}: can't be listed"))?;
    sources.sort();
    Ok(sources)
}
