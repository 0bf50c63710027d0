//! The verdict as text in the shape of a compiler's diagnostics: what is
//! wrong, where, on which evidence, and what to do; last one line of counts.

mod start;
#[cfg(test)]
mod tests;
mod waived;

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::finding::{Finding, Outcome, Severity};
use crate::verdict::{Evidence, EvidenceContent, PolicyVerdict, RuleVerdict, Verdict};

/// How text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub colour: bool,
    /// Findings that pass or do not concern the host are listed as well.
    pub all: bool,
    /// Columns to wrap at.
    pub width: usize,
}

/// How many pieces of evidence, and how many that are missing, a finding
/// shows before it sums up.
const EVIDENCE_SHOWN: usize = 4;

/// The verdict as text: what is waived, then findings by weight, the heaviest
/// last, so that they stand right above the counts; of one program the
/// heaviest first.
#[must_use]
pub fn text(verdict: &Verdict, style: Style) -> String {
    let mut shown: Vec<(&PolicyVerdict, &RuleVerdict, &Finding)> = verdict
        .policies
        .iter()
        .flat_map(|policy| policy.rules.iter().map(move |rule| (policy, rule)))
        .flat_map(|(policy, rule)| rule.findings.iter().map(move |one| (policy, rule, one)))
        .filter(|(_, _, finding)| finding.waiver.is_none())
        .filter(|(_, _, finding)| {
            style.all || !matches!(finding.outcome, Outcome::Pass | Outcome::NotApplicable)
        })
        .collect();
    shown.sort_by_key(|(_, _, finding)| weight(finding));
    if verdict.start.is_some() {
        // Of one program the worst is what was asked for.
        shown.reverse();
    }
    let mut printer = Printer {
        out: String::new(),
        style,
        verdict,
    };
    // Writing to a String can't fail.
    let _ = printer.start();
    let _ = printer.waived();
    for (policy, finding, rules) in together(&shown) {
        let _ = printer.finding(policy, finding, &rules);
    }
    let _ = printer.summary();
    printer.out
}

/// Findings with the rules that have them. What keeps one rule of a policy
/// from an answer keeps others from it as well, and is told once.
fn together<'a>(
    shown: &[(&'a PolicyVerdict, &'a RuleVerdict, &'a Finding)],
) -> Vec<(&'a PolicyVerdict, &'a Finding, Vec<&'a RuleVerdict>)> {
    let mut groups: Vec<(&PolicyVerdict, &Finding, Vec<&RuleVerdict>)> = Vec::new();
    let mut known = BTreeMap::new();
    for &(policy, rule, finding) in shown {
        if finding.outcome == Outcome::Unknown {
            let key = (
                (&policy.id, finding.severity),
                (&finding.subject, &finding.message),
                (&finding.actual, &finding.wanted, &finding.remedy),
                (&finding.missing, &finding.policy_severity),
                &finding.ended_waiver,
            );
            let place = *known.entry(key).or_insert(groups.len());
            if let Some((_, _, rules)) = groups.get_mut(place) {
                rules.push(rule);
                continue;
            }
        }
        groups.push((policy, finding, vec![rule]));
    }
    groups
}

fn weight(finding: &Finding) -> (u8, Severity) {
    let outcome = match finding.outcome {
        Outcome::NotApplicable => 0,
        Outcome::Pass => 1,
        Outcome::Unknown => 2,
        Outcome::Error => 3,
        Outcome::Fail => 4,
    };
    (outcome, finding.severity)
}

struct Printer<'a> {
    out: String,
    style: Style,
    verdict: &'a Verdict,
}

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const GREEN: &str = "\u{1b}[1;32m";
const MAGENTA: &str = "\u{1b}[1;35m";
const BLUE: &str = "\u{1b}[1;34m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

impl Printer<'_> {
    fn finding(
        &mut self,
        policy: &PolicyVerdict,
        finding: &Finding,
        rules: &[&RuleVerdict],
    ) -> fmt::Result {
        let [rule, others @ ..] = rules else {
            return Ok(());
        };
        let (colour, word) = match (finding.outcome, finding.severity) {
            (Outcome::Pass, _) => (GREEN, "pass"),
            (Outcome::NotApplicable, _) => (BLUE, "not applicable"),
            (Outcome::Unknown, _) => (MAGENTA, "unknown"),
            (Outcome::Error, _) => (MAGENTA, "error"),
            (Outcome::Fail, Severity::Critical) => (RED, "critical"),
            (Outcome::Fail, Severity::High) => (RED, "high"),
            (Outcome::Fail, Severity::Medium) => (YELLOW, "medium"),
            (Outcome::Fail, Severity::Low) => (YELLOW, "low"),
            (Outcome::Fail, Severity::Info) => (BLUE, "info"),
        };
        let head = printable(&format!("{word}[{}]", rule.code));
        self.paint(colour, &head)?;
        let message = format!(": {}", finding.message);
        self.wrapped(&message, head.chars().count(), 2, BOLD)?;
        self.arrow(&format!("{}: {}", policy.id, finding.subject))?;
        if !others.is_empty() {
            let codes: Vec<&str> = others.iter().map(|rule| rule.code.as_str()).collect();
            self.field("also", &codes.join(", "))?;
        }
        self.evidence(rule, finding)?;
        for (label, value) in [
            ("actual", &finding.actual),
            ("wanted", &finding.wanted),
            ("remedy", &finding.remedy),
        ] {
            if let Some(value) = value {
                self.field(label, value)?;
            }
        }
        self.decisions(finding)?;
        self.missing(finding)?;
        self.out.push('\n');
        Ok(())
    }

    /// What the user has decided about it.
    fn decisions(&mut self, finding: &Finding) -> fmt::Result {
        let failed = finding.outcome == Outcome::Fail;
        if let Some(severity) = finding.policy_severity.filter(|_| failed) {
            let severity = severity.as_str();
            self.field("severity", &format!("is yours; the policy says {severity}"))?;
        }
        if let Some(waiver) = &finding.ended_waiver {
            let until = waived::day(&waiver.until);
            self.field("waiver", &format!("ended {until}: {}", waiver.reason))?;
        }
        Ok(())
    }

    fn missing(&mut self, finding: &Finding) -> fmt::Result {
        for missing in finding.missing.iter().take(EVIDENCE_SHOWN) {
            let detail = if missing.detail.is_empty() {
                String::new()
            } else {
                format!(": {}", missing.detail)
            };
            self.field(
                "missing",
                &format!("{} ({}{detail})", missing.path, missing.reason),
            )?;
        }
        if finding.missing.len() > EVIDENCE_SHOWN {
            let rest = finding.missing.len() - EVIDENCE_SHOWN;
            self.field(
                "missing",
                &format!("and {rest} more (--format json lists all)"),
            )?;
        }
        Ok(())
    }

    fn evidence(&mut self, rule: &RuleVerdict, finding: &Finding) -> fmt::Result {
        // A finding that cites nothing stands on all that its rule has read,
        // and the first few of that say nothing.
        if finding.evidence == rule.read && rule.read.len() > EVIDENCE_SHOWN {
            let count = rule.read.len();
            let all =
                format!("all {count} items that the rule has read (--format json lists them)");
            return self.field("evidence", &all);
        }
        // What was looked for and is not there stands below as missing.
        let present: Vec<&Evidence> = finding
            .evidence
            .iter()
            .filter_map(|id| {
                let table = &self.verdict.evidence;
                table
                    .binary_search_by_key(id, |item| item.id)
                    .ok()
                    .map(|at| &table[at])
            })
            .filter(|item| !matches!(item.content, EvidenceContent::Missing { .. }))
            .collect();
        let lines: Vec<String> = present
            .iter()
            .take(EVIDENCE_SHOWN)
            .map(|item| describe(item))
            .collect();
        for line in &lines {
            self.field("evidence", line)?;
        }
        if present.len() > lines.len() {
            let rest = present.len() - lines.len();
            self.field(
                "evidence",
                &format!("and {rest} more (--format json lists all)"),
            )?;
        }
        Ok(())
    }

    fn arrow(&mut self, text: &str) -> fmt::Result {
        self.out.push_str("  ");
        self.paint(BLUE, "-->")?;
        self.wrapped(&format!(" {text}"), 5, 6, "")
    }

    fn field(&mut self, label: &str, text: &str) -> fmt::Result {
        self.out.push_str("   ");
        self.paint(BLUE, "=")?;
        let label = format!(" {label:<8} ");
        self.out.push_str(&label);
        self.wrapped(text, 4 + label.len(), 4 + label.len(), "")
    }

    fn paint(&mut self, colour: &str, text: &str) -> fmt::Result {
        if self.style.colour && !colour.is_empty() {
            write!(self.out, "{colour}{text}{RESET}")
        } else {
            self.out.write_str(text)
        }
    }

    /// Writes text from a column on, wrapped at blanks; a word that is longer
    /// than a line stays whole, so that paths and digests can be copied.
    fn wrapped(&mut self, text: &str, column: usize, indent: usize, colour: &str) -> fmt::Result {
        let width = self.style.width.max(40);
        let text = printable(text);
        let mut at = column;
        let mut lines: Vec<String> = vec![String::new()];
        for (number, word) in text.split(' ').enumerate() {
            let length = word.chars().count();
            let line = lines.last().map_or("", String::as_str);
            let begins = line.trim().is_empty();
            if !begins && at + 1 + length > width {
                lines.push(String::new());
                at = indent;
            } else if number > 0
                && let Some(line) = lines.last_mut()
            {
                line.push(' ');
                at += 1;
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(word);
                at += length;
            }
        }
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                write!(self.out, "{:indent$}", "")?;
            }
            self.paint(colour, line)?;
            self.out.push('\n');
        }
        Ok(())
    }

    fn summary(&mut self) -> fmt::Result {
        let verdict = self.verdict;
        let counts = verdict.counts;
        let rules: usize = verdict
            .policies
            .iter()
            .map(|policy| policy.rules.len())
            .sum();
        let host = if verdict.snapshot.hostname.is_empty() {
            "a host without a name"
        } else {
            &verdict.snapshot.hostname
        };
        let as_of = if verdict.as_of == verdict.snapshot.taken {
            String::new()
        } else {
            format!(", judged as of {}", verdict.as_of)
        };
        let waived = if counts.waived == 0 {
            String::new()
        } else {
            format!(", {} waived", counts.waived)
        };
        let line = format!(
            "{host}, {} of {}{as_of}: {} fail, {} unknown, {} error, {} pass, {} not applicable{waived}; {} of {}",
            verdict.snapshot.source,
            verdict.snapshot.taken,
            counts.fail,
            counts.unknown,
            counts.error,
            counts.pass,
            counts.not_applicable,
            counted(rules, "rule", "rules"),
            counted(verdict.policies.len(), "policy", "policies"),
        );
        self.out.push_str(&printable(&line));
        self.out.push('\n');
        Ok(())
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    let word = if count == 1 { one } else { more };
    format!("{count} {word}")
}

fn describe(item: &Evidence) -> String {
    let kind = if item.kind == "raw" {
        String::new()
    } else {
        format!(" ({})", item.kind)
    };
    match &item.content {
        EvidenceContent::Bytes { sha256, .. } => {
            let short = sha256.get(..16).unwrap_or(sha256);
            format!("{}{kind} sha256:{short}", item.path)
        }
        EvidenceContent::Symlink { target } => format!("{}{kind} -> {target}", item.path),
        EvidenceContent::Directory { names } => format!("{}{kind} with {names} names", item.path),
        EvidenceContent::Missing { reason } => format!("{}{kind} ({reason})", item.path),
    }
}

/// Texts of hosts and policies may hold anything: control characters, which
/// a terminal would obey, and direction marks, which would make a reader see
/// another text, are shown as `\u{..}`.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => out.push(' '),
            _ if character.is_control()
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') =>
            {
                out.extend(character.escape_unicode());
            }
            _ => out.push(character),
        }
    }
    out
}
