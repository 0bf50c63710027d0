//! Policies that are scripts in JavaScript: judged as they are, built into
//! components, and wrong in ways that the user has to understand.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Run, casefile, folder, run, sample_in};

/// Documentation that the engine accepts.
const DOCUMENTATION: &str = "## What it checks\\n\\na\\n\\n## Why it matters\\n\\na\\n\\n\
                             ## How to fix\\n\\na\\n\\n## References\\n\\n- a\\n";

/// A script with one rule, whose `judge` has this body.
fn script(needs: &str, body: &str) -> String {
    format!(
        "import * as casefile from \"casefile\";\n\
         const {{ Absence, Finding, orAbsent, policy }} = casefile;\n\
         export default policy({{\n\
         id: \"one\", version: \"0.1.0\", title: \"One\", {needs}\n\
         rules: [{{\n\
         code: \"rule\", title: \"Rule\", severity: \"medium\", exitClass: \"limits\",\n\
         documentation: \"{DOCUMENTATION}\",\n\
         judge() {{\n{body}\n}} }}] }});\n"
    )
}

fn written(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("rule.js");
    fs::write(&path, text).unwrap();
    path
}

fn check(policy: &Path, snapshot: &Path) -> Run {
    let mut command = casefile(["check", "--quiet", "--format", "json", "--policy"]);
    command.arg(policy).arg(snapshot);
    run(command)
}

/// The findings of the only policy, rule by rule.
fn findings(run: &Run) -> Vec<Value> {
    let verdict = run.verdict();
    let rules = verdict["policies"][0]["rules"].as_array().unwrap();
    rules
        .iter()
        .flat_map(|rule| rule["findings"].as_array().unwrap().clone())
        .collect()
}

/// The only finding of a script with this rule on the sample.
fn finding(needs: &str, body: &str) -> Value {
    let folder = folder();
    let policy = written(folder.path(), &script(needs, body));
    let run = check(&policy, &sample_in(folder.path()));
    let mut findings = findings(&run);
    assert_eq!(findings.len(), 1, "{run:?}");
    findings.remove(0)
}

/// The error of a script that can't be loaded.
fn error(text: &str) -> String {
    let folder = folder();
    let mut command = casefile(["policy", "inspect"]);
    command.arg(written(folder.path(), text));
    run(command).error_line().to_owned()
}

#[test]
fn numbers_of_64_bits_are_exact() {
    let found = finding(
        "",
        "const { value } = casefile.sysctl.getNumber(\"fs.file-max\");\n\
         return Finding.pass(\"file-max\", typeof value, { actual: value, wanted: value - 1n });",
    );
    assert_eq!(found["message"], "bigint");
    assert_eq!(found["actual"], "9223372036854775807");
    assert_eq!(found["wanted"], "9223372036854775806");
}

#[test]
fn an_absence_that_nobody_catches_ends_unknown() {
    let found = finding("", "casefile.files.readText(\"/srv/not-there\");");
    assert_eq!(found["outcome"], "unknown");
    assert_eq!(found["missing"][0]["path"], "/srv/not-there", "{found}");
    let caught = finding(
        "",
        "const text = orAbsent(() => casefile.files.readText(\"/etc/none\").content, \"none\");\n\
         try { orAbsent(() => casefile.files.readText(\"/srv/not-there\"), 0); } catch (error) {\n\
         return Finding.pass(text, `${error instanceof Absence} ${error.reason}`); }",
    );
    assert_eq!(caught["subject"], "none");
    assert_eq!(caught["message"], "true not-collected");
}

#[test]
fn what_a_script_does_not_need_is_denied_to_it() {
    let body = "return Finding.pass(\"os\", casefile.host.os().id);";
    assert_eq!(finding("", body)["message"], "debian");
    let denied = finding("needs: [\"sysctl\"],", body);
    assert_eq!(denied["outcome"], "unknown");
    assert!(denied["message"].to_string().contains("denied"), "{denied}");
}

#[test]
fn findings_come_one_by_one_in_lists_from_generators_and_later() {
    for body in [
        "return Finding.pass(\"a\", \"b\");",
        "return [Finding.pass(\"a\", \"b\")];",
        "return (function* () { yield Finding.pass(\"a\", \"b\"); })();",
        "return (async function* () { yield Finding.pass(\"a\", \"b\"); })();",
        "return Promise.resolve([Finding.pass(\"a\", \"b\")]);",
    ] {
        assert_eq!(finding("", body)["outcome"], "pass", "{body}");
    }
}

#[test]
fn time_and_chance_are_those_of_the_snapshot() {
    let folder = folder();
    let body = "return Finding.pass(new Date().toISOString(), `${Math.random()}`, \
                { actual: Date.now() - Number(casefile.runtime.now()) * 1000 });";
    let policy = written(folder.path(), &script("", body));
    let snapshot = sample_in(folder.path());
    let first = check(&policy, &snapshot);
    let found = &findings(&first)[0];
    assert_eq!(found["subject"], "2026-01-01T00:00:00.000Z");
    assert_eq!(found["actual"], "0");
    assert_eq!(check(&policy, &snapshot).out, first.out);
}

#[test]
fn what_a_rule_throws_is_in_its_finding_and_costs_no_other_rule() {
    let found = finding("", "const none = undefined;\nreturn none.value;");
    assert_eq!(found["outcome"], "error");
    let message = found["message"].as_str().unwrap();
    assert!(message.contains("rule.js:10:8: TypeError: "), "{message}");
    for (body, words) in [
        ("throw \"text\";", "thrown: text"),
        ("return 1;", "TypeError"),
        ("return { outcome: \"pass\" };", "TypeError"),
        ("return [{}];", "which is no Finding"),
        (
            "return Finding.pass(\"a\", \"b\", { severity: \"huge\" });",
            "severity is \"huge\", not one of info, low, medium, high, critical",
        ),
        ("casefile.sysctl.getNumber(7);", "name is 7, not text"),
        ("const f = () => f() + 1; f();", "RangeError"),
    ] {
        let found = finding("", body);
        let message = found["message"].as_str().unwrap();
        assert_eq!(found["outcome"], "error", "{body}");
        assert!(message.contains(words), "{body}: {message}");
    }
}

#[test]
fn a_script_that_is_wrong_is_told_where() {
    for (text, words) in [
        ("const a = 1;\nconst b = (;\n", "rule.js:2:"),
        ("const b = (;\n", "SyntaxError"),
        (
            "function f() {\n  return undefined.x;\n}\nf();\n",
            "rule.js:2:10: TypeError: ",
        ),
        ("export const a = 1;\n", "the script exports no policy"),
        ("import a from \"./a.js\";\n", "casefile policy build"),
        ("import { nothing } from \"casefile\";\n", "nothing"),
        (
            "import { policy } from \"casefile\";\nexport default policy({ id: \"a\" });\n",
            "rules is no list",
        ),
    ] {
        let line = error(text);
        assert!(line.contains(words), "{text}: {line}");
    }
}

#[test]
fn a_project_is_built_into_what_its_script_is() {
    let folder = folder();
    let project = folder.path().join("backlog");
    let mut new = casefile(["policy", "new", "--lang", "js", "backlog", "--output"]);
    new.arg(&project);
    assert_eq!(run(new).code, 0);
    let mut build = casefile(["policy", "build"]);
    // Nothing but the program itself is needed.
    build.arg(&project).env("PATH", "");
    let built = run(build);
    assert_eq!(built.code, 0, "{built:?}");
    let script = folder.path().join("backlog.js");
    fs::copy(project.join("policy.js"), &script).unwrap();
    let inspected = |path: &Path| {
        let mut command = casefile(["policy", "inspect"]);
        command.arg(path);
        run(command)
    };
    let component = inspected(&project.join("backlog.wasm"));
    assert_eq!(component.code, 0, "{component:?}");
    // All but where it came from.
    let said = |run: &Run| -> Vec<String> {
        let lines = run.out.lines().filter(|line| !line.starts_with("  from "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(said(&inspected(&script)), said(&component));
}

#[test]
fn a_project_that_needs_a_bundler_says_how_to_get_it() {
    let folder = folder();
    let project = folder.path().join("typed");
    let mut new = casefile(["policy", "new", "--lang", "ts", "typed", "--output"]);
    new.arg(&project);
    assert_eq!(run(new).code, 0);
    let mut build = casefile(["policy", "build"]);
    build.arg(&project).env("PATH", "");
    let built = run(build);
    let line = built.error_line();
    assert!(line.contains("esbuild is needed"), "{line}");
    assert!(line.contains("npm ci"), "{line}");
}

#[test]
fn no_attempt_gets_out_of_the_sandbox() {
    let folder = folder();
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/escapes/js/policy.js");
    let run = check(&policy, &sample_in(folder.path()));
    let ends: Vec<(String, String)> = findings(&run)
        .iter()
        .map(|finding| {
            let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
            (text("subject"), text("actual") + &text("message"))
        })
        .collect();
    let end = |code: &str| {
        let found = ends.iter().find(|(subject, _)| subject.ends_with(code));
        &found.unwrap_or_else(|| panic!("{code}: {ends:?}")).1
    };
    for (code, words) in [
        ("opens-file", "ReferenceError: policy.js imports"),
        ("reads-environment", "process is not defined"),
        ("connects", "fetch is not defined"),
        ("reads-clock-twice", "1767225600000 1767225600000"),
        ("spawns", "ReferenceError: policy.js imports"),
        ("writes-gigabyte", "fuel limit"),
        ("grows-memory", "memory limit"),
        ("loops", "fuel limit"),
    ] {
        assert!(end(code).contains(words), "{code}: {}", end(code));
    }
    let random = end("reads-random-twice");
    let numbers: Vec<&str> = random.split(' ').take(2).collect();
    assert_ne!(numbers[0], numbers[1], "{random}");
    assert_eq!(check(&policy, &sample_in(folder.path())).out, run.out);
}
