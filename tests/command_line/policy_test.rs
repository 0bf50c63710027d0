//! `casefile policy test` and `casefile policy record`, as whoever writes a
//! policy meets them.

use std::fs;
use std::path::{Path, PathBuf};

use casefile_tests::built_in::BuiltIn;

use crate::program::{Run, casefile, folder, run, sample_in, this_host};

/// A case of the policy `limits` that passes.
const QUEUE: &str = "rules = [\"inotify-queue\"]
[evidence.\"/proc/sys/fs/inotify/max_queued_events\"]
text = \"16384\\n\"
[[findings]]
outcome = \"pass\"
subject = \"fs.inotify.max_queued_events\"
";

fn component(name: &str) -> PathBuf {
    let mut all = BuiltIn::all().unwrap().into_iter();
    all.find(|policy| policy.name == name).unwrap().component()
}

/// Runs `policy test` on the policy `limits`.
fn test(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = casefile(["policy", "test"]);
    command
        .arg(component("limits"))
        .args(arguments)
        .current_dir(folder);
    run(command)
}

/// Runs `policy record`.
fn record(policy: &str, snapshot: &Path, arguments: &[&str], output: &Path) -> Run {
    let mut command = casefile(["policy", "record"]);
    command
        .arg(component(policy))
        .arg(snapshot)
        .args(arguments)
        .arg("--output")
        .arg(output);
    run(command)
}

#[test]
fn cases_pass_and_fail_in_order() {
    let folder = folder();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    fs::write(cases.join("b.toml"), QUEUE).unwrap();
    fs::write(cases.join("a.toml"), QUEUE).unwrap();
    // The folder `cases` that is here.
    let good = test(folder.path(), &[]);
    assert_eq!(
        (good.code, good.out.as_str(), good.err.as_str()),
        (
            0,
            "pass   a\npass   b\n\n2 cases: 2 pass, 0 fail, 0 error\n",
            ""
        )
    );
    fs::write(cases.join("a.toml"), QUEUE.replace("16384", "16383")).unwrap();
    let bad = test(folder.path(), &["--threads", "1"]);
    assert_eq!(bad.code, 1, "{bad:?}");
    assert!(bad.out.starts_with("fail   a\n"), "{}", bad.out);
    for words in [
        "expected, and not given: inotify-queue Pass",
        "given, and not expected: inotify-queue Fail",
        "actual: 16383",
        "pass   b\n\n2 cases: 1 pass, 1 fail, 0 error\n",
    ] {
        assert!(bad.out.contains(words), "{words}: {}", bad.out);
    }
    // An error comes before a failure, and costs no other case anything.
    fs::write(cases.join("c.toml"), "rules = [\"inotify-queue\"]\n").unwrap();
    let broken = test(folder.path(), &["--threads", "2"]);
    assert_eq!(broken.code, 2, "{broken:?}");
    assert!(
        broken
            .out
            .contains("error  c\n    cases/c.toml: it states no finding of rule inotify-queue\n"),
        "{}",
        broken.out
    );
    assert!(broken.out.ends_with("3 cases: 1 pass, 1 fail, 1 error\n"));
}

#[test]
fn nothing_to_run_has_a_code_of_its_own() {
    let folder = folder();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    let none = test(folder.path(), &[]);
    assert_eq!((none.code, none.out.as_str()), (4, ""), "{none:?}");
    assert!(none.err.contains("no cases (*.toml) in cases"), "{none:?}");
    fs::write(cases.join("queue-long.toml"), QUEUE).unwrap();
    fs::write(cases.join("other.toml"), QUEUE).unwrap();
    let one = test(folder.path(), &["--run", "long"]);
    assert_eq!(one.code, 0, "{one:?}");
    assert!(
        one.out.starts_with("pass   queue-long\n\n1 case: "),
        "{one:?}"
    );
    let typo = test(folder.path(), &["--run", "queue-logn"]);
    assert_eq!((typo.code, typo.out.as_str()), (4, ""), "{typo:?}");
    assert!(
        typo.err
            .contains("did you mean queue-long?; there are: other, queue-long"),
        "{typo:?}"
    );
}

#[test]
fn what_can_not_be_used_is_named() {
    let folder = folder();
    let run = test(folder.path(), &[]);
    assert!(run.error_line().contains("name the cases"), "{run:?}");
    let run = test(folder.path(), &["nowhere"]);
    assert!(run.error_line().contains("nowhere: "), "{run:?}");
    fs::write(
        folder.path().join("other.toml"),
        QUEUE.replace("queue\"", "quue\""),
    )
    .unwrap();
    let run = test(folder.path(), &["other.toml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.out.contains("policy limits has no rule inotify-quue"),
        "{run:?}"
    );
}

#[test]
fn what_rules_read_and_missed_is_explained() {
    let folder = folder();
    let text = QUEUE.replace("rules = [\"inotify-queue\"]", "rules = [\"inotify-queue\", \"file-max-used\"]")
        .replace("[[findings]]", "[evidence.\"/proc/sys/fs/file-nr\"]\nunknown = \"denied\"\ndetail = \"EACCES\"\n[[findings]]\nrule = \"inotify-queue\"")
        + "[[findings]]\nrule = \"file-max-used\"\noutcome = \"unknown\"\nsubject = \"/proc/sys/fs/file-nr\"\n";
    fs::write(folder.path().join("case.toml"), text).unwrap();
    let run = test(folder.path(), &["case.toml", "--explain"]);
    assert_eq!(run.code, 0, "{run:?}");
    for words in [
        // printf '16384\n' | sha256sum
        "read      /proc/sys/fs/inotify/max_queued_events: 6 bytes, sha256:33f5072812931357",
        "missing   /proc/sys/fs/file-nr (denied: EACCES)",
        "finding   unknown \"/proc/sys/fs/file-nr\": ",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
}

#[test]
fn costs_are_the_same_whoever_counts() {
    let folder = folder();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/limits/cases");
    let cases = cases.to_str().unwrap();
    let table = |threads| {
        let run = test(folder.path(), &[cases, "--bench", "--threads", threads]);
        assert_eq!(run.code, 0, "{run:?}");
        let (_, table) = run.out.split_once("\nrule ").unwrap();
        // All but the time.
        let rows = table.lines().map(|line| {
            let (counted, _) = line.trim_end().rsplit_once("  ").unwrap();
            counted.trim_end().to_owned()
        });
        rows.collect::<Vec<String>>()
    };
    let one = table("1");
    assert_eq!(one.len(), 28, "a heading and 27 rules: {one:?}");
    assert_eq!(one, table("2"));
}

#[test]
fn rules_that_no_case_shows_are_gaps() {
    let folder = folder();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    fs::write(cases.join("queue.toml"), QUEUE).unwrap();
    let run = test(folder.path(), &["--coverage"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "gap    inotify-queue: no case shows fail\n",
        "gap    file-max-used: no case shows pass\n",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    assert!(!run.out.contains("inotify-queue: no case shows pass"));
    let never = "[[never]]\nrule = \"inotify-queue\"\noutcome = \"fail\"\nreason = \"so\"\n";
    fs::write(cases.join("never.toml"), never).unwrap();
    let run = test(folder.path(), &["--coverage"]);
    assert!(!run.out.contains("inotify-queue: no case shows fail"));
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/limits/cases");
    let whole = test(folder.path(), &[own.to_str().unwrap(), "--coverage"]);
    assert_eq!(whole.code, 0, "{whole:?}");
}

#[test]
fn what_is_recorded_of_this_host_passes_and_is_looked_at() {
    let folder = folder();
    for policy in BuiltIn::all().unwrap() {
        let path = folder.path().join(format!("{}.toml", policy.name));
        let recorded = record(&policy.name, this_host(), &[], &path);
        assert_eq!(recorded.code, 0, "{recorded:?}");
        let mut command = casefile(["policy", "test"]);
        command.arg(policy.component()).arg(&path);
        let tested = run(command);
        assert_eq!(tested.code, 0, "{tested:?}");
        // One finding less is one that is not expected.
        let text = fs::read_to_string(&path).unwrap();
        let changed = text.replacen("\nsubject = \"", "\nsubject = \"not ", 1);
        assert_ne!(text, changed);
        fs::write(&path, changed).unwrap();
        let mut command = casefile(["policy", "test"]);
        command.arg(policy.component()).arg(&path);
        assert_eq!(run(command).code, 1);
    }
}

#[test]
fn a_recorded_case_has_what_was_read_and_no_more() {
    let folder = folder();
    let sample = sample_in(folder.path());
    let path = folder.path().join("case.toml");
    let rules = ["--rule", "file-max-used"];
    let recorded = record("limits", &sample, &rules, &path);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    let text = fs::read_to_string(&path).unwrap();
    // The sample has no /proc/sys/fs/file-nr: nobody looked for it.
    assert!(
        text.contains("missing = [\"/proc/sys/fs/file-nr (not-collected)\"]"),
        "{text}"
    );
    for other in ["os-release", "/etc", "nr_open", "inotify"] {
        assert!(!text.contains(other), "{other}: {text}");
    }
    // A case that is there is left alone.
    let again = record("limits", &sample, &["--rule", "inotify-queue"], &path);
    assert!(again.error_line().contains("--force"), "{again:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let forced = record(
        "limits",
        &sample,
        &["--rule", "inotify-queue", "--force"],
        &path,
    );
    assert_eq!(forced.code, 0, "{forced:?}");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("rules = [\"inotify-queue\"]")
    );
    let typo = record(
        "limits",
        &sample,
        &["--rule", "inotify"],
        &folder.path().join("x.toml"),
    );
    assert!(
        typo.error_line().contains("there is no rule \"inotify\""),
        "{typo:?}"
    );
}

#[test]
fn this_host_is_recorded_where_no_snapshot_is_given() {
    let mut command = casefile(["policy", "record", "--quiet", "--rule", "inotify-queue"]);
    command.arg(component("limits"));
    let recorded = run(command);
    assert_eq!(
        (recorded.code, recorded.err.as_str()),
        (0, ""),
        "{recorded:?}"
    );
    let folder = folder();
    fs::write(folder.path().join("live.toml"), &recorded.out).unwrap();
    let tested = test(folder.path(), &["live.toml"]);
    assert_eq!(tested.code, 0, "{tested:?}");
}

#[test]
fn the_example_of_the_documentation_passes() {
    let page = include_str!("../../docs/cases.md");
    let (_, example) = page.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```\n").unwrap();
    let folder = folder();
    fs::write(folder.path().join("example.toml"), example).unwrap();
    let run = test(folder.path(), &["example.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn the_documentation_has_every_key() {
    let page = include_str!("../../docs/cases.md");
    let folder = folder();
    for (text, keys) in [
        ("nothing = 1", 20),
        ("rules = [\"a\"]\n[process.1]\nnothing = 1", 15),
        ("rules = [\"a\"]\n[[findings]]\nnothing = 1", 11),
    ] {
        fs::write(folder.path().join("wrong.toml"), text).unwrap();
        let run = test(folder.path(), &["wrong.toml"]);
        let (_, known) = run.out.split_once("expected one of ").unwrap();
        let known = known.lines().next().unwrap();
        let known: Vec<&str> = known.split(", ").map(|key| key.trim_matches('`')).collect();
        assert_eq!(known.len(), keys, "{known:?}");
        for key in known {
            let documented = [format!("`{key}`"), format!("[{key}"), format!("[[{key}]]")];
            assert!(
                documented.iter().any(|words| page.contains(words)),
                "{key} is not documented"
            );
        }
    }
}
