//! The built-in policies as the source tree has them: their folders, the
//! documentation of their rules, their cases, and their components.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context as _;
use casefile_cases::{Case, CaseError, Never};
use casefile_engine::sandbox::{NoStore, Policy, Sandbox};

/// Where components are: in the folder that CASEFILE_POLICIES names, or where
/// `cargo xtask policies` puts them.
#[must_use]
pub fn built_policies() -> PathBuf {
    env::var_os("CASEFILE_POLICIES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/policies"),
        PathBuf::from,
    )
}

/// A built-in policy: a folder of `policies/` with a manifest in it.
#[derive(Debug)]
pub struct BuiltIn {
    /// The folder's name, and the policy's id.
    pub name: String,
    folder: PathBuf,
}

impl BuiltIn {
    /// All built-in policies that have rules, by name. One without any is
    /// not written yet, as long as it has no component.
    ///
    /// # Errors
    /// The folders can't be listed.
    pub fn all() -> anyhow::Result<Vec<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
        let mut all: Vec<Self> = names(&folder)?
            .into_iter()
            .map(|name| Self {
                folder: folder.join(&name),
                name,
            })
            .filter(|policy| policy.folder.join("Cargo.toml").is_file())
            .filter(|policy| policy.folder.join("rules").is_dir() || policy.component().is_file())
            .collect();
        all.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(all)
    }

    /// Where its component is.
    #[must_use]
    pub fn component(&self) -> PathBuf {
        built_policies().join(format!("{}.wasm", self.name))
    }

    /// Loads its component.
    ///
    /// # Errors
    /// There is none, or it is no policy.
    pub fn load(&self, sandbox: &Sandbox) -> anyhow::Result<Policy> {
        let path = self.component();
        let bytes = fs::read(&path).with_context(|| {
            format!(
                "policy {}: {} can't be read: run `cargo xtask policies` first",
                self.name,
                path.display()
            )
        })?;
        sandbox
            .load(&bytes, &NoStore)
            .with_context(|| path.display().to_string())
    }

    /// Codes of the rules that are documented in `rules/CODE.md`, and the
    /// documentation.
    ///
    /// # Errors
    /// A file can't be read.
    pub fn documented(&self) -> anyhow::Result<Vec<(String, String)>> {
        let folder = self.folder.join("rules");
        let mut rules = Vec::new();
        for name in names(&folder)? {
            let path = folder.join(&name);
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let code = name.strip_suffix(".md").unwrap_or(&name).to_owned();
            rules.push((code, text));
        }
        Ok(rules)
    }

    /// Its cases, by name, read one by one.
    ///
    /// # Errors
    /// The folder can't be listed.
    pub fn cases(&self) -> Result<Vec<Result<Case, CaseError>>, CaseError> {
        let files = casefile_cases::find(&[self.folder.join("cases")])?;
        Ok(files.iter().map(|file| Case::read(&file.path)).collect())
    }

    /// The outcomes that its rules never have.
    ///
    /// # Errors
    /// What says so can't be read.
    pub fn never(&self) -> Result<Vec<Never>, CaseError> {
        Never::beside(&[self.folder.join("cases")])
    }
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let shown = || folder.display().to_string();
    fs::read_dir(folder)
        .with_context(shown)?
        .map(|entry| {
            let name = entry.with_context(shown)?.file_name();
            Ok(name.to_string_lossy().into_owned())
        })
        .collect()
}
