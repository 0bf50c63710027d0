//! Policies that break every limit: each rule ends in one finding that names
//! it and the limit, and costs no other rule anything.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_engine::finding::{Finding, Outcome};
use casefile_engine::judge::{Options, judge};
use casefile_engine::sandbox::{Limits, LoadError, NoStore, Policy, Sandbox};
use casefile_engine::verdict::{RuleVerdict, Verdict};
use casefile_tests::built_in::BuiltIn;
use casefile_tests::built_in::built_policies;
use casefile_tests::sample;

/// What each rule does, and the beginning of what is said of it.
const FAULTS: [(&str, &str); 13] = [
    ("loops", "fuel limit: 1000000000 units"),
    (
        "exhausts-own-stack",
        "trap: memory outside of its own was touched (its stack is exhausted, or a pointer is wrong)",
    ),
    ("recurses", "stack limit: the call stack is exhausted"),
    ("allocates", "memory limit: 67108864 bytes"),
    ("traps", "trap: unreachable code was reached"),
    ("million-findings", "memory limit: 67108864 bytes"),
    (
        "many-findings",
        "finding limit: 20000 findings, 10000 are allowed",
    ),
    ("gigabyte-text", "memory limit: 67108864 bytes"),
    ("text-beyond-memory", ""),
    ("same-text-often", "copy limit: 16777216 bytes in one call"),
    ("calls-host", "host call limit: 1000000 calls"),
    (
        "cites-unread",
        "a finding about \"evidence\" cites evidence 0, which the rule has not read",
    ),
    ("writes-log", ""),
];

fn sandbox() -> Sandbox {
    Sandbox::new(Limits::default(), 2).unwrap()
}

fn misbehaving(sandbox: &Sandbox) -> Policy {
    let folder = built_policies();
    let path = folder.join("testing/misbehaving.wasm");
    let bytes = fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: run `cargo xtask policies` first",
            path.display()
        )
    });
    sandbox.load(&bytes, &NoStore).unwrap()
}

fn built_in(sandbox: &Sandbox) -> Vec<Policy> {
    let policies = BuiltIn::all().unwrap();
    policies
        .iter()
        .map(|policy| policy.load(sandbox).unwrap())
        .collect()
}

fn verdict(sandbox: &Sandbox, policies: &[Policy], threads: usize) -> Verdict {
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let options = Options {
        threads,
        ..Options::default()
    };
    judge(sandbox, policies, &facts, &options).unwrap().verdict
}

/// The rules of a policy by their codes.
fn rules<'a>(verdict: &'a Verdict, policy: &str) -> BTreeMap<&'a str, &'a RuleVerdict> {
    let mut policies = verdict.policies.iter();
    let policy = policies.find(|other| other.id == policy).unwrap();
    policy
        .rules
        .iter()
        .map(|rule| (rule.code.as_str(), rule))
        .collect()
}

fn only(rule: &RuleVerdict) -> &Finding {
    match rule.findings.as_slice() {
        [finding] => finding,
        findings => panic!("{}: {} findings", rule.code, findings.len()),
    }
}

#[test]
fn each_fault_is_one_finding_that_names_the_rule_and_the_limit() {
    let sandbox = sandbox();
    let verdict = verdict(&sandbox, &[misbehaving(&sandbox)], 2);
    let rules = rules(&verdict, "misbehaving");
    for (code, words) in FAULTS {
        let finding = only(rules[code]);
        if code == "writes-log" {
            // Logging beyond what is kept harms nobody.
            assert_eq!(finding.outcome, Outcome::Pass, "{finding:?}");
            continue;
        }
        assert_eq!(finding.outcome, Outcome::Error, "{code}: {finding:?}");
        assert_eq!(finding.subject, format!("rule {code}"));
        let message = finding
            .message
            .strip_prefix(&format!("rule {code} was stopped: "));
        let message = message.unwrap_or_else(|| panic!("{code}: {finding:?}"));
        assert!(message.starts_with(words), "{code}: {message}");
        assert!(message.len() < 500, "{code}: {message}");
    }
    let tested: Vec<&str> = FAULTS.iter().map(|(code, _)| *code).collect();
    for (code, rule) in &rules {
        if tested.contains(code) {
            continue;
        }
        assert!(["any", "well-again"].contains(code), "{code} is not tested");
        let finding = only(rule);
        assert_eq!(finding.outcome, Outcome::Pass);
        assert_eq!(finding.actual.as_deref(), Some("Linux"));
    }
}

#[test]
fn faults_cost_other_rules_nothing() {
    let sandbox = sandbox();
    let policies = built_in(&sandbox);
    let alone = verdict(&sandbox, &policies, 1);
    let mut together = policies;
    together.push(misbehaving(&sandbox));
    let beside = verdict(&sandbox, &together, 2);
    let mut compared = 0;
    for policy in &alone.policies {
        let other = rules(&beside, &policy.id);
        for rule in &policy.rules {
            assert_eq!(
                other[rule.code.as_str()].findings,
                rule.findings,
                "{}",
                rule.code
            );
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} rules");
}

#[test]
fn faults_are_the_same_run_after_run_with_one_thread_and_with_two() {
    let sandbox = sandbox();
    let policies = [misbehaving(&sandbox)];
    let json = |threads| serde_json::to_string(&verdict(&sandbox, &policies, threads)).unwrap();
    let first = json(1);
    assert_eq!(json(2), first);
    assert_eq!(json(2), first);
}

#[test]
fn an_import_from_elsewhere_is_refused_by_its_name() {
    let sandbox = sandbox();
    let load = |text: &str| {
        let bytes = wat::parse_str(text).unwrap();
        sandbox.load(&bytes, &NoStore).map(|_| ()).unwrap_err()
    };
    for name in [
        "wasi:filesystem/types@0.2.0",
        "wasi:cli/environment@0.2.0",
        "wasi:clocks/wall-clock@0.2.0",
        "casefile:policy/shell@0.2.0",
    ] {
        let error = load(&format!("(component (import \"{name}\" (instance)))"));
        assert!(matches!(error, LoadError::Import(_)), "{error}");
        let words =
            format!("it imports {name}, which is not in the contract casefile:policy@0.2.0");
        assert!(error.to_string().starts_with(&words), "{error}");
    }
    let error = load("(component (import \"casefile:policy/elf@0.9.0\" (instance)))");
    assert_eq!(
        error.to_string(),
        "it imports casefile:policy/elf@0.9.0, of contract 0.9.0; this engine speaks 0.1.0 and 0.2.0"
    );
    let error = load("(component)");
    assert!(matches!(error, LoadError::Contract(_)), "{error}");
    let error = load("(module)");
    assert!(matches!(error, LoadError::CoreModule), "{error}");
}
