//! The conformance policy says the same in every language, on every host,
//! live and saved, and costs the same fuel each time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use casefile_cases::{Bases, Case, Difference};
use casefile_engine::facts::Facts;
use casefile_engine::finding::{Finding, Outcome};
use casefile_engine::sandbox::{CONTRACT, Evaluation, Interface, Limits, Policy, Sandbox};
use casefile_snapshot::read_snapshot;
use casefile_tests::conformance::{REFERENCE, components, evaluate, hosts, load};
use casefile_tests::sample;
use wit_parser::Resolve;

/// Languages that must have been built, separated by blanks; without it those
/// that are there are compared.
const LANGUAGES: &str = "CASEFILE_CONFORMANCE";

fn policies(sandbox: &Sandbox) -> Vec<(String, Policy)> {
    let components = components().unwrap();
    let wanted = env::var(LANGUAGES).unwrap_or_default();
    for language in wanted.split_whitespace() {
        assert!(components.contains_key(language), "{language} is not built");
    }
    let mut loaded: Vec<(String, Policy)> = components
        .into_iter()
        .map(|(language, component)| match load(sandbox, &component) {
            Ok(policy) => (language, policy),
            Err(error) => panic!("{language}: {error:#}"),
        })
        .collect();
    // The reference comes first.
    loaded.sort_by_key(|(language, _)| language != REFERENCE);
    loaded
}

/// Says where two languages part, in few words.
fn compare(place: &str, code: &str, reference: &Evaluation, other: &Evaluation) {
    for (number, finding) in reference.findings.iter().enumerate() {
        let Some(given) = other.findings.get(number) else {
            panic!("{place}: {code}: no finding {number}: {finding:?}");
        };
        if given != finding {
            let first = |text: &Option<String>| text.clone().unwrap_or_default();
            let (wanted, actual) = (first(&finding.actual), first(&given.actual));
            let same = wanted
                .chars()
                .zip(actual.chars())
                .take_while(|(one, other)| one == other)
                .count();
            let near = |text: &str| -> String {
                text.chars()
                    .skip(same.saturating_sub(40))
                    .take(120)
                    .collect()
            };
            panic!(
                "{place}: {code}: finding {number} {:?} is {:?} {:?}\n  wanted ...{}\n  actual ...{}",
                finding.subject,
                given.subject,
                given.outcome,
                near(&wanted),
                near(&actual),
            );
        }
    }
    assert_eq!(
        other.findings.len(),
        reference.findings.len(),
        "{place}: {code}"
    );
    assert_eq!(
        other.reads, reference.reads,
        "{place}: {code}: what was read"
    );
    assert_eq!(
        other.messages, reference.messages,
        "{place}: {code}: messages"
    );
}

/// The function that a finding is about: `sysctl.get`.
fn called(finding: &Finding) -> Option<String> {
    let (function, _) = finding.subject.split_once('(')?;
    Some(function.to_owned())
}

/// Every function of the newest version of the contract.
fn functions() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder.join(CONTRACT)).unwrap();
    resolve.packages[package]
        .interfaces
        .iter()
        .flat_map(|(interface, id)| {
            let functions = resolve.interfaces[*id].functions.keys();
            functions.map(move |function| format!("{interface}.{function}"))
        })
        .collect()
}

#[test]
fn every_language_says_the_same_on_every_host() {
    // This machine may run more programs than a rule has fuel for, in the
    // language that needs the most; limits are compared by the escapes.
    let limits = Limits::default();
    let limits = Limits {
        fuel: 8 * limits.fuel,
        deadline_seconds: 8 * limits.deadline_seconds,
        ..limits
    };
    let sandbox = Sandbox::new(limits, 1).unwrap();
    let policies = policies(&sandbox);
    let (_, reference) = &policies[0];
    let hosts = hosts().unwrap();
    assert_eq!(hosts.len(), 10);
    let rules = &reference.description().rules;
    let mut asked = BTreeSet::new();
    for (host, snapshot) in hosts {
        // Saved and read again, as it is judged later and elsewhere.
        let saved = read_snapshot(&sample::file(&snapshot)[..]).unwrap();
        let live = Arc::new(Facts::new(Arc::new(snapshot)));
        let saved = Arc::new(Facts::new(Arc::new(saved)));
        let wanted = evaluate(&sandbox, reference, &live);
        for (rule, evaluation) in rules.iter().zip(&wanted) {
            let faults = evaluation.findings.iter();
            let faults = faults.filter(|finding| finding.outcome == Outcome::Error);
            assert_eq!(faults.count(), 0, "{host}: {}: {evaluation:?}", rule.code);
            asked.extend(evaluation.findings.iter().filter_map(called));
        }
        for (language, policy) in &policies {
            for facts in [&live, &saved] {
                let place = format!("{language}: {host}");
                let first = evaluate(&sandbox, policy, facts);
                let again = evaluate(&sandbox, policy, facts);
                for (number, rule) in rules.iter().enumerate() {
                    compare(&place, &rule.code, &wanted[number], &first[number]);
                    assert_eq!(
                        again[number].fuel, first[number].fuel,
                        "{place}: {}: fuel",
                        rule.code
                    );
                    assert_eq!(again[number].findings, first[number].findings, "{place}");
                }
            }
        }
    }
    let left: Vec<String> = functions().difference(&asked).cloned().collect();
    assert!(left.is_empty(), "never asked: {left:?}");
    for (language, policy) in &policies[1..] {
        assert_eq!(
            policy.description().rules,
            *rules,
            "{language}: its description"
        );
        assert_eq!(
            policy.description().parameters,
            reference.description().parameters,
            "{language}: its description"
        );
        assert_eq!(policy.description().title, reference.description().title);
    }
}

/// An interface that the contract gains has a rule of its name, in which it
/// is asked.
#[test]
fn every_interface_is_asked() {
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    for (language, policy) in policies(&sandbox) {
        let missing: Vec<_> = Interface::ALL
            .into_iter()
            .filter(|interface| !policy.needs().contains(*interface))
            .collect();
        assert!(missing.is_empty(), "{language} does not import {missing:?}");
        for interface in Interface::ALL {
            let mut rules = policy.description().rules.iter();
            assert!(
                rules.any(|rule| rule.code == interface.as_str()),
                "{language} has no rule {interface}"
            );
        }
    }
}

/// What some of the calls must give was looked at by eye.
#[test]
fn the_reference_says_what_its_cases_state() {
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let policies = policies(&sandbox);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/conformance/cases");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        count += 1;
        let case = Case::read(&path).unwrap();
        let trial = case
            .run(&sandbox, &policies[0].1, &Bases::default())
            .unwrap();
        for difference in trial.differences {
            // What is not stated was not looked at.
            if matches!(difference, Difference::NotGiven(_)) {
                wrong.push(format!("{}: {difference}", path.display()));
            }
        }
    }
    assert!(count > 3, "{count} cases");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
