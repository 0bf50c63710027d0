//! Makes sure of a C compiler for wasm32: zig, which carries clang and a C
//! library for it. Build scripts find it as programs `cc` and `ar`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::python::Environment;
use crate::{content, workspace};

/// Where zig is pinned.
const REQUIREMENTS: &str = "policies/sdk/c/toolchain/requirements.txt";

/// A zig that is installed.
pub(crate) struct Zig {
    program: PathBuf,
    /// Which one; others give other bytes.
    pub(crate) identity: String,
}

impl Zig {
    /// Makes sure of it.
    ///
    /// # Errors
    /// It can't be had.
    pub(crate) fn ensure() -> anyhow::Result<Self> {
        let environment = Environment::ensure("zig", Path::new(REQUIREMENTS))?;
        Ok(Self {
            program: environment.package("ziglang")?.join("zig"),
            identity: environment.identity,
        })
    }

    /// The program.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// Lets the build scripts of cargo's packages compile C for
    /// wasm32-unknown-unknown with it. zig does not know that name of a
    /// target, so nothing but these flags may reach it.
    ///
    /// # Errors
    /// The programs that call it can't be written.
    pub(crate) fn apply(&self, cargo: &mut Command, flags: &str) -> anyhow::Result<()> {
        const TARGET: &str = "wasm32_unknown_unknown";
        let caches = workspace::target().join("toolchains/zig-cache");
        cargo
            .env("CRATE_CC_NO_DEFAULTS", "1")
            .env(format!("CC_{TARGET}"), self.caller("cc")?)
            .env(format!("AR_{TARGET}"), self.caller("ar")?)
            .env(
                format!("CFLAGS_{TARGET}"),
                format!("-target wasm32-freestanding {flags}"),
            )
            .env("ZIG_GLOBAL_CACHE_DIR", &caches)
            .env("ZIG_LOCAL_CACHE_DIR", &caches);
        Ok(())
    }

    /// A program that calls one of zig's by a name without arguments.
    fn caller(&self, name: &str) -> anyhow::Result<PathBuf> {
        let target = workspace::target();
        let path = target.join("toolchains").join(format!("zig-{name}"));
        let zig = self
            .program
            .to_str()
            .context("the path of the checkout is no UTF-8")?
            .replace('\'', r"'\''");
        let text = format!("#!/bin/sh\nexec '{zig}' {name} \"$@\"\n");
        content::write_changed(&path, text.as_bytes(), 0o755, &target.join("xtask"))?;
        Ok(path)
    }
}
