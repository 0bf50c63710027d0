//! Policies that were loaded, and what is known of each beside itself: where
//! it came from, who has signed it, what its pack sets and carries.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use casefile_engine::judge;
use casefile_engine::sandbox::{CompiledStore, Interface, Policy, Sandbox};
use casefile_pack::{Pack, PolicyEntry, read_pack};
use casefile_snapshot::Digest;

use super::trust::Signer;
use crate::embedded::BUILT_IN;
use crate::terminal::Terminal;

/// A policy that was loaded.
pub(crate) struct Loaded {
    /// Itself.
    pub(crate) policy: Policy,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// The trusted key that has signed its file, or its pack; none where
    /// nobody has, where nobody is trusted, and for the built-in pack.
    pub(crate) signer: Option<Signer>,
    /// Parameters that its pack sets, in the text form of the command line.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Where a policy came from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// It is built in.
    BuiltIn,
    /// The file of a component.
    File(PathBuf),
    /// A file that is the same, byte for byte, as one that is built in.
    Copy(PathBuf),
    /// A pack.
    Pack(Arc<PackOrigin>),
}

/// Which pack a policy came from.
#[derive(Debug)]
pub(crate) struct PackOrigin {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its id.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// The digest of its file.
    pub(crate) digest: Digest,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => formatter.write_str("built in"),
            Self::File(path) | Self::Copy(path) => path.display().fmt(formatter),
            Self::Pack(pack) => write!(
                formatter,
                "pack {} {} ({}, sha256 {})",
                pack.id,
                pack.version,
                pack.path.display(),
                pack.digest
            ),
        }
    }
}

impl Loaded {
    /// In words, who vouches for it; none where nobody does.
    pub(crate) fn signed_by(&self) -> Option<String> {
        match (&self.origin, &self.signer) {
            (_, Some(signer)) => Some(signer.to_string()),
            (Origin::BuiltIn, None) => Some("being built in".to_owned()),
            (Origin::Copy(_), None) => Some("being the same as is built in".to_owned()),
            (Origin::File(_) | Origin::Pack(_), None) => None,
        }
    }
}

/// The engine judges by the policies themselves.
impl Borrow<Policy> for Loaded {
    fn borrow(&self) -> &Policy {
        &self.policy
    }
}

/// Adds what packs set to the parameters that the user has set, by the
/// command line or by a configuration, and which come first.
pub(crate) fn add_parameters(loaded: &[Loaded], options: &mut judge::Options) {
    for one in loaded.iter().filter(|one| !one.parameters.is_empty()) {
        let id = &one.policy.description().id;
        let configured = options.values.get(id);
        let set = one
            .parameters
            .iter()
            .filter(|(name, _)| configured.is_none_or(|values| !values.contains_key(*name)));
        let of_the_policy = options.parameters.entry(id.clone()).or_default();
        for (name, value) in set {
            of_the_policy
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
    }
}

/// Loads policies into a sandbox.
pub(super) struct Loader<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) store: &'a dyn CompiledStore,
    pub(super) terminal: &'a Terminal,
}

impl Loader<'_> {
    /// A policy of the built-in pack.
    pub(super) fn built_in(&self, name: &str, component: &[u8]) -> anyhow::Result<Loaded> {
        Ok(alone(
            self.component(name, component)?,
            Origin::BuiltIn,
            None,
        ))
    }

    /// The policy in a file.
    pub(super) fn file(
        &self,
        path: &Path,
        component: &[u8],
        signer: Option<Signer>,
    ) -> anyhow::Result<Loaded> {
        let policy = self.component(&path.display().to_string(), component)?;
        let built_in = BUILT_IN.iter().any(|(_, bytes)| *bytes == component);
        let origin = if built_in {
            Origin::Copy(path.to_owned())
        } else {
            Origin::File(path.to_owned())
        };
        Ok(alone(policy, origin, signer))
    }

    /// All policies of a pack.
    pub(super) fn pack(
        &self,
        path: &Path,
        file: &[u8],
        signer: Option<&Signer>,
    ) -> anyhow::Result<Vec<Loaded>> {
        let pack = read_pack(file).with_context(|| format!("pack {}", path.display()))?;
        let manifest = pack.manifest();
        let origin = Arc::new(PackOrigin {
            path: path.to_owned(),
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            digest: pack.digest(),
        });
        let data = Arc::new(pack.data());
        self.of_pack(&pack)
            .with_context(|| format!("pack {}", path.display()))?
            .into_iter()
            .map(|(policy, entry)| {
                Ok(Loaded {
                    policy: policy.with_data(Arc::clone(&data)),
                    origin: Origin::Pack(Arc::clone(&origin)),
                    signer: signer.cloned(),
                    parameters: entry.parameters.clone(),
                })
            })
            .collect()
    }

    fn of_pack<'a>(&self, pack: &'a Pack) -> anyhow::Result<Vec<(Policy, &'a PolicyEntry)>> {
        let mut policies = Vec::new();
        for (entry, component) in pack.policies() {
            let policy = self.component(&entry.member(), component)?;
            check(&policy, entry)?;
            policies.push((policy, entry));
        }
        Ok(policies)
    }

    fn component(&self, name: &str, bytes: &[u8]) -> anyhow::Result<Policy> {
        self.terminal.progress(&format!("loading policy {name}"));
        self.sandbox
            .load(bytes, self.store)
            .with_context(|| format!("policy {name}"))
    }
}

fn alone(policy: Policy, origin: Origin, signer: Option<Signer>) -> Loaded {
    Loaded {
        policy,
        origin,
        signer,
        parameters: BTreeMap::new(),
    }
}

/// The names of the interfaces that a policy imports, sorted.
pub(crate) fn imports(policy: &Policy) -> impl Iterator<Item = &'static str> {
    policy.interfaces().iter().map(Interface::as_str)
}

/// What a pack says of a policy is what its component says of itself: people
/// decide by the one, and the engine acts by the other.
fn check(policy: &Policy, entry: &PolicyEntry) -> anyhow::Result<()> {
    let description = policy.description();
    let member = entry.member();
    let codes = description.rules.iter().map(|rule| &rule.code);
    let differs = if description.id != entry.id {
        "id"
    } else if description.version != entry.version {
        "version"
    } else if !imports(policy).eq(&entry.imports) {
        "imports"
    } else if !codes.eq(&entry.rules) {
        "rules"
    } else {
        description
            .values(&entry.parameters)
            .with_context(|| format!("{member}: what the pack sets"))?;
        return Ok(());
    };
    bail!("{member}: pack.json and the component's own description differ in {differs}")
}
