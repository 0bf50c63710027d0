//! `cargo xtask bench`: the benches, with the policies that they judge by.

use std::ffi::OsString;

use crate::{process, workspace};

use super::policies;

/// Runs them.
///
/// # Errors
/// The policies can't be built, or a bench fails.
pub(crate) fn run(arguments: &[OsString]) -> anyhow::Result<()> {
    policies::run()?;
    let mut bench = workspace::cargo("bench");
    process::run(bench.args(["-p", "casefile-tests"]).args(arguments))
}
