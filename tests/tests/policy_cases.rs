//! The cases of the built-in policies: each gives exactly the findings that
//! it states, and together they show every rule in every light.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use casefile_cases::{Bases, Case, Coverage, Recorder};
use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Limits, Policy, Sandbox};
use casefile_snapshot::Snapshot;
use casefile_tests::built_in::BuiltIn;
use casefile_tests::sample;

/// All policies; there are some, or the tests would show nothing.
fn policies() -> Vec<BuiltIn> {
    let policies = BuiltIn::all().unwrap();
    assert!(!policies.is_empty(), "there are no built-in policies");
    policies
}

fn sandbox() -> Sandbox {
    Sandbox::new(Limits::default(), 1).unwrap()
}

/// The cases of a policy. What is wrong with them, or that there are none, is
/// added to `wrong`.
fn cases(policy: &BuiltIn, wrong: &mut Vec<String>) -> Vec<Case> {
    let cases = policy.cases().unwrap_or_else(|error| vec![Err(error)]);
    if cases.is_empty() {
        wrong.push(format!("policy {} has no cases", policy.name));
    }
    let mut read = Vec::new();
    for case in cases {
        match case {
            Ok(case) => read.push(case),
            Err(error) => wrong.push(format!("policy {}: {error:#}", policy.name)),
        }
    }
    read
}

fn name(path: &Path) -> String {
    let names = path.components().rev().take(3);
    let names: Vec<_> = names
        .map(|name| name.as_os_str().to_string_lossy())
        .collect();
    names.into_iter().rev().collect::<Vec<_>>().join("/")
}

#[test]
fn every_case_gives_its_findings_and_no_others() {
    let sandbox = sandbox();
    let bases = Bases::default();
    let mut wrong = Vec::new();
    for policy in policies() {
        let component = policy.load(&sandbox).unwrap();
        for case in cases(&policy, &mut wrong) {
            let name = name(&case.path);
            match case.run(&sandbox, &component, &bases) {
                Ok(trial) => wrong.extend(
                    trial
                        .differences
                        .iter()
                        .map(|difference| format!("{name}: {difference}")),
                ),
                Err(error) => wrong.push(format!("{name}: {error}")),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_passes_fails_and_lacks_evidence_in_some_case() {
    let sandbox = sandbox();
    let mut wrong = Vec::new();
    for policy in policies() {
        let cases = cases(&policy, &mut wrong);
        let cases: Vec<&Case> = cases.iter().collect();
        let component = policy.load(&sandbox).unwrap();
        let descriptions = std::iter::once(component.description());
        let coverage = Coverage::new(descriptions, &cases, &policy.never().unwrap());
        assert_eq!(
            coverage.rows.len(),
            component.description().rules.len(),
            "policy {}",
            policy.name
        );
        for row in &coverage.rows {
            let gaps = row.gaps.iter().map(|gap| format!("{}: {gap}", row.rule));
            wrong.extend(gaps);
        }
        for stranger in &coverage.strangers {
            wrong.push(format!("{}: no such rule", stranger.rule));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Records what a policy says of a host, and runs the case that was written.
fn record_and_run(
    sandbox: &Sandbox,
    policy: &Policy,
    snapshot: Snapshot,
    recorder: Recorder<'_>,
) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recorded.toml");
    let facts = Arc::new(Facts::new(Arc::new(snapshot)));
    let recorder = Recorder {
        path: &path,
        ..recorder
    };
    let recording = recorder
        .record(sandbox, policy, &facts)
        .map_err(|error| error.to_string())?;
    for (name, bytes) in &recording.files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    fs::write(&path, &recording.text).unwrap();
    let case = Case::read(&path).map_err(|error| error.to_string())?;
    let trial = case
        .run(sandbox, policy, &Bases::default())
        .map_err(|error| error.to_string())?;
    assert_eq!(case.findings.len(), recording.findings);
    let differences = trial.differences.iter().map(ToString::to_string);
    let differences: Vec<String> = differences.collect();
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences.join("\n"))
    }
}

#[test]
fn what_is_recorded_of_a_host_is_given_again() {
    let sandbox = sandbox();
    let bases = Bases::default();
    let mut wrong = Vec::new();
    let none = BTreeMap::new();
    for policy in policies() {
        let component = policy.load(&sandbox).unwrap();
        let all = Recorder {
            rules: &[],
            as_of: None,
            parameters: &none,
            path: Path::new(""),
        };
        if let Err(error) = record_and_run(&sandbox, &component, sample::snapshot(), all) {
            wrong.push(format!("{} of the sample: {error}", policy.name));
        }
        for case in cases(&policy, &mut wrong) {
            let recorder = Recorder {
                rules: &case.rules,
                as_of: case.as_of().unwrap(),
                parameters: case.parameters(),
                ..all
            };
            let snapshot = case.snapshot(&bases).unwrap();
            if let Err(error) = record_and_run(&sandbox, &component, snapshot, recorder) {
                wrong.push(format!("{}: {error}", name(&case.path)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A component of other sources would be judged by cases that are not its own.
#[test]
fn components_are_those_of_the_source_tree() {
    let sandbox = sandbox();
    for policy in policies() {
        let component = policy.load(&sandbox).unwrap();
        let description = component.description();
        assert_eq!(description.id, policy.name);
        let mut rules: Vec<(String, String)> = description
            .rules
            .iter()
            .map(|rule| (rule.code.clone(), rule.documentation.clone()))
            .collect();
        rules.sort();
        let documented = policy.documented().unwrap();
        assert!(
            rules == documented,
            "policy {}: the rules of its component are not those of rules/*.md: run `cargo xtask policies`",
            policy.name
        );
    }
}
