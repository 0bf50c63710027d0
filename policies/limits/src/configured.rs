//! Limits of open files in the files of systemd. What it can't do with them
//! it does not tell: it ignores a value that it does not understand, and goes
//! down to what the kernel allows (setrlimit_closest in rlimit-util.c).

use casefile_policy::sysctl::{self, Number};
use casefile_policy::{Finding, Severity};

use crate::Findings;
use crate::host::{known, no_such_setting};
use crate::open_files::Thresholds;
use crate::systemd::{Assignment, Files};

const NR_OPEN: &str = "fs.nr_open";
const LIMIT: &str = "LimitNOFILE";
const DEFAULT_LIMIT: &str = "DefaultLimitNOFILE";

pub(crate) fn configured() -> Findings {
    let Some(nr_open) = known(sysctl::get_number(NR_OPEN))? else {
        return Ok(vec![no_such_setting(NR_OPEN)]);
    };
    let thresholds = Thresholds::read()?;
    let mut files = Files::default();
    let mut findings = Vec::new();
    let mut settings = 0;
    let default = files.manager(DEFAULT_LIMIT);
    let services = files.services(LIMIT);
    let all = std::iter::once((DEFAULT_LIMIT, &default))
        .chain(services.iter().map(|(name, found)| (name.as_str(), found)));
    for (subject, assignments) in all {
        if let Some(last) = assignments.last() {
            settings += 1;
            findings.extend(judge(subject, last, assignments, &nr_open, &thresholds));
        }
    }
    if findings.is_empty() && settings > 0 && files.missing.is_empty() {
        let pass = Finding::pass(
            "units",
            "each limit that units set is enough, and can be set",
        );
        findings.push(pass.actual(match settings {
            1 => "1 limit".to_owned(),
            _ => format!("{settings} limits"),
        }));
    }
    let mut missing = files.missing.into_iter();
    if let Some(first) = missing.next() {
        let message = "files of units are there, and what they say of open files is not known";
        let mut unknown = Finding::unknown("units", message, first);
        unknown.missing.extend(missing);
        findings.push(unknown);
    }
    if findings.is_empty() {
        findings.push(Finding::not_applicable(
            "units",
            "no file of systemd that the snapshot holds sets a limit of open files",
        ));
    }
    Ok(findings)
}

/// What is wrong with the setting that counts.
fn judge(
    subject: &str,
    last: &Assignment,
    assignments: &[Assignment],
    nr_open: &Number,
    thresholds: &Thresholds,
) -> Option<Finding> {
    let Some(limit) = parse(&last.value) else {
        return Some(ignored(subject, last));
    };
    let finding = match limit {
        // As much as there may be.
        None => return None,
        Some(hard) if i128::from(hard) > i128::from(nr_open.value) => {
            let message = format!(
                "more open files are configured than the kernel allows: systemd sets fewer, and does not say so; in {}",
                last.path
            );
            Finding::fail(subject, message)
                .severity(Severity::Medium)
                .wanted(format!("{} or less ({NR_OPEN})", nr_open.value))
                .remedy("raise fs.nr_open (sysctl.d(5)), then restart the service; or lower LimitNOFILE=")
        }
        Some(hard) => {
            let name = subject.strip_suffix(".service").unwrap_or(subject);
            let severity = thresholds.severity(hard)?;
            if thresholds.is_exempt(name) {
                return None;
            }
            let message = format!("few open files are configured; in {}", last.path);
            Finding::fail(subject, message)
                .severity(severity)
                .wanted(thresholds.wanted())
                .remedy("raise the limit in a drop-in (systemctl edit), and restart the service")
        }
    };
    let evidence = assignments.iter().map(|assignment| assignment.evidence);
    Some(
        finding
            .actual(&last.value)
            .evidence(evidence.chain([nr_open.evidence])),
    )
}

fn ignored(subject: &str, last: &Assignment) -> Finding {
    let message = format!(
        "what is configured is no limit: systemd ignores it, and the limit stays what it was without it; in {}",
        last.path
    );
    Finding::fail(subject, message)
        .actual(&last.value)
        .wanted("a number, SOFT:HARD, or infinity")
        .remedy("correct the value, run systemctl daemon-reload, and restart the service")
        .evidence([last.evidence])
}

/// The hard limit of a value, none for infinity (rlimit_parse in
/// rlimit-util.c); none at all where it is no limit.
fn parse(value: &str) -> Option<Option<u64>> {
    let (soft, hard) = value.split_once(':').unwrap_or((value, value));
    let (soft, hard) = (number(soft)?, number(hard)?);
    let is_higher = match (soft, hard) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(soft), Some(hard)) => soft > hard,
    };
    (!is_higher).then_some(hard)
}

/// A number as safe_atou64 of systemd reads it; none for infinity.
fn number(word: &str) -> Option<Option<u64>> {
    if word == "infinity" {
        return Some(None);
    }
    let number = match word.split_at_checked(2) {
        Some(("0x" | "0X", digits)) => u64::from_str_radix(digits, 16),
        Some(("0b", digits)) => u64::from_str_radix(digits, 2),
        Some(("0o", digits)) => u64::from_str_radix(digits, 8),
        Some(_) if word.starts_with('0') => u64::from_str_radix(word, 8),
        _ => word.parse(),
    };
    // RLIM_INFINITY itself is refused.
    number.ok().filter(|number| *number < u64::MAX).map(Some)
}
