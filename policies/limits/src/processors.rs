//! How much processor time control groups allow, and how often their
//! processes had to wait for it.

use std::collections::BTreeSet;

use casefile_policy::cgroup::{Event, ResourceKind};
use casefile_policy::{Evidence, Finding, integer};

use crate::Findings;
use crate::groups::{Groups, binding};

/// Parameter: per cent of the periods; more in which threads had to wait are
/// reported.
pub(crate) const THROTTLED: &str = "cpu-throttled-percent";

/// Periods below which a share says nothing.
const PERIODS: u64 = 100;

pub(crate) fn throttled() -> Findings {
    let percent = integer(THROTTLED)?;
    let mut groups = Groups::read()?;
    let limits = groups.limits(ResourceKind::Cpu);
    let events = groups.events(ResourceKind::Cpu);
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    let mut limited = 0;
    for (number, events) in &events {
        let levels = limits.iter().find(|(other, _)| other == number);
        let bound = levels.and_then(|(_, levels)| binding(levels));
        for (group, periods, throttled, evidence) in counts(events) {
            if !seen.insert(group.to_owned()) {
                continue;
            }
            limited += 1;
            let is_often = periods >= PERIODS
                && i128::from(throttled) * 100 > i128::from(percent) * i128::from(periods);
            if !is_often {
                continue;
            }
            let who = &groups.sharing[*number].who;
            let binds = bound.map_or_else(String::new, |bound| {
                let limit = bound.limit.unwrap_or(u64::MAX);
                format!(
                    "; {} of {} binds ({}.{:02} processors)",
                    if bound.version == 1 {
                        "cpu.cfs_quota_us"
                    } else {
                        "cpu.max"
                    },
                    bound.group,
                    limit / 1000,
                    limit % 1000 / 10
                )
            });
            let message = format!(
                "threads of the group had to wait for processor time that its limit did not leave them, {who} among them: answers are late by up to a period (100 ms){binds}"
            );
            findings.push(
                Finding::fail(group, message)
                    .actual(format!(
                        "in {throttled} of {periods} periods ({} %)",
                        u128::from(throttled) * 100 / u128::from(periods)
                    ))
                    .wanted(format!("{percent} % at most"))
                    .remedy("raise CPUQuota= of the unit or slice, or set GOMAXPROCS no higher than it (Go before 1.25 does not look, newer ones look at the group itself alone)")
                    .evidence(bound.map(|bound| bound.evidence).into_iter().chain([evidence])),
            );
        }
    }
    if findings.is_empty() && groups.is_complete() && !groups.sharing.is_empty() {
        let pass = Finding::pass(
            "control groups",
            "no group has to wait much for processor time",
        );
        findings.push(pass.actual(match limited {
            1 => "1 group has a limit or a count".to_owned(),
            _ => format!("{limited} groups have a limit or a count"),
        }));
    }
    Ok(groups.or_nothing(findings))
}

/// Periods and throttled ones of each group that has had any.
fn counts(events: &[Event]) -> Vec<(&str, u64, u64, Evidence)> {
    let periods = events
        .iter()
        .filter(|event| event.name == "nr_periods" && event.count > 0);
    periods
        .filter_map(|periods| {
            let throttled = events
                .iter()
                .find(|event| event.name == "nr_throttled" && event.group == periods.group)?;
            Some((
                periods.group.as_str(),
                periods.count,
                throttled.count,
                periods.evidence,
            ))
        })
        .collect()
}
