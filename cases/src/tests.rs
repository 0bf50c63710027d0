#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use casefile_engine::finding::{Confidence, Finding, Outcome, Severity};
use casefile_snapshot::{Content, EvidenceKey, HostPath, Kind};

use std::path::Path;
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_snapshot::{Snapshot, SnapshotBuilder, Source};

use crate::case::manifest;
use crate::{Bases, Case, CaseError, Given, compare};

const FINDING: &str = "[[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n";

fn parse(text: &str) -> Result<Case, CaseError> {
    Case::parse(Path::new("/nowhere/case.toml"), text)
}

/// A case with these items and one rule.
fn with(items: &str) -> Result<Snapshot, CaseError> {
    parse(&format!("rules = [\"a\"]\n{items}\n{FINDING}"))?.snapshot(&Bases::default())
}

fn problem<T>(result: Result<T, CaseError>) -> String {
    match result {
        Ok(_) => panic!("it is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_case_without_findings_is_none() {
    let wrong = problem(parse("rules = [\"a\"]\n"));
    assert!(wrong.contains("no finding of rule a"), "{wrong}");
    let one_of_two =
        "rules = [\"a\", \"b\"]\n[[findings]]\nrule = \"a\"\noutcome = \"pass\"\nsubject = \"x\"\n";
    let wrong = problem(parse(one_of_two));
    assert!(wrong.contains("no finding of rule b"), "{wrong}");
    let wrong = problem(parse("rules = []\n"));
    assert!(wrong.contains("no rules"), "{wrong}");
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    for (text, words) in [
        ("rules = [\"a\"]\ntimes = \"x\"\n", "times"),
        (
            "rules = [\"a\"]\n[[findings]]\noutcome = \"pass\"\nsubject = \"x\"\nsubjects = 1\n",
            "subjects",
        ),
        (
            "rules = [\"a\"]\n[[findings]]\noutcome = \"passed\"\nsubject = \"x\"\n",
            "passed",
        ),
        (
            "rules = [\"a\"]\n[[findings]]\nrule = \"b\"\noutcome = \"pass\"\nsubject = \"x\"\n",
            "rule b",
        ),
        (
            "rules = [\"a\", \"b\"]\n[[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n",
            "of which rule",
        ),
        ("rules = [\"a\", \"a\"]\n", "twice"),
        ("rules = [\"a\"]\n[process.1]\nnames = \"x\"\n", "names"),
    ] {
        let wrong = problem(parse(text));
        assert!(wrong.contains(words), "{text}: {wrong}");
    }
    let time = format!("rules = [\"a\"]\ntime = \"soon\"\n{FINDING}");
    assert!(problem(parse(&time).unwrap().snapshot(&Bases::default())).contains("soon"));
}

#[test]
fn items_that_no_host_has_are_refused() {
    for (items, words) in [
        ("[evidence.\"/a\"]", "one of text"),
        (
            "[evidence.\"/a\"]\ntext = \"\"\nlink = \"b\"",
            "one of text",
        ),
        ("[evidence.\"/a\"]\ntexts = \"\"", "texts"),
        ("[evidence.\"/a\"]\nabsent = false", "left out"),
        ("[evidence.\"/a\"]\nabsent = true\ntext = \"\"", "text"),
        (
            "[evidence.\"/a\"]\nabsent = true\nunknown = \"denied\"",
            "either",
        ),
        ("[evidence.\"/a\"]\nunknown = \"forbidden\"", "forbidden"),
        ("[evidence.\"/a\"]\ntext = \"\"\ndetail = \"x\"", "detail"),
        ("[evidence.\"/a\"]\nlink = \"b\"\nskipped = 1", "skipped"),
        ("[evidence.\"/a\"]\nfile = \"none.pem\"", "none.pem"),
        (
            "[evidence.\"/a\"]\ntext = \"\"\nstat = true",
            "stat is false",
        ),
        ("[evidence.\"/a\"]\nlink = \"b\"\nredacted = 1", "redacted"),
        (
            "[elf.\"/a\"]\nfile = \"x.json\"\nclass = 1",
            "in a file, or",
        ),
        ("[elf.\"/a\"]\nfile = \"none.json\"", "none.json"),
        ("[evidence.\"/a/\"]\ntext = \"\"", "/a/"),
        (
            "[evidence.\"/\"]\nnames = [\"b\"]\n[evidence.\"/a\"]\ntext = \"\"",
            "not among the names of /",
        ),
        (
            "[evidence.\"/\"]\nnames = [\"b\"]\n[elf.\"/a/b\"]\n",
            "not among the names of /",
        ),
        (
            "[evidence.\"/a\"]\nlink = \"b\"\n[evidence.\"/a/c\"]\ntext = \"\"",
            "/a is a link",
        ),
        (
            "[evidence.\"/a\"]\ntext = \"b\"\n[evidence.\"/a/c\"]\ntext = \"\"",
            "/a is a file",
        ),
        (
            "[evidence.\"/a\"]\nabsent = true\n[evidence.\"/a/c\"]\ntext = \"\"",
            "/a is absent",
        ),
        ("[elf.\"/a\"]\nmachines = 3", "machines"),
        ("[elf.\"/a\"]\nis = \"script\"", "interpreter"),
        ("[descriptors.\"/a\"]\nopened = 3", "opened"),
        ("[environment.\"/a\"]\nvariable = []", "variable"),
        (
            "[process.1]\nname = \"x\"\nopen = 1\ninotify = 2",
            "more instances",
        ),
        ("[process.01]\nname = \"x\"", "names it"),
        ("[process.1]\nname = \"x\"\nopen_files = \"1\"", "SOFT:HARD"),
    ] {
        let wrong = problem(with(items));
        assert!(wrong.contains(words), "{items}: {wrong}");
    }
}

#[test]
fn items_are_what_the_case_says() {
    let snapshot = with(
        "[evidence.\"/a\"]\ntext = \"b\"\nmode = 0o4711\nuid = 7\n\
         [evidence.\"/c\"]\nunknown = \"timed-out\"\ndetail = \"slow\"\n\
         [elf.\"/d\"]\n[elf.\"/d\".dynamic]\nneeded = [\"libc.so.6\"]\n\
         version_needs = [{ file = \"libc.so.6\", versions = [\"GLIBC_2.34\"] }]\n\
         [environment.\"/proc/1/environ\"]\nvariables = [{ name = \"A\", value = \"b\" }]\n",
    )
    .unwrap();
    let item = |kind, path: &str| {
        let key = EvidenceKey::new(kind, HostPath::new(path).unwrap());
        snapshot.get(&key).unwrap()
    };
    let file = item(Kind::Raw, "/a");
    assert_eq!(snapshot.bytes(file).unwrap(), b"b");
    let stat = snapshot.entry(file).stat.clone().unwrap();
    assert_eq!((stat.mode, stat.uid, stat.size), (0o104_711, 7, 1));
    let unknown = &snapshot.entry(item(Kind::Raw, "/c")).content;
    assert!(
        matches!(unknown, Content::Missing(absence) if absence.to_string() == "timed-out: slow")
    );
    let elf = item(Kind::Elf, "/d");
    let elf = std::str::from_utf8(snapshot.bytes(elf).unwrap()).unwrap();
    assert!(elf.contains(r#""is":"elf","class":2"#), "{elf}");
    // The hash that stands in programs which binutils linked.
    let version = format!(r#"{{"name":"GLIBC_2.34","hash":{}}}"#, 0x0696_91b4);
    assert!(elf.contains(&version), "{elf}");
    let environment = item(Kind::Environment, "/proc/1/environ");
    assert_eq!(
        snapshot.bytes(environment).unwrap(),
        br#"{"variables":[{"name":"A","value":"b"}]}"#
    );
}

#[test]
fn what_stat_says_can_be_given() {
    let snapshot = with(
        "[evidence.\"/a\"]\ntext = \"b\"\nsize = 9\nmodified = \"1970-01-02\"\n\
         xattrs = { \"security.selinux\" = \"00\" }\nredacted = 2\n\
         [evidence.\"/b\"]\ntext = \"\"\nstat = false\n\
         [evidence.\"/c\"]\nunknown = \"not-regular\"\nmode = 0o010644\n",
    )
    .unwrap();
    let facts = Facts::new(Arc::new(snapshot));
    let stat = facts.file_stat("/a").unwrap().value.stat;
    assert_eq!((stat.size, stat.mtime_ns), (9, 86_400_000_000_000));
    let attribute = facts.file_attribute("/a", "security.selinux").unwrap();
    assert_eq!(attribute.value, [0]);
    assert!(facts.file_stat("/b").is_err());
    let pipe = facts.file_stat("/c").unwrap().value.stat;
    assert_eq!(pipe.file_type(), 0o010_000);
}

#[test]
fn a_process_reads_as_it_was_told() {
    let snapshot = with(
        "[process.2]\nname = \"kthreadd\"\nkernel_thread = true\n\
         [process.30]\nname = \"a b\"\nuid = 33\neffective_uid = 34\nopen_files = \"5:unlimited\"\nopen = 9\ninotify = 2\n\
         threads = 7\nresident = 8192\nmappings = 65\ngroup = \"/a.slice\"\nstarted = 3\n\
         limits = { \"address space\" = \"1:2\" }\nkinds = { socket = 1 }\n\
         [evidence.\"/proc/31\"]\nunknown = \"vanished\"\n\
         [evidence.\"/proc/sys/fs/file-max\"]\ntext = \"1\"\n",
    )
    .unwrap();
    let facts = Facts::new(Arc::new(snapshot));
    assert_eq!(facts.pids().unwrap().value, [2, 30, 31]);
    assert!(facts.process_status(2).unwrap().value.kernel_thread);
    assert!(facts.process_executable(2).is_err());
    let status = facts.process_status(30).unwrap().value;
    assert_eq!(
        (status.name.as_str(), status.uids),
        ("a b", [33, 34, 33, 34])
    );
    assert!(!status.kernel_thread);
    let limit = facts.process_limit(30, "Max open files").unwrap().value;
    assert_eq!((limit.soft, limit.hard), (Some(5), None));
    let descriptors = facts.process_descriptors(30).unwrap().value;
    assert_eq!(descriptors.open, 9);
    assert_eq!(descriptors.kinds["anon_inode:inotify"], 2);
    assert_eq!(
        (descriptors.kinds["socket"], descriptors.kinds["file"]),
        (1, 6)
    );
    let limit = facts.process_limit(30, "Max address space").unwrap().value;
    assert_eq!((limit.soft, limit.hard), (Some(1), Some(2)));
    assert_eq!(status.threads, 7);
    assert_eq!(facts.process_memory(30).unwrap().value.resident, 8192);
    assert_eq!(facts.process_mappings(30).unwrap().value, 65);
    assert_eq!(facts.process_started(30).unwrap().value, 3_000_000);
    assert_eq!(facts.cgroups(30).unwrap().value[0].pathname, "/a.slice");
    assert!(facts.process_status(31).is_err());
}

/// A finding of rule `a`.
fn given(outcome: Outcome, subject: &str, actual: &str) -> Given {
    let finding = Finding {
        outcome,
        severity: Severity::High,
        policy_severity: None,
        confidence: Confidence::Proven,
        subject: subject.to_owned(),
        message: "a message".to_owned(),
        actual: Some(actual.to_owned()),
        wanted: None,
        remedy: None,
        evidence: Vec::new(),
        missing: Vec::new(),
        waiver: None,
        ended_waiver: None,
    };
    let empty = SnapshotBuilder::new().finish(manifest(Source::Live, 0));
    Given::new("a", &finding, &empty.unwrap())
}

/// How many differences there are to the findings of a case.
fn differences(stated: &str, given: Vec<Given>) -> usize {
    let case = parse(&format!("rules = [\"a\"]\n{stated}")).unwrap();
    compare(&case.findings, given).len()
}

#[test]
fn findings_are_compared_one_by_one() {
    let x = |actual| given(Outcome::Fail, "x", actual);
    let stated = "[[findings]]\noutcome = \"fail\"\nsubject = \"x\"\n";
    assert_eq!(differences(stated, vec![x("1")]), 0);
    assert_eq!(differences(stated, vec![]), 1);
    assert_eq!(differences(stated, vec![x("1"), x("2")]), 1);
    assert_eq!(differences(stated, vec![given(Outcome::Pass, "x", "1")]), 2);
    assert_eq!(differences(stated, vec![given(Outcome::Fail, "y", "1")]), 2);
    for (field, fits) in [
        ("actual = \"1\"", true),
        ("actual = \"2\"", false),
        ("message = \"a message\"", true),
        ("message = \"a\"", false),
        ("wanted = \"1\"", false),
        ("remedy = \"1\"", false),
        ("severity = \"high\"", true),
        ("severity = \"low\"", false),
        ("confidence = \"proven\"", true),
        ("confidence = \"heuristic\"", false),
        ("evidence = []", true),
        ("evidence = [\"/x\"]", false),
        ("missing = []", true),
        ("missing = [\"/x (denied)\"]", false),
    ] {
        let stated = format!("{stated}{field}\n");
        let wanted = if fits { 0 } else { 2 };
        assert_eq!(differences(&stated, vec![x("1")]), wanted, "{field}");
    }
    // The one that states more is not robbed of its match.
    let both = format!("{stated}{stated}actual = \"1\"\n");
    assert_eq!(differences(&both, vec![x("1"), x("2")]), 0);
}
