//! The conformance policy in every language, and the hosts that it is tried
//! on: `cargo xtask conformance` builds the components, and the test of this
//! name compares what they say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Context as _, ensure};
use casefile_collector::{Options as CaptureOptions, capture};
use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Evaluation, InterfaceSet, NoStore, Policy, Question, Sandbox};
use casefile_snapshot::{HostPath, Snapshot, Tool};

use crate::built_in::built_policies;

use casefile_cases::{Bases, Case};

/// The language that the others are compared with.
pub const REFERENCE: &str = "rust";

/// Cases whose hosts the policy is tried on, below `policies`.
const HOSTS: [&str; 9] = [
    "conformance/cases/extremes.toml",
    "conformance/cases/texts.toml",
    "conformance/cases/denied.toml",
    "conformance/cases/audit.toml",
    "ca-bundle/cases/cut.toml",
    "elf-deps/cases/library-damaged.toml",
    "elf-deps/cases/musl.toml",
    "elf-deps/cases/version-missing.toml",
    "limits/cases/low-go.toml",
];

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies")
}

/// The hosts by name: those of cases, and this machine.
///
/// # Errors
/// A case is none.
pub fn hosts() -> anyhow::Result<Vec<(String, Snapshot)>> {
    let mut hosts = Vec::new();
    let bases = Bases::default();
    for path in HOSTS {
        let case = Case::read(&policies().join(path))?;
        hosts.push((path.to_owned(), case.snapshot(&bases).context(path)?));
    }
    hosts.push(("this machine".to_owned(), this_machine()?));
    Ok(hosts)
}

fn this_machine() -> anyhow::Result<Snapshot> {
    let options = CaptureOptions {
        binaries: vec![HostPath::new("/bin/sh")?],
        ..CaptureOptions::default()
    };
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(capture(&options, tool, &mut |_| ())?)
}

/// The components that were built, by language.
///
/// # Errors
/// There is none of the reference.
pub fn components() -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let folder = built_policies();
    let folder = folder.join("conformance");
    let mut components = BTreeMap::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "wasm") {
            let name = path.file_stem().unwrap_or_default();
            components.insert(name.to_string_lossy().into_owned(), fs::read(&path)?);
        }
    }
    ensure!(
        components.contains_key(REFERENCE),
        "{}: there is no {REFERENCE}.wasm: run `cargo xtask policies` first",
        folder.display()
    );
    Ok(components)
}

/// Loads a component, with the data that goes with it.
///
/// # Errors
/// It is no policy.
pub fn load(sandbox: &Sandbox, component: &[u8]) -> anyhow::Result<Policy> {
    let data = [
        ("empty", Vec::new()),
        ("table.bin", vec![0, 0xff, 0x80, b'a']),
        ("table.txt", "größe\t« 日本 »\n".into()),
    ]
    .map(|(name, bytes): (&str, Vec<u8>)| (name.to_owned(), bytes.into()));
    Ok(sandbox
        .load(component, &NoStore)?
        .with_data(Arc::new(data.into_iter().collect())))
}

/// Evaluates every rule, one after the other.
#[must_use]
pub fn evaluate(sandbox: &Sandbox, policy: &Policy, facts: &Arc<Facts>) -> Vec<Evaluation> {
    let taken = facts.snapshot().manifest().clock.realtime_ns;
    let description = policy.description();
    let parameters = description
        .parameters
        .iter()
        .map(|parameter| (parameter.name.clone(), parameter.default.clone()))
        .collect();
    let question = Question {
        facts,
        now: taken.div_euclid(1_000_000_000),
        parameters: &Arc::new(parameters),
        denied: InterfaceSet::default(),
    };
    description
        .rules
        .iter()
        .map(|rule| policy.evaluate(sandbox, rule, &question))
        .collect()
}
