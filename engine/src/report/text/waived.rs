//! Findings that are waived, told in a few lines: what a user has accepted
//! needs no remedy, but must not be forgotten.

use std::collections::BTreeMap;
use std::fmt;

use super::{BLUE, Printer};
use crate::finding::{AppliedWaiver, Finding, Outcome};
use crate::verdict::{PolicyVerdict, RuleVerdict};

/// How many findings of a waiver are listed before they are summed up.
const SHOWN: usize = 8;

type Waived<'a> = (&'a PolicyVerdict, &'a RuleVerdict, &'a Finding);

impl Printer<'_> {
    /// Waived findings, in a group for each reason and end: the next that
    /// ends first.
    pub(super) fn waived(&mut self) -> fmt::Result {
        let verdict = self.verdict;
        let mut groups: BTreeMap<(&str, &AppliedWaiver), Vec<Waived<'_>>> = BTreeMap::new();
        for policy in &verdict.policies {
            for rule in &policy.rules {
                for finding in &rule.findings {
                    if let Some(waiver) = &finding.waiver {
                        let group = groups.entry((&waiver.until, waiver)).or_default();
                        group.push((policy, rule, finding));
                    }
                }
            }
        }
        for ((_, waiver), findings) in groups {
            self.group(waiver, &findings)?;
        }
        Ok(())
    }

    fn group(&mut self, waiver: &AppliedWaiver, findings: &[Waived<'_>]) -> fmt::Result {
        let head = "waived";
        self.paint(BLUE, head)?;
        let text = format!(" until {}: {}", day(&waiver.until), waiver.reason);
        self.wrapped(&text, head.len(), 2, "")?;
        let shown = if self.style.all {
            findings.len()
        } else {
            SHOWN
        };
        for (policy, rule, finding) in findings.iter().take(shown) {
            let word = match finding.outcome {
                Outcome::Unknown => "unknown",
                _ => finding.severity.as_str(),
            };
            let text = format!("{}/{}, {word}: {}", policy.id, rule.code, finding.subject);
            self.arrow(&text)?;
        }
        if findings.len() > shown {
            let rest = findings.len() - shown;
            self.arrow(&format!("and {rest} more (--all lists them)"))?;
        }
        self.out.push('\n');
        Ok(())
    }
}

/// A time as short as it can be: the last second of a day is that day.
pub(super) fn day(time: &str) -> &str {
    time.strip_suffix("T23:59:59Z").unwrap_or(time)
}
