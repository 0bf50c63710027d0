#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use serde_json::json;

use super::*;
use crate::finding::AppliedWaiver;
use crate::sandbox::Limits;
use crate::verdict::Counts;

/// A verdict with one finding, that lacks so many pieces of evidence.
fn lacking(pieces: usize) -> Verdict {
    let missing: Vec<_> = (0..pieces)
        .map(|pid| json!({ "path": format!("/proc/{pid}/fd"), "reason": "denied" }))
        .collect();
    let finding = json!({
        "outcome": "unknown", "severity": "high", "confidence": "proven",
        "subject": "processes", "message": "not known", "evidence": [], "missing": missing,
    });
    let rule = json!({
        "code": "a-rule", "title": "A rule", "severity": "high", "exit_class": "limits",
        "read": [], "findings": [finding],
    });
    let policy = json!({
        "id": "a-policy", "version": "1.0.0", "title": "A policy", "sha256": "",
        "imports": [], "parameters": {}, "rules": [rule],
    });
    let verdict = json!({
        "schema": 1,
        "engine": { "version": "0.1.0", "contract": "0.1.0", "limits": Limits::default() },
        "snapshot": {
            "sha256": "", "format": 1, "source": "live", "taken": "", "hostname": "",
            "kernel": "", "architecture": "", "collector_uid": 0,
        },
        "as_of": "",
        "counts": { "pass": 0, "fail": 0, "unknown": 1, "not_applicable": 0, "error": 0 },
        "policies": [policy],
        "evidence": [],
    });
    serde_json::from_value(verdict).unwrap()
}

#[test]
fn of_much_that_is_missing_a_little_is_shown() {
    let shown = |pieces| {
        let style = Style {
            width: 100,
            ..Style::default()
        };
        let text = text(&lacking(pieces), style);
        let lines = text.lines().filter(|line| line.contains("= missing"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(shown(4).len(), 4);
    let lines = shown(300);
    assert_eq!(lines.len(), 5);
    assert!(lines[3].ends_with("/proc/3/fd (denied)"), "{lines:?}");
    assert!(lines[4].contains("and 296 more"), "{lines:?}");
}

/// Such a verdict as text.
fn shown(verdict: &Verdict) -> String {
    let style = Style {
        width: 100,
        ..Style::default()
    };
    text(verdict, style)
}

#[test]
fn what_keeps_several_rules_from_an_answer_is_told_once() {
    let mut verdict = lacking(1);
    let rule = verdict.policies[0].rules[0].clone();
    for (code, message) in [("b-rule", "not known"), ("c-rule", "not known either")] {
        let mut other = rule.clone();
        code.clone_into(&mut other.code);
        message.clone_into(&mut other.findings[0].message);
        verdict.policies[0].rules.push(other);
    }
    let mut policy = verdict.policies[0].clone();
    "b-policy".clone_into(&mut policy.id);
    policy.rules.truncate(1);
    verdict.policies.push(policy);
    let text = shown(&verdict);
    let heads: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("unknown[") || line.contains("= also"))
        .collect();
    assert_eq!(
        heads,
        [
            "unknown[a-rule]: not known",
            "   = also     b-rule",
            "unknown[c-rule]: not known either",
            "unknown[a-rule]: not known",
        ]
    );
    // Failures stay apart, each with evidence of its own.
    for policy in &mut verdict.policies {
        for rule in &mut policy.rules {
            rule.findings[0].outcome = Outcome::Fail;
        }
    }
    assert_eq!(shown(&verdict).matches("high[").count(), 4);
}

#[test]
fn what_cites_nothing_does_not_show_the_first_few_items_of_all() {
    let mut verdict = lacking(0);
    let items = (0..6).map(|id| {
        let item = json!({
            "id": id, "kind": "raw", "path": format!("/etc/{id}"),
            "content": "symlink", "target": "x",
        });
        serde_json::from_value(item).unwrap()
    });
    verdict.evidence = items.collect();
    let rule = &mut verdict.policies[0].rules[0];
    rule.read = (0..6).collect();
    rule.findings[0].evidence = vec![1, 4];
    let text = shown(&verdict);
    assert!(
        text.contains("= evidence /etc/1 -> x\n   = evidence /etc/4 -> x\n"),
        "{text}"
    );
    let rule = &mut verdict.policies[0].rules[0];
    rule.findings[0].evidence = rule.read.clone();
    let text = shown(&verdict);
    assert!(
        text.contains("= evidence all 6 items that the rule has read"),
        "{text}"
    );
    assert!(!text.contains("/etc/"), "{text}");
}

#[test]
fn the_last_line_says_as_of_when_where_it_is_another_time() {
    let mut verdict = lacking(1);
    "2026-01-31T00:00:00Z".clone_into(&mut verdict.snapshot.taken);
    verdict.as_of = verdict.snapshot.taken.clone();
    let last = |verdict: &Verdict| shown(verdict).lines().last().unwrap().to_owned();
    assert_eq!(
        last(&verdict),
        "a host without a name, live of 2026-01-31T00:00:00Z: 0 fail, 1 unknown, 0 error, \
         0 pass, 0 not applicable; 1 rule of 1 policy"
    );
    "2027-01-31T00:00:00Z".clone_into(&mut verdict.as_of);
    let line = last(&verdict);
    assert!(
        line.contains(" of 2026-01-31T00:00:00Z, judged as of 2027-01-31T00:00:00Z: "),
        "{line}"
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let shown = printable("a\u{1b}[2Jb\u{202e}c\nd");
    assert_eq!(shown, "a\\u{1b}[2Jb\\u{202e}c d");
}

/// A verdict with so many waived findings, and one beside them that failed,
/// whose waiver has ended and whose severity is the user's.
fn with_waivers(waived: usize) -> Verdict {
    let mut verdict = lacking(0);
    let rule = &mut verdict.policies[0].rules[0];
    let mut finding = rule.findings.remove(0);
    finding.outcome = Outcome::Fail;
    for number in 0..waived {
        finding.subject = format!("CN=Old Root {number}, O=An Authority That Has a Long Name");
        finding.waiver = Some(AppliedWaiver {
            reason: "is replaced in the first quarter of next year, ticket 4711".to_owned(),
            until: "2027-03-31T23:59:59Z".to_owned(),
        });
        rule.findings.push(finding.clone());
    }
    finding.subject = "CN=Other".to_owned();
    finding.policy_severity = Some(Severity::Info);
    finding.ended_waiver = Some(AppliedWaiver {
        reason: "was to be replaced".to_owned(),
        until: "2026-01-31T12:00:00Z".to_owned(),
    });
    finding.waiver = None;
    rule.findings.push(finding);
    verdict.counts = Counts::default();
    for finding in &verdict.policies[0].rules[0].findings {
        verdict.counts.add(finding);
    }
    verdict
}

#[test]
fn what_is_waived_stands_by_itself_with_reason_and_end() {
    let style = Style {
        width: 60,
        ..Style::default()
    };
    let text = text(&with_waivers(2), style);
    assert_eq!(
        text,
        "waived until 2027-03-31: is replaced in the first quarter of
  next year, ticket 4711
  --> a-policy/a-rule, high: CN=Old Root 0, O=An Authority
      That Has a Long Name
  --> a-policy/a-rule, high: CN=Old Root 1, O=An Authority
      That Has a Long Name

high[a-rule]: not known
  --> a-policy: CN=Other
   = severity is yours; the policy says info
   = waiver   ended 2026-01-31T12:00:00Z: was to be replaced

a host without a name, live of : 1 fail, 0 unknown, 0 error, \
         0 pass, 0 not applicable, 2 waived; 1 rule of 1 policy
"
        .replace("\\\n         ", "")
    );
}

#[test]
fn of_much_that_is_waived_a_little_is_shown() {
    let lines = |all| {
        let style = Style {
            all,
            width: 100,
            ..Style::default()
        };
        let text = text(&with_waivers(30), style);
        let more = text.contains("  --> and 22 more (--all lists them)\n");
        (text.matches("CN=Old Root").count(), more)
    };
    assert_eq!(lines(false), (8, true));
    assert_eq!(lines(true), (30, false));
}
