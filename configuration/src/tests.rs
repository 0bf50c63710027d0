#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use casefile_engine::description::{Description, Parameter, Rule};
use casefile_engine::finding::ExitClass;
use casefile_engine::waiver::Waivable;
use proptest::prelude::*;

use super::*;

/// A policy with two rules and a parameter of each type.
fn policy(id: &str, rules: &[&str]) -> Description {
    let rule = |code: &&str| Rule {
        code: (*code).to_owned(),
        title: String::new(),
        severity: Severity::High,
        exit_class: ExitClass::Limits,
        documentation: String::new(),
    };
    let parameter = |(name, default): (&str, Value)| Parameter {
        name: name.to_owned(),
        default,
        documentation: String::new(),
    };
    Description {
        id: id.to_owned(),
        version: String::new(),
        title: String::new(),
        rules: rules.iter().map(rule).collect(),
        parameters: [
            ("deep", Value::Boolean(false)),
            ("open-files-low", Value::Integer(1024)),
            ("owner", Value::Text(String::new())),
            ("paths", Value::Texts(Vec::new())),
        ]
        .map(parameter)
        .into(),
        needs: None,
    }
}

fn read(text: &str, strangers: Strangers) -> Result<Configuration, Problems> {
    let policies = [
        policy("limits", &["inotify-queue", "open-files-low"]),
        policy("ca-bundle", &["ca-expired", "shared"]),
        policy("acme", &["shared"]),
    ];
    let policies: Vec<&Description> = policies.iter().collect();
    Document::parse(text)?.check(&policies, strangers)
}

/// What is wrong with a text, without the excerpts.
fn wrong(text: &str) -> Vec<String> {
    let problems = read(text, Strangers::Refused).unwrap_err();
    let shown =
        |problem: &Problem| format!("{}:{}: {}", problem.line, problem.column, problem.message);
    problems.list().iter().map(shown).collect()
}

const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

fn complete() -> String {
    format!(
        r#"
packs = ["rules/acme.casepack"]
built-in = true
trusted-keys = ["{KEY}", "vendor.pub"]
require-signature = true
fail-on = "medium"

[parameters.limits]
deep = true
open-files-low = 0x2000
owner = "a, b"
paths = ["/a,b", "/c"]

[severity]
inotify-queue = "info"
"acme/shared" = "critical"

[[waivers]]
rule = "ca-expired"
subject = "CN=Old Root*"
host = "db-*"
outcomes = ["unknown", "fail"]
reason = "is replaced in Q1, ticket 4711"
until = 2027-03-31

[[waivers]]
rule = "limits/inotify-queue"
reason = "is known"
until = 2027-03-31T01:00:00.5+02:00

[grants.acme]
environment = true
process = false
"#
    )
}

#[test]
fn a_complete_file_is_read() {
    let read = read(&complete(), Strangers::Refused).unwrap();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        read.sources,
        Sources {
            packs: vec![text("rules/acme.casepack")],
            built_in: true,
            trusted_keys: vec![
                TrustedKey::Text(text(KEY)),
                TrustedKey::File(text("vendor.pub"))
            ],
            require_signature: true,
        }
    );
    assert_eq!(read.fail_on, Some(Severity::Medium));
    assert_eq!(
        read.parameters["limits"],
        BTreeMap::from([
            (text("deep"), Value::Boolean(true)),
            (text("open-files-low"), Value::Integer(8192)),
            (text("owner"), Value::Text(text("a, b"))),
            (text("paths"), Value::Texts(vec![text("/a,b"), text("/c")])),
        ])
    );
    assert_eq!(
        read.severity,
        BTreeMap::from([
            (RuleName::new("acme", "shared"), Severity::Critical),
            (RuleName::new("limits", "inotify-queue"), Severity::Info),
        ])
    );
    let [first, second] = read.waivers.as_slice() else {
        panic!("{read:?}");
    };
    assert_eq!((first.line, second.line), (19, 27));
    assert_eq!(
        first.waiver,
        Waiver {
            rule: RuleName::new("ca-bundle", "ca-expired"),
            subject: Some(text("CN=Old Root*")),
            host: Some(text("db-*")),
            outcomes: vec![Waivable::Fail, Waivable::Unknown],
            reason: text("is replaced in Q1, ticket 4711"),
            // date -u -d '2027-04-01 - 1 second' +%s
            until: 1_806_537_599,
        }
    );
    assert_eq!(second.waiver.outcomes, [Waivable::Fail]);
    // date -u -d '2027-03-30T23:00:00Z' +%s
    assert_eq!(second.waiver.until, 1_806_447_600);
    assert_eq!(
        read.grants["acme"],
        BTreeMap::from([(text("environment"), true), (text("process"), false)])
    );
    assert!(read.left_out.is_empty());
}

#[test]
fn the_effective_content_is_read_the_same() {
    for text in [complete().as_str(), "", "packs = [\"a\"]\n"] {
        let first = read(text, Strangers::Refused).unwrap();
        let written = first.effective();
        let mut second = read(&written, Strangers::Refused).unwrap();
        assert_eq!(second.effective(), written);
        assert_eq!(second.fail_on, Some(first.fail_on.unwrap_or(FAIL_ON)));
        second.fail_on = first.fail_on;
        for (one, other) in second.waivers.iter_mut().zip(&first.waivers) {
            one.line = other.line;
        }
        assert_eq!(second, first);
    }
}

#[test]
fn built_in_policies_judge_where_no_packs_are_named() {
    for (text, built_in) in [
        ("", true),
        ("packs = []", true),
        ("packs = [\"a\"]", false),
        ("packs = [\"a\"]\nbuilt-in = true", true),
        ("built-in = false", false),
    ] {
        let document = Document::parse(text).unwrap();
        assert_eq!(document.sources().built_in, built_in, "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, expected) in [
        (
            "pack = 1",
            "1:1: there is no key \"pack\" here; did you mean packs?",
        ),
        (
            "\nzzz = 1",
            "2:1: there is no key \"zzz\" here; there are: packs, built-in, trusted-keys, \
             require-signature, fail-on, parameters, severity, waivers, grants",
        ),
        (
            "packs = 1",
            "1:9: packs takes an array of texts, not a whole number",
        ),
        (
            "packs = [\"a\", 1]",
            "1:15: packs takes texts here, not a whole number",
        ),
        ("packs = [\"a\", \"a\"]", "1:15: \"a\" is named twice"),
        (
            "packs = [\" \"]",
            "1:10: a pack is the name of a file or folder",
        ),
        (
            "built-in = \"yes\"",
            "1:12: built-in takes true or false, not text",
        ),
        ("built-in = true\nbuilt-in = true", "2:1: duplicate key"),
        (
            "trusted-keys = [\"RWQx\"]",
            "1:17: \"RWQx\" is no minisign public key (56 characters that begin with RW), \
             and no name of a file that ends in .pub",
        ),
        (
            "fail-on = \"hihg\"",
            "1:11: there is no severity \"hihg\"; did you mean high?",
        ),
        (
            "fail-on = 3",
            "1:11: fail-on takes the name of a severity, not a whole number",
        ),
        (
            "severity.inotify-queue = \"off\"",
            "1:26: a rule can't be turned off; a waiver takes its findings out, with a reason and an end",
        ),
        (
            "severity.shared = \"low\"",
            "1:10: several policies have a rule \"shared\"; write one of ca-bundle/shared, acme/shared",
        ),
        (
            "[severity]\ninotify-queue = \"low\"\n\"limits/inotify-queue\" = \"low\"",
            "3:1: rule limits/inotify-queue is given a severity twice",
        ),
        (
            "[severity]\n\"limits/inotify\" = \"low\"",
            "2:1: policy limits has no rule \"inotify\"; did you mean inotify-queue?",
        ),
        (
            "[severity]\n\"limit/inotify-queue\" = \"low\"",
            "2:1: there is no policy \"limit\"; did you mean limits?",
        ),
        (
            "parameters.limits = 1",
            "1:12: parameters stand in a table for each policy, such as [parameters.limits]; \
             \"limits\" is a whole number",
        ),
        (
            "parameters.limit.deep = true",
            "1:12: there is no policy \"limit\"; did you mean limits?",
        ),
        (
            "parameters.limits.open-file-low = 1",
            "1:19: policy limits has no parameter \"open-file-low\"; did you mean open-files-low?",
        ),
        (
            "parameters.limits.deep = \"true\"",
            "1:26: parameter limits.deep takes true or false, not text",
        ),
        (
            "parameters.limits.open-files-low = 9223372036854775808",
            "1:36: a parameter takes a whole number of 64 bits; this is too large",
        ),
        (
            "parameters.limits.open-files-low = 1.5",
            "1:36: a parameter takes true or false, a whole number, text or an array of texts, \
             not a number with a fraction",
        ),
        (
            "grants.acme.enviroment = true",
            "1:13: there is no interface \"enviroment\"; did you mean environment?",
        ),
        (
            "grants.acme.types = true",
            "1:13: there is no interface \"types\"; there are: audit, cgroup, elf, \
             environment, files, go-binary, host, kernel-log, network, package-db, process, start, \
             sysctl, tools, trust",
        ),
        (
            "grants.acme.process = 1",
            "1:23: a grant takes true or false, not a whole number",
        ),
        (
            "a = ",
            "1:5: string values must be quoted, expected literal string",
        ),
    ] {
        assert_eq!(wrong(text), [expected], "{text}");
    }
}

#[test]
fn a_waiver_has_a_rule_a_reason_and_an_end() {
    let waiver = |lines: &str| {
        let text = format!("[[waivers]]\nrule = \"ca-expired\"\n{lines}");
        read(&text, Strangers::Refused)
            .map(|_| ())
            .map_err(|_| wrong(&text))
    };
    assert_eq!(waiver("reason = \"x\"\nuntil = 2027-03-31"), Ok(()));
    for (lines, expected) in [
        ("until = 2027-03-31", "1:1: this waiver has no reason"),
        ("reason = \"x\"", "1:1: this waiver has no until"),
        (
            "reason = \" \\t\"\nuntil = 2027-03-31",
            "3:10: reason is blank",
        ),
        (
            "reason = \"x\"\nuntil = \"2027-03-31\"",
            "4:9: until takes a date (2027-03-31) or a time with its offset \
             (2027-03-31T12:00:00Z) without quotation marks, not text",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31T12:00:00",
            "4:9: until takes a date (2027-03-31) or a time with its offset \
             (2027-03-31T12:00:00Z), not a time",
        ),
        (
            "reason = \"x\"\nuntil = 9999-12-31T23:00:00-02:00",
            "4:9: there is no such time",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31\nsubject = \"\"",
            "5:11: subject is blank",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31\noutcomes = []",
            "5:12: outcomes names at least one outcome",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31\noutcomes = [\"error\"]",
            "5:13: \"error\" can't be waived; there are: fail, unknown",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31\nticket = 1",
            "5:1: there is no key \"ticket\" here; there are: rule, subject, host, outcomes, \
             reason, until",
        ),
        (
            "reason = \"x\"\nuntil = 2027-03-31\n[[waivers]]\nrule = \"ca-bundle/ca-expired\"\n\
             reason = \"y\"\nuntil = 2027-04-30",
            "6:8: line 2 waives the same findings",
        ),
    ] {
        assert_eq!(waiver(lines), Err(vec![expected.to_owned()]), "{lines}");
    }
    assert_eq!(
        wrong("[[waivers]]\n"),
        [
            "1:1: this waiver has no rule",
            "1:1: this waiver has no reason",
            "1:1: this waiver has no until"
        ]
    );
}

#[test]
fn all_that_is_wrong_is_told_in_the_order_of_the_text() {
    assert_eq!(
        wrong("zzz = 1\nfail-on = 1\n[severity]\nshared = 1\n[grants]\nacme = 1\n").len(),
        4
    );
    let many: String = (0..30).map(|number| format!("z{number} = 1\n")).collect();
    let problems = Document::parse(&many).unwrap_err();
    assert_eq!((problems.list().len(), problems.more()), (20, 10));
    assert!(problems.list().is_sorted_by_key(|problem| problem.line));
    let shown = problems.shown("f");
    assert!(shown.ends_with("f: and 10 more\n"), "{shown}");
}

#[test]
fn the_line_is_shown_with_a_mark() {
    let shown = |text: &str| Document::parse(text).unwrap_err().shown("a/casefile.toml");
    assert_eq!(
        shown("\n# \u{e9}\nbuilt-in =\t\"\u{e9}\u{1b}[2J\u{202e}\" # x\n"),
        "a/casefile.toml:3:14: invalid basic string, expected non-double-quote visible \
         characters, `\\`\n   3 | built-in = \"\u{e9}\u{fffd}[2J\u{fffd}\" # x\n     |              ^\n"
    );
    assert_eq!(
        shown("fail-on = \"hihg\" # x\r\n"),
        "a/casefile.toml:1:11: there is no severity \"hihg\"; did you mean high?\n   \
         1 | fail-on = \"hihg\" # x\n     |           ^^^^^^\n"
    );
    // A long line is cut, and the mark stays under what is meant.
    let long = format!("packs = [\"{}\", 1]", "b".repeat(300));
    let text = shown(&long);
    let lines: Vec<&str> = text.lines().collect();
    let mark = lines[2].find('^').unwrap();
    assert_eq!(lines[1].as_bytes()[mark], b'1', "{text}");
    assert!(lines[1].len() < 120, "{text}");
}

#[test]
fn what_other_policies_are_for_is_left_out_where_the_user_says() {
    let text = "[parameters.other]\nx = 1\n[severity]\n\"other/x\" = \"low\"\nyyy = \"low\"\n\
                [grants.third]\nprocess = true\n\
                [[waivers]]\nrule = \"zzz\"\nreason = \"x\"\nuntil = 2027-03-31\n";
    assert_eq!(wrong(text).len(), 5);
    let left = read(text, Strangers::LeftOut).unwrap();
    assert_eq!(left.left_out, ["other", "third", "yyy", "zzz"]);
    assert!(left.waivers.is_empty() && left.severity.is_empty());
    // What a loaded policy does not have is wrong all the same.
    let text = "[severity]\n\"limits/zzz\" = \"low\"\n";
    assert!(read(text, Strangers::LeftOut).is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in "[a-z\\[\\]=\"\\n .0-9-]{0,80}|\\PC{0,40}") {
        if let Err(problems) = read(&text, Strangers::LeftOut) {
            for problem in problems.list() {
                let line = text.split('\n').nth(problem.line - 1);
                prop_assert!(line.is_some(), "{problem:?}");
                prop_assert!(problem.column <= line.unwrap_or_default().chars().count() + 1);
            }
        }
    }
}
