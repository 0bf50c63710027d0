//! How many processors the runtime uses, against the processor time that the
//! control groups give.

use casefile_policy::cgroup::{self, ResourceKind};
use casefile_policy::start::Start;
use casefile_policy::{Absence, Confidence, Evidence, Finding, Severity, State, host};

use crate::Findings;
use crate::memory_limit::member;
use crate::programs::{Program, Reading, each_start, variable};
use crate::{godebug, values};

/// The release whose runtime looks at the quota (runtime/cgroup_linux.go).
const AWARE: u32 = 25;
/// The runtime uses no fewer processors by itself.
const LEAST: u64 = 2;
/// A module that sets GOMAXPROCS from the quota.
const BY_ITSELF: &str = "go.uber.org/automaxprocs";
/// So many of a hundred periods that were throttled are reported.
const THROTTLED: u64 = 5;

/// The processor time of a start, in thousandths of a processor.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Quota {
    /// Of its own group.
    leaf: Option<u64>,
    /// The least of its group and those above, and whose it is.
    least: Option<(u64, String)>,
}

/// Periods in which the group was held back, and all.
type Throttled = Option<(u64, u64)>;

/// What decides.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Circumstances {
    count: u32,
    asked: Option<u32>,
    debug: Option<String>,
    quota: Quota,
    throttled: Throttled,
}

fn quota(
    start: &Start,
    evidence: &mut Vec<Evidence>,
) -> Result<Option<(Quota, Throttled)>, Absence> {
    let Some(member) = member(start)? else {
        return Ok(None);
    };
    let mut quota = Quota {
        leaf: None,
        least: None,
    };
    let levels = match cgroup::limits(&member, ResourceKind::Cpu) {
        Ok(levels) => levels,
        // No hierarchy has the controller.
        Err(absence) if absence.state == State::Absent => return Ok(Some((quota, None))),
        Err(absence) => return Err(absence),
    };
    if let Some(absence) = levels.unknown.into_iter().next() {
        return Err(absence);
    }
    // Where the controller is one of version 1, the runtime looks there
    // alone, and every group has the file.
    let first = levels.entries.iter().position(|level| level.version == 1);
    let own = first.or_else(|| {
        let mut entries = levels.entries.iter();
        entries.position(|level| Some(&level.group) == start.cgroup.as_ref())
    });
    for (at, level) in levels.entries.into_iter().enumerate() {
        evidence.push(level.evidence);
        let Some(limit) = level.limit else { continue };
        if Some(at) == own {
            quota.leaf = Some(limit);
        }
        if quota.least.as_ref().is_none_or(|(least, _)| limit < *least) {
            quota.least = Some((limit, level.group));
        }
    }
    let mut throttled = None;
    if let Some((_, group)) = &quota.least {
        match cgroup::events(&member, ResourceKind::Cpu) {
            Ok(events) => {
                let count = |name: &str| {
                    let mut events = events.iter();
                    let found = events.find(|event| event.group == *group && event.name == name);
                    found.map(|event| event.count)
                };
                throttled = count("nr_throttled").zip(count("nr_periods"));
            }
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => return Err(absence),
        }
    }
    Ok(Some((quota, throttled)))
}

pub(crate) fn quotas() -> Findings {
    each_start(
        "what processor time it may use is not known",
        |program, start| {
            let minor = program.version()?.minor;
            let mut evidence = Vec::new();
            let Some((quota, throttled)) = quota(start, &mut evidence)? else {
                return Ok(None);
            };
            let asked = variable(start, "GOMAXPROCS", &mut evidence)?;
            let debug = godebug::of_start(start, &mut evidence)?;
            let processors = host::cpu()?;
            evidence.push(processors.evidence);
            let value = Circumstances {
                count: processors.count,
                asked: asked
                    .as_deref()
                    .and_then(|text| values::processors(text, minor)),
                debug,
                quota,
                throttled,
            };
            Ok(Some(Reading { value, evidence }))
        },
        |program, circumstances, _| Ok(vec![judge(program, circumstances)?]),
    )
}

/// How many processors the runtime uses, and why.
fn used(program: &Program, circumstances: &Circumstances) -> Result<(u64, String), Absence> {
    let count = u64::from(circumstances.count);
    if let Some(asked) = circumstances.asked {
        return Ok((u64::from(asked), format!("GOMAXPROCS={asked}")));
    }
    let minor = program.version()?.minor;
    let disabled =
        godebug::value(circumstances.debug.as_deref(), program, "containermaxprocs") == Some("0");
    if minor < AWARE {
        return Ok((count, format!("Go 1.{minor} looks at no quota")));
    }
    if disabled {
        let why = "containermaxprocs=0 keeps the runtime from looking at the quota";
        return Ok((count, why.to_owned()));
    }
    Ok(match circumstances.quota.leaf {
        Some(leaf) => {
            let wanted = leaf.div_ceil(1000).max(LEAST).min(count);
            (
                wanted,
                "the runtime looks at the quota of its own group".to_owned(),
            )
        }
        None => (
            count,
            "the runtime looks at its own group alone, which has no quota".to_owned(),
        ),
    })
}

fn judge(program: &Program, circumstances: &Circumstances) -> Result<Finding, Absence> {
    let path = &program.path;
    let Some((least, group)) = &circumstances.quota.least else {
        return Ok(Finding::pass(
            path,
            "no control group limits its processor time",
        ));
    };
    let (used, why) = used(program, circumstances)?;
    let actual = format!("{used} processors of {}", in_words(*least));
    // What the runtime rounds up by itself is no fault of anyone.
    if used.saturating_mul(1000) < least.saturating_mul(2) || used <= LEAST {
        return Ok(Finding::pass(path, format!("it uses {used} processors: {why}")).actual(actual));
    }
    if program.depends_on(|module| module == BY_ITSELF)? {
        let message = format!("it is built with {BY_ITSELF}, which looks at the quota");
        return Ok(Finding::pass(path, message).confidence(Confidence::Inferred));
    }
    // Which processors it may run on (sched_setaffinity(2), cpuset) is not
    // looked at: GOMAXPROCS alone is certain.
    let (uses, confidence) = match circumstances.asked {
        Some(_) => ("it uses", Confidence::Proven),
        None => (
            "if it may run on all of them, it uses",
            Confidence::Inferred,
        ),
    };
    let finding = Finding::fail(
        path,
        format!(
            "{uses} {used} processors where {group} has the time of {}: {why}",
            in_words(*least)
        ),
    )
    .confidence(confidence)
    .actual(actual)
    .wanted(format!("GOMAXPROCS={}", least.div_ceil(1000)))
    .remedy(format!(
        "set GOMAXPROCS={}, or build it with Go 1.25 or newer, and set the quota on the group of the service itself",
        least.div_ceil(1000)
    ));
    Ok(match circumstances.throttled {
        Some((throttled, periods)) if throttled * 100 > periods * THROTTLED => {
            let share = throttled * 100 / periods.max(1);
            let mut finding = finding;
            finding.message = format!(
                "{}; it was held back in {share} % of the periods",
                finding.message
            );
            finding
        }
        // It may use less than it could.
        Some((_, periods)) if periods > 0 => finding.severity(Severity::Info),
        _ => finding
            .severity(Severity::Low)
            .confidence(Confidence::Heuristic),
    })
}

/// Thousandths of a processor in words.
fn in_words(thousandths: u64) -> String {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    match (whole, rest) {
        (1, 0) => "1 processor".to_owned(),
        (whole, 0) => format!("{whole} processors"),
        (whole, rest) => {
            let rest = format!("{rest:03}");
            format!("{whole}.{} processors", rest.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_written_as_a_person_writes_them() {
        assert_eq!(in_words(1000), "1 processor");
        assert_eq!(in_words(4000), "4 processors");
        assert_eq!(in_words(1500), "1.5 processors");
        assert_eq!(in_words(50), "0.05 processors");
    }
}
