//! How many descriptors a process has in use, against its soft limit
//! (RLIMIT_NOFILE): that is the one which the kernel enforces.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use casefile_policy::process::{self, Descriptors, Limit, Limited};
use casefile_policy::{Evidence, Finding, Severity, integer};

use crate::host::against_file_max;
use crate::processes::{Group, Process, SANDBOX, Survey, count, list, subject};
use crate::{Findings, is_over, over_in_words};

/// Parameter: per cent of the soft limit; more are reported.
pub(crate) const USED: &str = "open-files-used-percent";
/// Parameter: per cent of the soft limit; more are of high severity.
pub(crate) const FULL: &str = "open-files-full-percent";

/// Descriptors of a process.
struct Use<'a> {
    process: &'a Process,
    open: u64,
    /// The greatest number for unlimited.
    soft: u64,
    evidence: [Evidence; 2],
}

impl<'a> Use<'a> {
    /// None for a sandbox.
    fn new(process: &'a Process, limit: &Limit, descriptors: &Descriptors) -> Option<Self> {
        let soft = limit.soft.unwrap_or(u64::MAX);
        (soft >= SANDBOX).then_some(Self {
            process,
            open: descriptors.open,
            soft,
            evidence: [limit.evidence, descriptors.evidence],
        })
    }

    /// Which of two has used more of its limit.
    fn compare(&self, other: &Self) -> Ordering {
        let share = |open: u64, soft: u64| u128::from(open) * u128::from(soft);
        share(self.open, other.soft).cmp(&share(other.open, self.soft))
    }

    fn in_words(&self) -> String {
        let name = subject(&self.process.name, &[self.process.pid]);
        format!("{} by {name}", over_in_words(self.open, self.soft))
    }
}

pub(crate) fn used() -> Findings {
    let (threshold, full) = (integer(USED)?, integer(FULL)?);
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| {
        let limit = process::get_limit(process.pid, Limited::OpenFiles)?;
        let descriptors = process::get_descriptors(process.pid)?;
        Ok((limit, descriptors))
    });
    let uses: Vec<Use<'_>> = answers
        .iter()
        .filter_map(|(process, (limit, descriptors))| Use::new(process, limit, descriptors))
        .collect();
    // The full ones first, then by name.
    let mut wrong: BTreeMap<(bool, &str), Vec<&Use<'_>>> = BTreeMap::new();
    for usage in &uses {
        if is_over(usage.open, threshold, usage.soft) {
            let is_full = is_over(usage.open, full, usage.soft);
            let key = (!is_full, usage.process.name.as_str());
            wrong.entry(key).or_default().push(usage);
        }
    }
    let mut findings: Vec<Finding> = wrong
        .iter()
        .filter_map(|((is_less, name), uses)| used_up(!is_less, name, uses, threshold))
        .collect();
    if let Some(most) = uses.iter().max_by(|one, other| one.compare(other))
        && findings.is_empty()
        && survey.is_complete()
    {
        let message = format!("each process uses at most {threshold} % of its descriptors");
        let actual = format!("{}; the most are {}", count(uses.len()), most.in_words());
        findings.push(Finding::pass("processes", message).actual(actual));
    }
    Ok(survey.or_nothing(findings, uses.len()))
}

/// What is wrong with processes of one name.
fn used_up(is_full: bool, name: &str, uses: &[&Use<'_>], threshold: i64) -> Option<Finding> {
    const THEN: &str = "then \"too many open files\" (EMFILE) ends every accept, connect and open";
    let worst = uses.iter().max_by(|one, other| one.compare(other))?;
    let mut group = Group::default();
    for usage in uses {
        group.add(usage.process, usage.evidence);
    }
    let (message, actual) = match group.pids.as_slice() {
        [_] => (
            format!("the process has used most of its descriptors: {THEN}"),
            over_in_words(worst.open, worst.soft),
        ),
        pids => (
            format!(
                "the processes {} have used most of their descriptors: {THEN}",
                list(pids.iter())
            ),
            worst.in_words(),
        ),
    };
    let mut message = message;
    if let Some((words, file_max)) = against_file_max(worst.soft) {
        message = format!("{message}; of limits, {words}");
        group.evidence.push(file_max);
    }
    let severity = if is_full {
        Severity::High
    } else {
        Severity::Medium
    };
    Some(
        Finding::fail(subject(name, &group.pids), message)
            .severity(severity)
            .actual(actual)
            .wanted(format!("{threshold} % of the soft limit at most"))
            .remedy("see what is open (ls -l /proc/PID/fd): close what leaks, or raise LimitNOFILE= of the unit and restart it")
            .evidence(group.evidence),
    )
}
