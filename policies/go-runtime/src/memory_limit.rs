//! GOMEMLIMIT: whether the runtime can read it, and whether the memory that
//! it allows is there.

use casefile_policy::cgroup::{self, Member, ResourceKind};
use casefile_policy::start::{Origin, Start};
use casefile_policy::{Absence, Evidence, Finding, Reason, Severity, State, host, integer};

use crate::Findings;
use crate::programs::{Program, Reading, each_start, variable};

/// The release that brought it.
pub(crate) const SINCE: u32 = 19;
/// The release from which numbers are read by internal/strconv, which takes a
/// sign.
pub(crate) const SIGNED: u32 = 26;
/// Modules that set the limit from the control group.
const BY_THEMSELVES: [&str; 1] = ["github.com/KimMachineGun/automemlimit"];

/// Parameter: how much of the memory GOMEMLIMIT may be.
pub(crate) const NEAR: &str = "memory-limit-near-percent";

/// What GOMEMLIMIT says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// No limit.
    Off,
    /// In bytes.
    Bytes(u64),
}

/// Reads a value as the runtime does (runtime/mgcpacer.go `readGOMEMLIMIT`,
/// runtime/string.go `parseByteCount`); none where it ends the program.
fn parse(text: &str, minor: u32) -> Option<Limit> {
    if text.is_empty() || text == "off" {
        return Some(Limit::Off);
    }
    let (digits, power) = if let Some(digits) = text.strip_suffix('B') {
        let units = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4)];
        let unit = units
            .into_iter()
            .find_map(|(unit, power)| Some((digits.strip_suffix(unit)?, power)));
        unit.unwrap_or((digits, 0))
    } else {
        (text, 0)
    };
    let unsigned = match digits.strip_prefix('-') {
        Some(rest) => rest,
        None if minor >= SIGNED => digits.strip_prefix('+').unwrap_or(digits),
        None => digits,
    };
    // Rust's own parser takes a sign, which stands here no more than once.
    if !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = unsigned.parse().ok()?;
    // Of what has a minus, zero alone is not negative.
    if digits.starts_with('-') && number != 0 {
        return None;
    }
    let bytes = number.checked_mul(1024_i64.pow(power))?;
    u64::try_from(bytes).ok().map(Limit::Bytes)
}

pub(crate) fn syntax() -> Findings {
    each_start(
        "what its GOMEMLIMIT says is not known",
        |program, start| {
            if program.version()?.minor < SINCE {
                return Ok(None);
            }
            let mut evidence = Vec::new();
            let value = variable(start, "GOMEMLIMIT", &mut evidence)?;
            Ok(Some(Reading { value, evidence }))
        },
        |program, value, _| {
            let minor = program.version()?.minor;
            Ok(vec![judge_syntax(&program.path, value.as_deref(), minor)])
        },
    )
}

fn judge_syntax(path: &str, value: Option<&str>, minor: u32) -> Finding {
    let Some(text) = value else {
        return Finding::pass(path, "GOMEMLIMIT is not set");
    };
    if parse(text, minor).is_some() {
        return Finding::pass(path, "the runtime can read GOMEMLIMIT").actual(text);
    }
    let finding = Finding::fail(
        path,
        "GOMEMLIMIT is malformed: the program ends at its start with status 2, \"fatal error: malformed GOMEMLIMIT\"",
    )
    .actual(text)
    .wanted("digits with B, KiB, MiB, GiB or TiB, or none of them; or off");
    finding.remedy(match suggestion(text, minor) {
        Some(better) => format!("write GOMEMLIMIT={better}"),
        None => "write a number of bytes, or one like 512MiB".to_owned(),
    })
}

/// What was probably meant by `512M`, `1GB`, `1 GiB`, `2gib`.
fn suggestion(text: &str, minor: u32) -> Option<String> {
    let text = text.trim();
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let (digits, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_uppercase();
    let unit = match unit.as_str() {
        "K" | "KB" | "KI" | "KIB" => "KiB",
        "M" | "MB" | "MI" | "MIB" => "MiB",
        "G" | "GB" | "GI" | "GIB" => "GiB",
        "T" | "TB" | "TI" | "TIB" => "TiB",
        "B" => "B",
        _ => return None,
    };
    let better = format!("{digits}{unit}");
    parse(&better, minor).map(|_| better)
}

/// The memory that a start may use.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Memory {
    /// The host's, in bytes.
    total: u64,
    /// The least limit of a control group, and the group.
    least: Option<(u64, String)>,
    /// Whether all groups are known.
    group: Group,
}

/// What is known of a start's control group.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Its limits and those above it.
    Known,
    /// The user has named a program, and no group for it.
    NotNamed,
}

/// What is asked for limits of a start; none where it is started in no group
/// that anyone has named.
///
/// # Errors
/// Its control group is not known.
pub(crate) fn member(start: &Start) -> Result<Option<Member>, Absence> {
    match (&start.origin, &start.cgroup) {
        (_, Some(group)) if !matches!(start.origin, Origin::Process(_)) => {
            Ok(Some(Member::Group(group.clone())))
        }
        (Origin::Process(pid), _) => Ok(Some(Member::Process(*pid))),
        (Origin::Named, _) => Ok(None),
        (Origin::Unit(unit) | Origin::OptionalUnit(unit), _) => Err(Absence {
            path: unit.clone(),
            state: State::Unknown(Reason::NotCollected),
            detail: "the control group that it is started in".to_owned(),
        }),
    }
}

fn memory(start: &Start, evidence: &mut Vec<Evidence>) -> Result<Memory, Absence> {
    let host = host::memory_total()?;
    evidence.push(host.evidence);
    let mut memory = Memory {
        total: host.total,
        least: None,
        group: Group::Known,
    };
    let Some(member) = member(start)? else {
        memory.group = Group::NotNamed;
        return Ok(memory);
    };
    match cgroup::limits(&member, ResourceKind::Memory) {
        Ok(levels) => {
            if let Some(absence) = levels.unknown.into_iter().next() {
                return Err(absence);
            }
            for level in levels.entries {
                evidence.push(level.evidence);
                let Some(limit) = level.limit else { continue };
                if memory
                    .least
                    .as_ref()
                    .is_none_or(|(least, _)| limit < *least)
                {
                    memory.least = Some((limit, level.group));
                }
            }
        }
        // No hierarchy has the controller: there is no limit.
        Err(absence) if absence.state == State::Absent => {}
        Err(absence) => return Err(absence),
    }
    Ok(memory)
}

pub(crate) fn range() -> Findings {
    let near = integer(NEAR)?;
    each_start(
        "what memory it may use is not known",
        |program, start| {
            let minor = program.version()?.minor;
            let mut evidence = Vec::new();
            let text = variable(start, "GOMEMLIMIT", &mut evidence)?;
            let limit = match text.as_deref() {
                Some(text) if minor >= SINCE => match parse(text, minor) {
                    Some(Limit::Bytes(bytes)) => Some(bytes),
                    Some(Limit::Off) => None,
                    // That is the other rule's.
                    None => return Ok(None),
                },
                _ => None,
            };
            let memory = memory(start, &mut evidence)?;
            let value = (limit, memory);
            Ok(Some(Reading { value, evidence }))
        },
        |program, (limit, memory), _| {
            let finding = match limit {
                Some(limit) => judge_limit(&program.path, *limit, memory, near),
                None => judge_none(program, memory)?,
            };
            Ok(vec![finding])
        },
    )
}

/// The memory that binds, and what sets it.
fn binding(memory: &Memory) -> (u64, String) {
    match &memory.least {
        Some((limit, group)) if *limit < memory.total => {
            (*limit, format!("the memory limit of {group}"))
        }
        _ => (memory.total, "the memory of the host".to_owned()),
    }
}

fn judge_limit(path: &str, limit: u64, memory: &Memory, near: i64) -> Finding {
    let (bound, what) = binding(memory);
    let actual = format!("{} of {}", in_words(limit), in_words(bound));
    let note = match memory.group {
        Group::Known => "",
        Group::NotNamed => "; no control group was named",
    };
    let share = i128::from(limit) * 100;
    if limit > bound {
        Finding::fail(
            path,
            format!("GOMEMLIMIT is above {what}: the program is killed before the collector works harder"),
        )
        .actual(actual)
        .wanted(format!("at most {near} % of {}", in_words(bound)))
        .remedy(lower(bound))
    } else if share > i128::from(near) * i128::from(bound) {
        Finding::fail(
            path,
            format!(
                "GOMEMLIMIT is nearly all of {what}: what the runtime does not count has no room"
            ),
        )
        .actual(actual)
        .wanted(format!("at most {near} % of {}", in_words(bound)))
        .remedy(lower(bound))
        .severity(Severity::Medium)
    } else {
        Finding::pass(path, format!("GOMEMLIMIT leaves room below {what}{note}")).actual(actual)
    }
}

fn lower(bound: u64) -> String {
    let mebibytes = (bound / 10 * 9) >> 20;
    format!(
        "set GOMEMLIMIT={mebibytes}MiB, 90 % of it; memory of C code is not counted and needs more room"
    )
}

fn judge_none(program: &Program, memory: &Memory) -> Result<Finding, Absence> {
    let path = &program.path;
    let bound = match &memory.least {
        Some((limit, group)) if *limit < memory.total => (*limit, group),
        _ => {
            return Ok(match memory.group {
                Group::Known => Finding::pass(
                    path,
                    "no control group limits its memory below that of the host",
                ),
                Group::NotNamed => Finding::not_applicable(
                    path,
                    "GOMEMLIMIT sets no limit, and no control group was named",
                ),
            });
        }
    };
    if program.depends_on(|module| BY_THEMSELVES.contains(&module))? {
        return Ok(Finding::pass(
            path,
            "it is built with a module that takes the limit from the control group",
        )
        .confidence(casefile_policy::Confidence::Inferred));
    }
    let (limit, group) = bound;
    let finding = Finding::fail(
        path,
        format!("GOMEMLIMIT sets no limit (it is not set, or off), and {group} may use less memory than the host has: Go does not look there"),
    )
    .actual("no limit")
    .wanted(format!("GOMEMLIMIT below {}", in_words(limit)))
    .severity(Severity::Medium);
    Ok(if program.version()?.minor < SINCE {
        finding.remedy("Go has GOMEMLIMIT since 1.19: build it with a newer release, or lower GOGC")
    } else {
        finding.remedy(lower(limit))
    })
}

/// Bytes in the greatest unit that divides them.
pub(crate) fn in_words(bytes: u64) -> String {
    for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if bytes >= 1 << shift && bytes.trailing_zeros() >= shift {
            return format!("{} {unit}", bytes >> shift);
        }
    }
    if bytes >= 1 << 20 {
        return format!("{} MiB", bytes >> 20);
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_the_runtime_reads_them() {
        let bytes = |text| match parse(text, 27) {
            Some(Limit::Bytes(bytes)) => Some(bytes),
            _ => None,
        };
        assert_eq!(bytes("1"), Some(1));
        assert_eq!(bytes("1B"), Some(1));
        assert_eq!(bytes("512KiB"), Some(512 << 10));
        assert_eq!(bytes("512MiB"), Some(512 << 20));
        assert_eq!(bytes("2GiB"), Some(2 << 30));
        assert_eq!(bytes("1TiB"), Some(1 << 40));
        assert_eq!(bytes("0"), Some(0));
        assert_eq!(bytes("-0"), Some(0));
        assert_eq!(bytes("9223372036854775807"), Some(i64::MAX as u64));
        for off in ["", "off"] {
            assert_eq!(parse(off, 27), Some(Limit::Off));
        }
    }

    #[test]
    fn what_the_runtime_refuses_is_refused() {
        for text in [
            "512M",
            "512MB",
            "1G",
            "1g",
            "512mib",
            "512 MiB",
            " 1",
            "1 ",
            "B",
            "iB",
            "MiB",
            "1.5GiB",
            "-1",
            "-1MiB",
            "OFF",
            "9223372036854775808",
            "8388608TiB",
            "1PiB",
            "1BB",
            "++1",
            "+-1",
            "1_000",
            "0x10",
        ] {
            assert_eq!(parse(text, 27), None, "{text}");
            assert_eq!(parse(text, 21), None, "{text}");
        }
    }

    /// go1.24.11 ends, go1.26.8 and go1.27.3 start.
    #[test]
    fn a_plus_is_taken_since_go_1_26() {
        assert_eq!(parse("+5MiB", 24), None);
        assert_eq!(parse("+5MiB", 25), None);
        assert_eq!(parse("+5MiB", 26), Some(Limit::Bytes(5 << 20)));
    }

    #[test]
    fn what_was_meant_is_suggested() {
        assert_eq!(suggestion("512M", 27).as_deref(), Some("512MiB"));
        assert_eq!(suggestion("1 GB", 27).as_deref(), Some("1GiB"));
        assert_eq!(suggestion("1.5GiB", 27), None);
        assert_eq!(suggestion("many", 27), None);
    }
}
