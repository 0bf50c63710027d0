//! Memory: what the host has left, what control groups leave to a service,
//! and who was killed for want of it.

use std::collections::BTreeSet;

use casefile_policy::cgroup::{Level, ResourceKind};
use casefile_policy::host::{self, PressureKind};
use casefile_policy::kernel_log::{self, MemoryKill};
use casefile_policy::process;
use casefile_policy::{Absence, Confidence, Evidence, Finding, Severity, State, integer};

use crate::groups::{Groups, Happened, binding, bytes_in_words, limit_in_words};
use crate::processes::{Survey, subject};
use crate::{Findings, is_over};

/// Parameter: per cent of the host's memory; less that is available is
/// reported.
pub(crate) const AVAILABLE: &str = "memory-available-percent";
/// Parameter: per cent of the last five minutes; more in which all wait for
/// memory is reported.
pub(crate) const PRESSURE: &str = "memory-pressure-percent";
/// Parameter: per cent of a group's limit; more in use is reported.
pub(crate) const USED: &str = "memory-limit-percent";

/// Kills that are asked for at once.
const PAGE: u32 = 1024;

pub(crate) fn available() -> Findings {
    let percent = integer(AVAILABLE)?;
    let memory = host::memory_total()?;
    let share = u128::from(memory.available) * 100;
    let is_low =
        i128::try_from(share).unwrap_or(i128::MAX) < i128::from(percent) * i128::from(memory.total);
    let finding = if is_low {
        Finding::fail(
            "memory",
            "the host has little memory left: the kernel drops caches, then kills processes",
        )
        .remedy(
            "see who has it (ps -eo rss,pid,comm --sort=-rss); move services away, or add memory",
        )
    } else {
        Finding::pass("memory", "the host has memory left")
    };
    let (available, total) = (memory.available, memory.total);
    let actual = format!("{} of {}", bytes_in_words(available), bytes_in_words(total));
    let mut findings = vec![
        finding
            .actual(actual)
            .wanted(format!("{percent} % available or more"))
            .evidence([memory.evidence]),
    ];
    if !is_low {
        findings.extend(cannot_peak_again(available)?);
    }
    findings.extend(pressure()?);
    Ok(findings)
}

/// A process that once had more memory than it could have now.
fn cannot_peak_again(available: u64) -> Result<Option<Finding>, Absence> {
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| process::get_memory(process.pid));
    let could_have = |memory: &process::Memory| {
        available
            .saturating_add(memory.resident)
            .saturating_add(memory.swapped)
    };
    let worst = answers
        .iter()
        .filter(|(_, memory)| memory.peak_resident > could_have(memory))
        .max_by_key(|(_, memory)| memory.peak_resident);
    Ok(worst.map(|(process, memory)| {
        Finding::fail(
            subject(&process.name, &[process.pid]),
            "the process has had more memory than the host could give it now: when it needs as much again, somebody is killed",
        )
        .severity(Severity::Low)
        .confidence(Confidence::Heuristic)
        .actual(format!(
            "{} at its peak, {} available",
            bytes_in_words(memory.peak_resident),
            bytes_in_words(available)
        ))
        .evidence([process.evidence, memory.evidence])
    }))
}

/// How long everybody waited for memory. Not every kernel measures it.
fn pressure() -> Result<Option<Finding>, Absence> {
    let percent = integer(PRESSURE)?;
    let pressure = match host::get_pressure(PressureKind::Memory) {
        Ok(pressure) => pressure,
        Err(absence) if absence.state == State::Absent => return Ok(None),
        Err(absence) => return Err(absence),
    };
    let full = pressure.full_300;
    let is_high = i64::from(full) > percent.saturating_mul(100);
    Ok(is_high.then(|| {
        Finding::fail(
            "memory pressure",
            "processes wait for memory much of the time: the kernel reads again what it has just dropped",
        )
        .actual(format!("all waited {}.{:02} % of the last 5 minutes", full / 100, full % 100))
        .wanted(format!("{percent} % at most"))
        .remedy("find the group that is short of memory (memory.pressure), and raise its limit or lower its use")
        .evidence([pressure.evidence])
    }))
}

/// How near each group is to the limit that binds it.
pub(crate) fn limit() -> Findings {
    let percent = integer(USED)?;
    let mut groups = Groups::read()?;
    let all = groups.limits(ResourceKind::Memory);
    let mut findings = Vec::new();
    let mut tightest: Option<(&str, Level)> = None;
    for (number, levels) in &all {
        let sharing = &groups.sharing[*number];
        let Some(bound) = binding(levels) else {
            continue;
        };
        let (Some(limit), Some(own)) = (bound.limit, levels.entries.first()) else {
            continue;
        };
        let evidence = sharing
            .evidence
            .iter()
            .copied()
            .chain([bound.evidence, own.evidence]);
        let name = limit_in_words(file(bound), bound);
        let limit_words = bytes_in_words(limit);
        if let Some(used) = bound.used.filter(|used| is_over(*used, percent, limit)) {
            let message = format!(
                "{name} binds {}, and is nearly used up: caches are dropped first, then processes of the group are killed",
                sharing.who
            );
            findings.push(
                Finding::fail(&bound.group, message)
                    .severity(Severity::Medium)
                    .confidence(Confidence::Heuristic)
                    .actual(format!("{} of {limit_words}", bytes_in_words(used)))
                    .wanted(format!("{percent} % at most"))
                    .remedy("raise MemoryMax= of the unit or slice that has the limit, or lower the use (GOMEMLIMIT for Go)")
                    .evidence(evidence),
            );
        } else if bound.group != own.group && own.limit.is_some_and(|own| own > limit) {
            let message = format!(
                "{name} ({limit_words}) binds, not that of {} ({}): the service can't use what it was given",
                own.group,
                bytes_in_words(own.limit.unwrap_or(u64::MAX))
            );
            findings.push(
                Finding::fail(&own.group, message)
                    .severity(Severity::Low)
                    .actual(limit_words)
                    .wanted(format!("{} or more", bytes_in_words(own.limit.unwrap_or(u64::MAX))))
                    .remedy("raise MemoryMax= of the slice above, or lower that of the service, so that both say the same")
                    .evidence(evidence),
            );
        } else if tightest
            .as_ref()
            .is_none_or(|(_, known)| known.limit.is_some_and(|known| limit < known))
        {
            tightest = Some((&sharing.who, bound.clone()));
        }
    }
    // Groups that share one that binds say the same of it.
    let mut said = BTreeSet::new();
    findings.retain(|finding| said.insert((finding.subject.clone(), finding.actual.clone())));
    if findings.is_empty() && groups.is_complete() && !groups.sharing.is_empty() {
        findings.push(match tightest {
            Some((who, bound)) => Finding::pass(
                "control groups",
                "each group has memory left below the limit that binds it",
            )
            .actual(format!(
                "the least is {} ({}), which binds {who}",
                limit_in_words(file(&bound), &bound),
                bytes_in_words(bound.limit.unwrap_or(u64::MAX))
            ))
            .evidence([bound.evidence]),
            None => Finding::pass(
                "control groups",
                "no group limits the memory of its processes",
            ),
        });
    }
    Ok(groups.or_nothing(findings))
}

fn file(level: &Level) -> &'static str {
    match level.version {
        1 => "memory.limit_in_bytes",
        _ => "memory.max",
    }
}

/// Who was killed for want of memory: by the kernel's log, and by counts of
/// groups, which outlive the log.
pub(crate) fn killed() -> Findings {
    let mut groups = Groups::read()?;
    let is_one = casefile_policy::start::get_scope() == casefile_policy::start::Scope::Program;
    let mut happened = Happened::default();
    for (number, events) in groups.events(ResourceKind::Memory) {
        happened.add(&events, "oom_kill", &groups.sharing[number].who);
    }
    let counted = happened.deepest();
    let mut findings = Vec::new();
    let log = match kills() {
        Ok(kills) => {
            for kill in &kills {
                let concerns = !is_one || counted.iter().any(|(group, ..)| is_of(kill, group));
                if concerns {
                    findings.push(of_kill(kill));
                }
            }
            for (group, count, evidence, who) in &counted {
                let told = kills.iter().filter(|kill| is_of(kill, group)).count() as u64;
                if told < *count {
                    findings.push(of_count(group, *count, told, *evidence, who));
                }
            }
            let coverage = kernel_log::get_coverage()?;
            Ok((coverage.since_boot, coverage.evidence))
        }
        Err(absence) => {
            for (group, count, evidence, who) in &counted {
                findings.push(of_count(group, *count, 0, *evidence, who));
            }
            Err(absence)
        }
    };
    if findings.is_empty() && groups.is_complete() {
        match log {
            Ok((true, evidence)) => findings.push(
                Finding::pass("memory", "no process was killed for want of memory since the kernel started")
                    .evidence([evidence]),
            ),
            Ok((false, evidence)) => findings.push(
                Finding::pass("memory", "no process was killed for want of memory, as far as the kernel's log reaches back, and no group that there is counts one")
                    .confidence(Confidence::Inferred)
                    .evidence([evidence]),
            ),
            Err(absence) => {
                let message = "no group that there is counts a process that was killed for want of memory; what the kernel logged is not known";
                findings.push(Finding::unknown("kernel log", message, absence));
            }
        }
    }
    Ok(groups.or_nothing(findings))
}

/// All kills that were logged.
fn kills() -> Result<Vec<MemoryKill>, Absence> {
    let mut kills = Vec::new();
    loop {
        let page = kernel_log::memory_kills(kills.len() as u32, PAGE)?;
        if page.is_empty() {
            return Ok(kills);
        }
        kills.extend(page);
    }
}

/// Whether a kill counts in a group.
fn is_of(kill: &MemoryKill, group: &str) -> bool {
    kill.group.as_deref().is_some_and(|own| {
        let below = own.strip_prefix(group.trim_end_matches('/'));
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    })
}

fn of_kill(kill: &MemoryKill) -> Finding {
    let cause = match (&kill.limited_group, kill.in_group) {
        (Some(limited), _) if kill.group.as_deref() != Some(limited) => {
            format!("the limit of {limited} was reached, a group above its own")
        }
        (Some(limited), _) => format!("the limit of its group {limited} was reached"),
        (None, true) => {
            "the limit of a group was reached, the log does not say of which".to_owned()
        }
        (None, false) => "the whole host had no memory left".to_owned(),
    };
    let message = format!("the kernel killed the process for want of memory: {cause}");
    let anonymous = kill
        .anonymous
        .map(|bytes| format!("it had {}", bytes_in_words(bytes)));
    let when = kill
        .since_boot
        .map(|time| format!("{} s after the kernel started", time / 1_000_000));
    let actual: Vec<String> = [anonymous, when].into_iter().flatten().collect();
    let remedy = if kill.in_group {
        "raise MemoryMax= of the group that was full, or lower the use (GOMEMLIMIT for Go)"
    } else {
        "find who had the memory; give services limits of their own (MemoryMax=), so that the right one is killed"
    };
    let finding = Finding::fail(subject(&kill.name, &[kill.pid]), message)
        .confidence(Confidence::Inferred)
        .remedy(remedy)
        .evidence([kill.evidence]);
    if actual.is_empty() {
        finding
    } else {
        finding.actual(actual.join(", "))
    }
}

fn of_count(group: &str, count: u64, told: u64, evidence: Evidence, who: &str) -> Finding {
    let message = format!(
        "processes of the group, or of groups below it that are gone, were killed for want of memory; {who} is in it now"
    );
    let actual = match told {
        0 => format!("{count} killed since the group was made"),
        _ => format!("{count} killed since the group was made, {told} of them in the kernel's log"),
    };
    Finding::fail(group, message)
        .actual(actual)
        .wanted("none")
        .remedy("raise MemoryMax= of the group, or lower the use; journalctl -k tells when, if it reaches back")
        .evidence([evidence])
}
