//! Attempts to leave the sandbox end in the same way each time, for the same
//! fuel, while others run beside them.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, thread};

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{
    Evaluation, InterfaceSet, Limits, NoStore, Policy, Question, Sandbox,
};
use casefile_tests::built_in::built_policies;
use casefile_tests::sample;

/// The time as of which is judged, in seconds: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

/// The components that were built, by language.
fn components() -> BTreeMap<String, PathBuf> {
    let folder = built_policies();
    let mut components = BTreeMap::new();
    for entry in fs::read_dir(folder.join("escapes")).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "wasm") {
            let language = path.file_stem().unwrap().to_string_lossy().into_owned();
            components.insert(language, path);
        }
    }
    components
}

fn evaluate(sandbox: &Sandbox, policy: &Policy) -> Vec<Evaluation> {
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let question = Question {
        facts: &facts,
        now: NOW,
        parameters: &Arc::default(),
        denied: InterfaceSet::default(),
    };
    let rules = policy.description().rules.iter();
    rules
        .map(|rule| policy.evaluate(sandbox, rule, &question))
        .collect()
}

#[test]
fn attempts_end_in_the_same_way_beside_others() {
    for (language, path) in components() {
        let sandbox = Sandbox::new(Limits::default(), 3).unwrap();
        let bytes = fs::read(path).unwrap();
        let policy = sandbox.load(&bytes, &NoStore).unwrap();
        let runs: Vec<Vec<Evaluation>> = thread::scope(|scope| {
            let threads = [0; 3].map(|_| scope.spawn(|| evaluate(&sandbox, &policy)));
            threads.map(|thread| thread.join().unwrap()).into()
        });
        for run in &runs[1..] {
            for (number, (first, other)) in runs[0].iter().zip(run).enumerate() {
                let code = &policy.description().rules[number].code;
                assert_eq!(first.findings, other.findings, "{language}: {code}");
                assert_eq!(first.messages, other.messages, "{language}: {code}");
                assert_eq!(first.fuel, other.fuel, "{language}: {code}");
            }
        }
    }
}
