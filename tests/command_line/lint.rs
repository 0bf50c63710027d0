//! `policy lint` says what is wrong with a policy, and nothing of one with
//! which nothing is.

use std::fs;
use std::path::Path;

use casefile_tests::built_in::built_policies;

use crate::program::{Run, casefile, folder, run, sample_in};

/// A script with one rule, of these words.
fn script(folder: &Path, name: &str, needs: &str, title: &str, fix: &str, judge: &str) {
    let text = format!(
        r###"import {{ Finding, policy, environment, runtime, sysctl }} from "casefile";
export default policy({{
  id: "mine", version: "1.0.0", title: "Mine", needs: [{needs}], parameters: {{}},
  rules: [{{
    code: "one", title: "{title}", severity: "low", exitClass: "limits",
    documentation: "## What it checks\nx\n## Why it matters\nx\n## How to fix\n{fix}\n## References\nx\n",
    judge() {{ {judge} }},
  }}],
}});
"###
    );
    fs::write(folder.join(name), text).unwrap();
}

fn lint(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = casefile(["policy", "lint"]);
    command.current_dir(folder).args(arguments);
    run(command)
}

#[test]
fn nothing_is_said_of_what_is_sound() {
    let place = folder();
    script(
        place.path(),
        "a.js",
        "\"sysctl\"",
        "One",
        "x",
        "sysctl.get('a.b'); return [];",
    );
    let sample = sample_in(place.path());
    let run = lint(
        place.path(),
        &["a.js", "--snapshot", sample.to_str().unwrap()],
    );
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    let built = built_policies().join("limits.wasm");
    let run = lint(place.path(), &[built.to_str().unwrap()]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
}

#[test]
fn each_fault_is_told() {
    for (needs, title, fix, judge, words) in [
        ("", "One.", "x", "return [];", "its title is empty, longer"),
        (
            "",
            "One",
            "",
            "return [];",
            "there is nothing under \"How to fix\"",
        ),
        (
            "",
            "One",
            "x",
            "return [Finding.pass('x', 'y')];",
            "never a pass",
        ),
        (
            "",
            "One",
            "x",
            "return [Finding.notApplicable('x', String(runtime.seed()))];",
            "depend on random numbers",
        ),
        (
            "",
            "One",
            "x",
            "sysctl.get('kernel.ostype'); return [];",
            "it asks sysctl, which `needs` leaves out",
        ),
    ] {
        let place = folder();
        script(place.path(), "a.js", needs, title, fix, judge);
        let run = lint(place.path(), &["a.js"]);
        assert_eq!(run.code, 1, "{words}: {run:?}");
        assert!(run.out.contains(words), "{words}: {run:?}");
    }
}

#[test]
fn what_users_rely_on_must_stay() {
    let place = folder();
    script(place.path(), "new.js", "", "One", "x", "return [];");
    let text = fs::read_to_string(place.path().join("new.js")).unwrap();
    fs::write(
        place.path().join("old.js"),
        text.replace("\"one\"", "\"gone\""),
    )
    .unwrap();
    let run = lint(place.path(), &["new.js", "--against", "old.js"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.contains("rule gone: it is gone; a code stays"),
        "{run:?}"
    );
    assert!(run.out.contains("and the version is not"), "{run:?}");
    fs::write(
        place.path().join("other.js"),
        text.replace("\"mine\"", "\"other\""),
    )
    .unwrap();
    let run = lint(place.path(), &["new.js", "--against", "other.js"]);
    assert_eq!(run.error_line(), "other.js: there is no policy mine in it");
}
