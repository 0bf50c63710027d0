//! The contract by its versions: what was released does not change, and the
//! engine answers every function of every version.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use casefile_engine::facts::Facts;
use casefile_engine::finding::Outcome;
use casefile_engine::judge::{Options, judge};
use casefile_engine::sandbox::{CONTRACT, Interface, Limits, LoadError, NoStore, Sandbox};
use casefile_snapshot::Digest;
use casefile_tests::built_in::built_policies;
use casefile_tests::sample;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};

/// Versions that were released, and the digest of their folder: its files in
/// order, each with its name. A change of one is a new version.
const RELEASED: [(&str, &str); 1] = [(
    "0.1.0",
    "4dcc4f40bc46877ed80de0f1817774199a8fcb414f892d23fbf3ab2fa75f3ab3",
)];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")
}

/// The versions that there are, oldest first.
fn versions() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn world(version: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder().join(version)).unwrap();
    let world = resolve.select_world(&[package], Some("policy")).unwrap();
    (resolve, world)
}

#[test]
fn a_released_version_does_not_change() {
    for (version, digest) in RELEASED {
        let folder = folder().join(version);
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        let mut content = Vec::new();
        for name in names {
            content.extend(name.as_encoded_bytes());
            content.push(0);
            content.extend(fs::read(folder.join(name)).unwrap());
            content.push(0);
        }
        assert_eq!(
            Digest::of(&content).to_string(),
            digest,
            "wit/{version} was released: put the change into a new version"
        );
    }
}

/// A component that imports and exports all that a version has is linked:
/// every function is there, and has the types of `wit/`. Only then it is run,
/// and ends at its first instruction.
#[test]
fn every_function_of_every_version_is_answered() {
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let versions = versions();
    assert!(versions.len() > 1, "{versions:?}");
    for version in versions {
        let (resolve, world) = world(&version);
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
            .unwrap();
        let component = ComponentEncoder::default()
            .validate(true)
            .module(&module)
            .unwrap()
            .encode()
            .unwrap();
        let error = sandbox.load(&component, &NoStore).map(|_| ()).unwrap_err();
        assert!(
            matches!(error, LoadError::Describe(_)),
            "contract {version}: {error}"
        );
    }
}

#[test]
fn the_interfaces_are_those_of_the_newest_version() {
    let versions = versions();
    let newest = versions.last().unwrap();
    // What judges and what makes policies speak the same.
    assert_eq!(newest, CONTRACT);
    assert_eq!(newest, casefile_authoring::contract::VERSION);
    let (resolve, world) = world(newest);
    let mut names: Vec<String> = resolve.worlds[world]
        .imports
        .iter()
        .filter_map(|(key, _)| {
            let name = resolve.name_world_key(key);
            let name = name.strip_prefix("casefile:policy/")?;
            Some(name.split_once('@')?.0.to_owned())
        })
        .filter(|name| name != "types")
        .collect();
    names.sort();
    assert_eq!(names, Interface::ALL.map(Interface::as_str));
}

/// A component that was built for the first contract says of a host what it
/// said then.
#[test]
fn a_policy_of_the_first_contract_is_served() {
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let path = built_policies().join("testing/contract-0-1.wasm");
    let component = fs::read(&path).unwrap();
    let policy = sandbox.load(&component, &NoStore).unwrap();
    assert_eq!(policy.contract(), "0.1.0");
    assert_eq!(policy.description().needs, None);
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let options = Options {
        as_of: Some(1_700_000_000),
        threads: 1,
        ..Options::default()
    };
    let policies = [policy];
    let verdict = judge(&sandbox, &policies, &facts, &options)
        .unwrap()
        .verdict;
    let [policy] = verdict.policies.as_slice() else {
        panic!("{:?}", verdict.policies);
    };
    assert_eq!(policy.contract, "0.1.0");
    let said: Vec<(&str, Outcome, Option<&str>)> = policy
        .rules
        .iter()
        .flat_map(|rule| &rule.findings)
        .map(|finding| {
            (
                finding.subject.as_str(),
                finding.outcome,
                finding.actual.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("kernel.ostype", Outcome::Pass, Some("Linux")),
            ("now", Outcome::Pass, Some("1700000000")),
            ("word", Outcome::Pass, Some("default")),
            ("/proc/7/environ", Outcome::Unknown, None),
        ]
    );
}
