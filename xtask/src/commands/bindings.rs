//! `cargo xtask bindings`: generates what the kits carry of the contract. The
//! generator is a program of its own, so that nothing else waits for it.

use crate::{process, workspace};

/// Generates the bindings, or looks whether they are up to date.
///
/// # Errors
/// They can't be generated or written, or are not up to date.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let word = if check { "check" } else { "write" };
    let mut generator = workspace::cargo("run");
    generator.current_dir(workspace::root()).args([
        "--quiet",
        "--package",
        "casefile-bindings",
        "--",
        word,
    ]);
    process::run(&mut generator)
}
