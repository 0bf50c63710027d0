//! `cargo xtask oracle`: the long form of comparisons with other tools, which
//! need more of them, and more time, than the tests that are always run.

use crate::toolchains::go;
use crate::{process, workspace};

/// What is compared.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Oracle {
    /// What is read of programs of Go, in every release that is pinned, built
    /// and linked in every way, with what Go's own tools say
    Go,
}

/// Compares.
///
/// # Errors
/// A tool can't be had, or says something else.
pub(crate) fn run(oracle: Oracle) -> anyhow::Result<()> {
    let mut test = workspace::cargo("test");
    match oracle {
        Oracle::Go => {
            go::ensure_all()?;
            test.args(["--package", "casefile-collector", "--test", "go_oracle"])
                .args(["--", "--ignored", "--nocapture"]);
        }
    }
    process::run(&mut test)
}
