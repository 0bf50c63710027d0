//! Scripts in Rego: rules for conftest run as they are, what is not known
//! never passes, errors have their place, and one compiled interpreter serves
//! all scripts.

use std::fs;
use std::path::{Path, PathBuf};

use casefile_cases::{Bases, Case};
use casefile_engine::sandbox::{Limits, NoStore, Sandbox};
use casefile_tests::sample;
use serde_json::Value;

use crate::program::{Run, casefile, folder, run};

/// A script of `tests/rego`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/rego")
        .join(name)
}

/// The host that the scripts are about, as a file.
fn host(folder: &Path) -> PathBuf {
    let case = Case::read(&script("host.toml")).unwrap();
    let path = folder.join("host.tar.zst");
    fs::write(
        &path,
        sample::file(&case.snapshot(&Bases::default()).unwrap()),
    )
    .unwrap();
    path
}

/// Judges the host by a script.
fn check(script: &Path) -> Run {
    let folder = folder();
    let mut command = casefile(["check", "--format", "json", "--policy"]);
    command.arg(script).arg(host(folder.path()));
    run(command)
}

/// The findings of the one policy, each with its rule.
fn judged(run: &Run) -> Vec<(String, Value)> {
    let verdict = run.verdict();
    let rules = verdict["policies"][0]["rules"].as_array().unwrap();
    let mut judged = Vec::new();
    for rule in rules {
        let code = rule["code"].as_str().unwrap();
        for finding in rule["findings"].as_array().unwrap() {
            judged.push((code.to_owned(), finding.clone()));
        }
    }
    judged
}

/// The first finding of a rule.
fn finding(run: &Run, rule: &str) -> Value {
    let mut judged = judged(run).into_iter();
    judged.find(|(code, _)| code == rule).unwrap().1
}

/// Each finding in a line: rule, outcome, severity, subject, message.
fn findings(run: &Run) -> Vec<String> {
    let mut lines: Vec<String> = judged(run)
        .into_iter()
        .map(|(rule, finding)| {
            let words = ["outcome", "severity", "subject", "message"]
                .map(|name| finding[name].as_str().unwrap_or("-"));
            format!("{rule} | {}", words.join(" | "))
        })
        .collect();
    lines.sort();
    lines
}

/// Judges by a script that is given as text.
fn check_text(text: &str) -> Run {
    let folder = folder();
    let path = folder.path().join("rule.rego");
    fs::write(&path, text).unwrap();
    check(&path)
}

#[test]
fn rules_of_conftest_run_as_they_are() {
    let run = check(&script("network.rego"));
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(
        findings(&run),
        [
            "deny | fail | high | host | net.core.somaxconn is 128, want 1024 or more",
            "deny-no-such | pass | high | host | the rule deny-no-such has nothing to say against it",
            "deny-not-known | unknown | high | /proc/sys/net/ipv4/ip_local_port_range | \
             evidence is missing: /proc/sys/net/ipv4/ip_local_port_range",
            "warn | pass | low | host | the rule warn has nothing to say against it",
        ]
    );
}

#[test]
fn rules_from_before_opa_1_run_too() {
    assert_eq!(
        findings(&check(&script("kernel.rego"))),
        [
            "deny | fail | high | host | kernel 5.10.0-30-amd64 is too old",
            "warn | pass | low | host | the rule warn has nothing to say against it",
        ]
    );
}

#[test]
fn metadata_tells_definitions_of_one_name_apart() {
    let run = check(&script("processes.rego"));
    assert_eq!(
        findings(&run),
        [
            "few-files-may-be-open | fail | medium | pid 1 init | init may open 1024 files",
            "runs-as-root | fail | high | init | runs as root",
        ]
    );
    let limits = finding(&run, "few-files-may-be-open");
    assert_eq!(limits["actual"], "1024");
    assert_eq!(limits["wanted"], "4096");
}

#[test]
fn files_are_read_by_the_paths_that_a_script_names() {
    assert_eq!(
        findings(&check(&script("files.rego"))),
        [
            "hosts-empty | pass | high | host | the rule hosts-empty has nothing to say against it",
            "world-writable | fail | high | /etc/hosts | others may write it",
        ]
    );
}

#[test]
fn one_compiled_interpreter_serves_all_scripts() {
    let folder = folder();
    let cache = folder.path().join("cache");
    let host = host(folder.path());
    let mut bytes = Vec::new();
    for name in ["network.rego", "kernel.rego", "files.rego"] {
        let mut command = casefile(["check", "--policy"]);
        command.arg(script(name)).arg(&host);
        command.env("CASEFILE_CACHE", &cache);
        let run = run(command);
        assert!([0, 1, 3].contains(&run.code), "{run:?}");
        let entries: Vec<_> = fs::read_dir(&cache).unwrap().collect();
        assert_eq!(entries.len(), 1, "{name}");
        let path = entries[0].as_ref().unwrap().path();
        let metadata = fs::metadata(path).unwrap();
        bytes.push((metadata.len(), metadata.modified().unwrap()));
    }
    assert!(bytes.iter().all(|one| *one == bytes[0]), "{bytes:?}");
}

#[test]
fn a_verdict_is_the_same_again() {
    for name in ["network.rego", "processes.rego"] {
        let (first, second) = (check(&script(name)), check(&script(name)));
        assert_eq!(first.out, second.out, "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_script_is_told_with_its_place() {
    for (text, words) in [
        (
            "package a\n\ndeny contains \"x\" if {\n\tinput.now = = 1\n}\n",
            "rule.rego:4:",
        ),
        (
            "package a\n\ndeny contains \"x\" if input.kind == \"Pod\"\n",
            "rule.rego:3:22: input has no field \"kind\"; it has absences, audit",
        ),
        (
            "package a\n\nallow := true\n",
            "rule.rego:1:1: there is no rule in it",
        ),
        (
            "package a\n\ndeny contains \"x\" if casefile.sysctl.set(1)\n",
            "rule.rego:3:22: there is no function casefile.sysctl.set",
        ),
        (
            "package a\n\n# METADATA\n# custom: {severity: bad}\ndeny contains \"x\" if true\n",
            "rule.rego:3:1: METADATA.custom.severity is \"bad\", not one of info",
        ),
    ] {
        let run = check_text(text);
        assert!(run.error_line().contains(words), "{run:?}");
    }
}

#[test]
fn a_rule_that_meets_an_error_ends_with_it() {
    for (body, words) in [
        (
            "http.send({\"method\": \"get\", \"url\": \"http://a\"})",
            "http.send",
        ),
        ("opa.runtime()", "opa.runtime"),
        ("casefile.sysctl.get(1)", "sysctl.get: name is 1, not text"),
        ("to_number(\"x\")", "rule.rego:4:"),
    ] {
        let text = format!("package a\n\ndeny contains \"x\" if {{\n\tx := {body}\n\tx == 0\n}}\n");
        let run = check_text(&text);
        assert_eq!(run.code, 3, "{run:?}");
        let lines = findings(&run);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("deny | error | "), "{lines:?}");
        assert!(lines[0].contains("rule.rego:4:"), "{lines:?}");
        assert!(lines[0].contains(words), "{lines:?}");
    }
}

#[test]
fn attempts_to_get_out_end_as_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/escapes/rego/escapes.rego");
    let (first, second) = (check(&path), check(&path));
    assert_eq!(first.out, second.out, "the same again");
    let of = |rule: &str| finding(&first, rule);
    for rule in ["reads-clock-twice", "reads-random-twice"] {
        let actual = of(rule)["actual"].as_str().unwrap().to_owned();
        let (one, two) = actual.split_once(' ').unwrap();
        assert_eq!(one, two, "{rule}");
    }
    let file = of("opens-file");
    assert_eq!(file["outcome"], "pass");
    assert!(file["actual"].as_str().unwrap().contains("absence"));
    for (rule, words) in [
        ("connects", "http.send"),
        ("reads-environment", "opa.runtime"),
        ("grows-memory", "limit"),
        ("loops", "fuel limit"),
        ("writes-gigabyte", "limit"),
    ] {
        let finding = of(rule);
        assert_eq!(finding["outcome"], "error", "{rule}: {finding}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(words), "{rule}: {message}");
    }
}

/// The example that a new project begins with: its cases hold, the project
/// builds, and what is built is the script judged by itself.
#[test]
fn a_new_project_builds_and_its_cases_hold() {
    let folder = folder();
    let project = folder.path().join("two-words");
    let mut new = casefile(["policy", "new", "--lang", "rego", "two-words", "--output"]);
    new.arg(&project);
    assert_eq!(run(new).code, 0);
    let mut build = casefile(["policy", "build"]);
    build.arg(&project);
    assert_eq!(run(build).code, 0);
    let component = project.join("two-words.wasm");
    let (built, by_script) = (check(&component), check(&project.join("two-words.rego")));
    assert_eq!(built.out, by_script.out);
    assert_eq!(
        findings(&built),
        ["backlog-short | fail | medium | net.core.somaxconn | connections are dropped under load"]
    );
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let policy = sandbox
        .load(&fs::read(&component).unwrap(), &NoStore)
        .unwrap();
    let mut cases = 0;
    for entry in fs::read_dir(project.join("cases")).unwrap() {
        let path = entry.unwrap().path();
        let case = Case::read(&path).unwrap();
        let trial = case.run(&sandbox, &policy, &Bases::default()).unwrap();
        let differences: Vec<_> = trial.differences.iter().map(ToString::to_string).collect();
        assert!(
            differences.is_empty(),
            "{}: {differences:?}",
            path.display()
        );
        cases += 1;
    }
    assert_eq!(cases, 3);
}
