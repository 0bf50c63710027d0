//! How many descriptors a process may have: its hard limit (RLIMIT_NOFILE).

use std::collections::BTreeMap;

use casefile_policy::process::{self, Limited};
use casefile_policy::{Absence, Finding, Severity, State, integer, texts};

use crate::Findings;
use crate::host::against_file_max;
use crate::processes::{Group, Process, SANDBOX, Survey, count, list, subject};

/// Parameter: a hard limit below is reported.
pub(crate) const LOW: &str = "open-files-low";
/// Parameter: a hard limit below is of high severity.
pub(crate) const VERY_LOW: &str = "open-files-very-low";
/// Parameter: programs and units whose limit is low on purpose.
pub(crate) const EXEMPT: &str = "open-files-exempt";

/// Programs with one limit that are told one by one. More of them have it
/// from one place.
const TOLD: usize = 3;

/// What is low.
pub(crate) struct Thresholds {
    low: i64,
    very_low: i64,
    exempt: Vec<String>,
}

impl Thresholds {
    pub(crate) fn read() -> Result<Self, Absence> {
        Ok(Self {
            low: integer(LOW)?,
            very_low: integer(VERY_LOW)?,
            exempt: texts(EXEMPT)?,
        })
    }

    /// Whether the limit of a program or unit is low on purpose.
    pub(crate) fn is_exempt(&self, name: &str) -> bool {
        self.exempt.iter().any(|exempt| exempt == name)
    }

    /// How much it matters that a hard limit is what it is.
    pub(crate) fn severity(&self, hard: u64) -> Option<Severity> {
        let below = |threshold: i64| i128::from(hard) < i128::from(threshold);
        if !below(self.low) {
            None
        } else if below(self.very_low) {
            Some(Severity::High)
        } else {
            Some(Severity::Low)
        }
    }

    /// The value that is not reported, in words.
    pub(crate) fn wanted(&self) -> String {
        format!("a hard limit of {} or more", self.low)
    }
}

/// Processes by hard limit, then by name.
type ByLimit<'a> = BTreeMap<u64, BTreeMap<&'a str, Group>>;

/// The hard limit of each process. The soft one says little: Go and others
/// raise it by themselves.
pub(crate) fn low() -> Findings {
    let thresholds = Thresholds::read()?;
    let mut survey = Survey::read()?;
    let limits = survey.ask(|process| process::get_limit(process.pid, Limited::OpenFiles));
    let mut wrong = ByLimit::new();
    let mut lowest = None;
    let mut judged = 0;
    for (process, limit) in &limits {
        let hard = limit.hard.unwrap_or(u64::MAX);
        if hard < SANDBOX || thresholds.is_exempt(&process.name) {
            continue;
        }
        if thresholds.severity(hard).is_none() {
            if lowest.is_none_or(|(least, _)| hard < least) {
                lowest = Some((hard, process));
            }
        } else if is_zombie(process) {
            continue;
        } else {
            let names = wrong.entry(hard).or_default();
            let group = names.entry(&process.name).or_default();
            group.add(process, [limit.evidence]);
        }
        judged += 1;
    }
    let mut findings = too_low(&wrong, &thresholds);
    if let Some((hard, process)) = lowest
        && findings.is_empty()
        && survey.is_complete()
    {
        let pass = Finding::pass("processes", "each process may open enough files");
        findings.push(pass.actual(format!(
            "{}; the lowest hard limit is {}, of {}",
            count(judged),
            limit_in_words(hard),
            subject(&process.name, &[process.pid])
        )));
    }
    Ok(survey.or_nothing(findings, judged))
}

fn too_low(wrong: &ByLimit<'_>, thresholds: &Thresholds) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (hard, names) in wrong {
        if names.len() > TOLD {
            findings.extend(common(*hard, names, thresholds));
        } else {
            let groups = names.iter();
            findings.extend(groups.filter_map(|(name, group)| own(*hard, name, group, thresholds)));
        }
    }
    findings
}

/// A process that ended, and that its parent has not waited for, has limits
/// and no program.
fn is_zombie(process: &Process) -> bool {
    process::get_executable(process.pid).is_err_and(|absence| absence.state == State::Absent)
}

/// The limit of one program.
fn own(hard: u64, name: &str, group: &Group, thresholds: &Thresholds) -> Option<Finding> {
    let message = match group.pids.as_slice() {
        [_] => "the process may open few files, and can't raise its limit".to_owned(),
        pids => format!(
            "the processes {} may open few files each, and can't raise their limit",
            list(pids.iter())
        ),
    };
    let finding = Finding::fail(subject(name, &group.pids), message)
        .severity(thresholds.severity(hard)?)
        .evidence(group.evidence.iter().copied());
    Some(low_finding(finding, hard, thresholds))
}

/// A limit that many programs have.
fn common(hard: u64, names: &BTreeMap<&str, Group>, thresholds: &Thresholds) -> Option<Finding> {
    let processes = names.values().map(|group| group.pids.len()).sum();
    let message = format!(
        "{} of {} programs may open few files each, and can't raise their limit: {}",
        count(processes),
        names.len(),
        list(names.keys())
    );
    let evidence = names.values().flat_map(|group| &group.evidence);
    let finding = Finding::fail(format!("processes with a hard limit of {hard}"), message)
        .severity(thresholds.severity(hard)?)
        .evidence(evidence.copied());
    Some(low_finding(finding, hard, thresholds))
}

fn low_finding(finding: Finding, hard: u64, thresholds: &Thresholds) -> Finding {
    let mut actual = format!("a hard limit of {hard}");
    let mut evidence = None;
    if let Some((words, file_max)) = against_file_max(hard) {
        actual = format!("{actual}; {words}");
        evidence = Some(file_max);
    }
    finding
        .actual(actual)
        .evidence(evidence)
        .wanted(thresholds.wanted())
        .remedy("set LimitNOFILE=65536 or more in the service's unit, or the limit of its container, and restart it")
}

/// A limit in words.
fn limit_in_words(limit: u64) -> String {
    match limit {
        u64::MAX => "unlimited".to_owned(),
        _ => limit.to_string(),
    }
}
