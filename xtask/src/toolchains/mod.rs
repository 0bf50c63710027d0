//! Makes sure of tools that build policies in other languages: pinned by
//! version and digest, kept in `target/toolchains`, never installed elsewhere.

pub(crate) mod go;
mod node;
pub(crate) mod python;
pub(crate) mod zig;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use self::node::Node;
use self::python::Environment;
use self::zig::Zig;
use casefile_authoring::language::Language;

/// Tools that were made sure of, as a command finds them.
#[derive(Default)]
pub(crate) struct Tools {
    /// Folders that come first on the search path.
    folders: Vec<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
}

impl Tools {
    /// Makes sure of the tools of languages.
    ///
    /// # Errors
    /// One can't be had.
    pub(crate) fn ensure(languages: &[Language]) -> anyhow::Result<Self> {
        let mut tools = Self::default();
        for language in languages {
            tools.add(*language)?;
        }
        Ok(tools)
    }

    fn add(&mut self, language: Language) -> anyhow::Result<()> {
        match language {
            // cargo is here, and the others need nothing.
            Language::Rust | Language::Js | Language::Rego => {}
            Language::Go => {
                let go = environment("go")?;
                let program = go.program("go");
                let folder = program.parent().context("go has no folder")?;
                self.folders.push(folder.to_owned());
                // No other Go is fetched.
                self.variables.push(("GOTOOLCHAIN", "local".into()));
            }
            Language::Python => {
                let program = environment("python")?.program("componentize-py");
                let folder = program.parent().context("the tool has no folder")?;
                self.variables
                    .push(("CASEFILE_PYTHON_TOOLS", folder.into()));
            }
            Language::C => {
                let mut compiler = Zig::ensure()?.program().as_os_str().to_owned();
                compiler.push(" cc");
                self.variables.push(("CASEFILE_CC", compiler));
            }
            Language::Ts => self.folders.push(Node::ensure()?.programs()),
        }
        Ok(())
    }

    /// Lets a command find them.
    ///
    /// # Errors
    /// The search path can't hold their folders.
    pub(crate) fn apply(&self, command: &mut Command) -> anyhow::Result<()> {
        let before = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned();
        let path = env::join_paths(folders.chain(env::split_paths(&before)))?;
        command
            .env("PATH", path)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        Ok(())
    }
}

fn environment(language: &str) -> anyhow::Result<Environment> {
    let pinned = Path::new("policies/sdk").join(language);
    Environment::ensure(language, &pinned.join("toolchain/requirements.txt"))
}
