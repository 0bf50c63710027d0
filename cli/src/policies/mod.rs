//! Which policies to judge by: the built-in pack, packs, or components. Each
//! is loaded with where it came from and who has signed it.

mod loaded;
mod trust;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_engine::sandbox::{Policy, Sandbox};
use casefile_pack::limits;
use casefile_snapshot::archive::is_archive;

use crate::embedded::BUILT_IN;
use crate::terminal::Terminal;
use crate::{cache, input, scripts};

use loaded::Loader;
pub(crate) use loaded::{Loaded, add_parameters, imports};
pub(crate) use trust::{
    Signer, TrustArguments, TrustedKeyArguments, read_signature, signature_path,
};

/// Which policies a command is about, as its command line says.
#[derive(clap::Args)]
pub(crate) struct PolicyArguments {
    /// A policy, a pack of policies, or a folder with them; the built-in pack
    /// where none is given
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) trust: TrustArguments,
}

impl PolicyArguments {
    /// Loads them.
    ///
    /// # Errors
    /// A file can't be read, is no policy and no pack, or is not signed as it
    /// has to be.
    pub(crate) fn load(
        &self,
        sandbox: &Sandbox,
        terminal: &Terminal,
    ) -> anyhow::Result<Vec<Loaded>> {
        load(sandbox, &self.policies, &self.trust, terminal)
    }
}

/// Loads the policies at these paths; the built-in pack where there are none.
pub(crate) fn load(
    sandbox: &Sandbox,
    paths: &[PathBuf],
    trust: &TrustArguments,
    terminal: &Terminal,
) -> anyhow::Result<Vec<Loaded>> {
    let trust = trust.read(!paths.is_empty())?;
    let store = cache::open(terminal)?;
    let loader = Loader {
        sandbox,
        store: store.as_ref(),
        terminal,
    };
    let mut loaded = Vec::new();
    if paths.is_empty() {
        for (name, bytes) in BUILT_IN {
            loaded.push(loader.built_in(name, bytes)?);
        }
    }
    for path in files(paths)? {
        let bytes = read(&path)?;
        let signer = trust.signer(&path, &bytes)?;
        if is_archive(&bytes) {
            loaded.extend(loader.pack(&path, &bytes, signer.as_ref())?);
        } else {
            // What is signed is the script; what runs it is ours.
            let component = scripts::component(&path, bytes)
                .with_context(|| format!("policy {}", path.display()))?;
            loaded.push(loader.file(&path, &component, signer)?);
        }
    }
    terminal.progress_done();
    Ok(loaded)
}

/// Loads a policy, or those of a pack, to look at it: nobody needs to have
/// signed it.
pub(crate) fn under_test(
    sandbox: &Sandbox,
    path: &Path,
    terminal: &Terminal,
) -> anyhow::Result<Vec<Policy>> {
    let trust = TrustArguments::default();
    let loaded = load(sandbox, &[path.to_owned()], &trust, terminal)?;
    Ok(loaded.into_iter().map(|one| one.policy).collect())
}

/// Files as they are; of folders, the components, packs and scripts in them, sorted.
pub(crate) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
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
            let extension = file.extension();
            extension.is_some_and(|end| end == "wasm" || end == "casepack")
                || scripts::is_script(file)
        });
        if found.is_empty() {
            bail!("{shown}: no policies (*.wasm, *.casepack, *.js, *.rego) in this folder");
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Reads the component of a policy: a script with what runs it.
pub(crate) fn read_component(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = read(path)?;
    scripts::component(path, bytes).with_context(|| format!("policy {}", path.display()))
}

/// Reads a policy's file, or a pack's.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    input::bytes(path, limits::POLICY_BYTES).with_context(|| format!("policy {}", path.display()))
}
