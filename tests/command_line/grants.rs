//! What shows secrets is denied to policies that nobody vouches for, unless
//! the user grants it; and the user may deny anything to anybody.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use serde_json::Value;

use casefile_tests::built_in::built_policies;

use crate::program::{casefile, folder, run, sample_in};

/// A policy that asks for the names of a process's variables, in a folder.
fn policy_in(folder: &Path) -> PathBuf {
    let built = built_policies();
    let path = folder.join("asks.wasm");
    fs::copy(built.join("testing/contract-0-1.wasm"), &path).unwrap();
    path
}

/// What it was answered, and the interfaces that it was denied.
fn answer(arguments: &[&str]) -> (String, Value) {
    let folder = folder();
    let mut command = casefile(["check", "--format", "json", "--no-config"]);
    command
        .current_dir(folder.path())
        .arg("--policy")
        .arg(policy_in(folder.path()))
        .arg(sample_in(folder.path()))
        .args(arguments);
    verdict(command)
}

fn verdict(command: process::Command) -> (String, Value) {
    let verdict = run(command).verdict();
    let policy = &verdict["policies"][0];
    let finding = &policy["rules"][1]["findings"][0];
    assert_eq!(finding["outcome"], "unknown", "{finding}");
    let missing = &finding["missing"][0];
    let words = |key: &str| missing[key].as_str().unwrap().to_owned();
    (
        format!("{} {}", words("path"), words("reason")),
        policy["denied"].clone(),
    )
}

#[test]
fn secrets_are_denied_to_strangers() {
    let (missing, denied) = answer(&[]);
    assert_eq!(missing, "casefile:policy/environment@0.2.0 denied");
    assert_eq!(denied, serde_json::json!(["environment"]));
}

#[test]
fn a_grant_lets_them_ask() {
    let (missing, denied) = answer(&["--grant", "contract-0-1.environment"]);
    assert_eq!(missing, "/proc/7/environ not-collected");
    assert_eq!(denied, Value::Null);
}

#[test]
fn a_configuration_grants_and_denies() {
    for (text, wanted) in [
        ("environment = true", "/proc/7/environ not-collected"),
        (
            "environment = false",
            "casefile:policy/environment@0.2.0 denied",
        ),
    ] {
        let folder = folder();
        let configuration = folder.path().join("mine.toml");
        fs::write(&configuration, format!("[grants.contract-0-1]\n{text}\n")).unwrap();
        let mut command = casefile(["check", "--format", "json", "--config"]);
        command
            .arg(&configuration)
            .arg("--policy")
            .arg(policy_in(folder.path()))
            .arg(sample_in(folder.path()));
        let (missing, _) = verdict(command);
        assert_eq!(missing, wanted, "{text}");
    }
}

#[test]
fn who_is_trusted_needs_no_grant() {
    let folder = folder();
    let path = folder.path();
    let policy = policy_in(path);
    let key = path.join("acme.key");
    let mut keygen = casefile(["policy", "keygen", "-W", "-o"]);
    keygen.arg(&key);
    assert_eq!(run(keygen).code, 0);
    let mut sign = casefile(["policy", "sign", "--key"]);
    sign.arg(&key).arg(&policy);
    assert_eq!(run(sign).code, 0);
    let mut command = casefile(["check", "--format", "json", "--policy"]);
    command
        .arg(&policy)
        .arg("--trusted-key")
        .arg(path.join("acme.pub"))
        .arg(sample_in(path));
    let verdict = run(command).verdict();
    let policy = &verdict["policies"][0];
    assert_eq!(policy["denied"], Value::Null);
    assert!(
        policy["signed_by"].as_str().unwrap().starts_with("key "),
        "{policy}"
    );
}

#[test]
fn a_grant_that_means_nothing_is_an_error() {
    let line = |grant: &str| {
        let mut command = casefile(["check", "--grant", grant]);
        command.arg("none.tar.zst");
        run(command).err
    };
    let said = line("acme.environment");
    assert!(
        said.contains("there is no policy \"acme\" to grant environment to"),
        "{said}"
    );
    let said = line("limits.shell");
    assert!(said.contains("there is no interface \"shell\""), "{said}");
    let said = line("limits");
    assert!(said.contains("POLICY.INTERFACE"), "{said}");
}
