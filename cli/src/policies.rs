//! Which policies to judge by: the built-in pack, or files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_engine::sandbox::{Policy, Sandbox};

use crate::terminal::Terminal;
use crate::{cache, input, scripts};

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// A component is never larger: those with an interpreter inside have 20 MiB.
const POLICY_BYTES: u64 = 128 << 20;

/// Which policies a command is about, as its command line says.
#[derive(clap::Args)]
pub(crate) struct PolicyArguments {
    /// A policy, or a folder with policies; the built-in pack where none is
    /// given
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
}

impl PolicyArguments {
    /// Loads them.
    ///
    /// # Errors
    /// A file can't be read, or is no policy.
    pub(crate) fn load(
        &self,
        sandbox: &Sandbox,
        terminal: &Terminal,
    ) -> anyhow::Result<Vec<Policy>> {
        load(sandbox, &self.policies, terminal)
    }
}

/// Loads the policies at these paths; the built-in pack where there are none.
pub(crate) fn load(
    sandbox: &Sandbox,
    paths: &[PathBuf],
    terminal: &Terminal,
) -> anyhow::Result<Vec<Policy>> {
    let store = cache::open(terminal)?;
    let load = |name: &str, bytes: &[u8]| {
        terminal.progress(&format!("loading policy {name}"));
        sandbox
            .load(bytes, store.as_ref())
            .with_context(|| format!("policy {name}"))
    };
    let policies = if paths.is_empty() {
        BUILT_IN
            .iter()
            .map(|(name, bytes)| load(name, bytes))
            .collect::<anyhow::Result<Vec<_>>>()
    } else {
        let mut policies = Vec::new();
        for path in files(paths)? {
            let name = path.display().to_string();
            let component = scripts::component(&path, read(&path)?)
                .with_context(|| format!("policy {name}"))?;
            policies.push(load(&name, &component)?);
        }
        Ok(policies)
    };
    terminal.progress_done();
    policies
}

/// Files as they are; of folders, the components and scripts in them, sorted.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let shown = path.display();
        let mut found = fs::read_dir(path)
            .with_context(|| format!("{shown}: can't be listed"))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("{shown}: can't be listed"))?;
        found.retain(|file| {
            file.extension()
                .is_some_and(|extension| extension == "wasm")
                || scripts::is_script(file)
        });
        if found.is_empty() {
            bail!("{shown}: no policies (*.wasm, *.js) in this folder");
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    input::bytes(path, POLICY_BYTES).with_context(|| format!("policy {}", path.display()))
}
