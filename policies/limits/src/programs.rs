//! Limits of single programs that end them, or hide why they ended: address
//! space for Go, core dumps that are asked for, memory that is locked.

use casefile_policy::environment;
use casefile_policy::go_binary;
use casefile_policy::host;
use casefile_policy::process::{self, Limit, Limited};
use casefile_policy::sysctl;
use casefile_policy::{Absence, Confidence, Finding, Reason, State, integer};

use crate::Findings;
use crate::groups::bytes_in_words;
use crate::host::known;
use crate::processes::{Process, Survey, count, subject};

/// Parameter: MiB of address space or data; less for a program of Go is
/// reported.
pub(crate) const ADDRESS_SPACE: &str = "address-space-low-mib";
/// Parameter: KiB of locked memory; less for who uses it is reported.
pub(crate) const LOCKED: &str = "locked-memory-low-kib";

/// A limit that counts against Go, with its name.
struct Bound {
    name: &'static str,
    limit: Limit,
    bytes: u64,
}

/// RLIMIT_AS and RLIMIT_DATA: Go reserves address space for its tables when
/// it starts (runtime/mpagealloc_64bit.go), and much of it.
pub(crate) fn address_space() -> Findings {
    let least = integer(ADDRESS_SPACE)?;
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| {
        let of_space = process::get_limit(process.pid, Limited::AddressSpace)?;
        let of_data = process::get_limit(process.pid, Limited::Data)?;
        let bounds = [("RLIMIT_AS", of_space), ("RLIMIT_DATA", of_data)];
        let least = bounds.into_iter().filter_map(|(name, limit)| {
            let bytes = limit.soft?;
            Some(Bound { name, limit, bytes })
        });
        Ok(least.min_by_key(|bound| bound.bytes))
    });
    let is_low = |bytes: u64| i128::from(bytes) < i128::from(least) << 20;
    let mut findings = Vec::new();
    let mut unknown = Vec::new();
    for (process, bound) in &answers {
        let Some(bound) = bound.as_ref().filter(|bound| is_low(bound.bytes)) else {
            continue;
        };
        match is_go(process) {
            Ok(false) => {}
            Ok(true) => findings.push(
                Finding::fail(
                    subject(&process.name, &[process.pid]),
                    format!(
                        "{} binds the program of Go: it needs address space for tables long before it uses memory, and the next start may end in \"fatal error: failed to reserve page summary memory\" (exit 2)",
                        bound.name
                    ),
                )
                .actual(bytes_in_words(bound.bytes))
                .wanted(format!("{least} MiB or more, or no limit"))
                .remedy("take LimitAS= and LimitDATA= out of the unit (ulimit -v, ulimit -d), and limit memory by MemoryMax= and GOMEMLIMIT")
                .evidence([process.evidence, bound.limit.evidence]),
            ),
            Err(absence) => unknown.push((process, absence)),
        }
    }
    for (process, absence) in unknown {
        let message =
            "its address space is limited, and it is not known whether it is a program of Go";
        let name = subject(&process.name, &[process.pid]);
        findings.push(Finding::unknown(name, message, absence));
    }
    if findings.is_empty() && survey.is_complete() && !answers.is_empty() {
        let message = "no program of Go has little address space";
        findings.push(Finding::pass("processes", message).actual(count(answers.len())));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

/// Whether a process runs a program of Go.
fn is_go(process: &Process) -> Result<bool, Absence> {
    let program = match process::get_executable(process.pid) {
        Ok(program) => program,
        Err(absence) if absence.state == State::Absent => return Ok(false),
        Err(absence) => return Err(absence),
    };
    match go_binary::get(&program.path) {
        Ok(_) => Ok(true),
        Err(absence) if absence.state == State::Absent => Ok(false),
        Err(absence) => Err(absence),
    }
}

/// GOTRACEBACK=crash asks for a core dump; without room for one there is none.
pub(crate) fn core_dumps() -> Findings {
    const PATTERN: &str = "kernel.core_pattern";
    let Some(pattern) = known(sysctl::get(PATTERN))? else {
        let message = "the kernel writes no core dumps";
        return Ok(vec![Finding::not_applicable(PATTERN, message)]);
    };
    if pattern.text.starts_with('|') {
        // What it is given does not count against the limit (core(5)).
        let pass = Finding::pass(PATTERN, "a program takes core dumps, whatever their limit");
        return Ok(vec![pass.evidence([pattern.evidence])]);
    }
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| {
        match environment::get(process.pid, "GOTRACEBACK") {
            Ok(variable) if variable.value.as_deref() == Some("crash") => {}
            Ok(_) => return Ok(None),
            Err(absence) if absence.state == State::Absent => return Ok(None),
            Err(absence) => return Err(absence),
        }
        Ok(Some(process::get_limit(process.pid, Limited::Core)?))
    });
    let mut findings: Vec<Finding> = answers
        .iter()
        .filter_map(|(process, limit)| {
            let limit = limit.as_ref().filter(|limit| limit.soft == Some(0))?;
            Some(
                Finding::fail(
                    subject(&process.name, &[process.pid]),
                    "GOTRACEBACK=crash asks for a core dump, and RLIMIT_CORE leaves no room for one: a crash leaves none",
                )
                .actual("0 bytes")
                .wanted("a limit above 0, or a program in kernel.core_pattern")
                .remedy("set LimitCORE=infinity in the unit, or install systemd-coredump")
                .evidence([process.evidence, limit.evidence, pattern.evidence]),
            )
        })
        .collect();
    if findings.is_empty() && survey.is_complete() && !answers.is_empty() {
        let asking = answers.iter().filter(|(_, limit)| limit.is_some()).count();
        let message = "whoever asks for core dumps has room for them";
        findings.push(Finding::pass("processes", message).actual(match asking {
            1 => "1 process asks".to_owned(),
            _ => format!("{asking} processes ask"),
        }));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

/// RLIMIT_MEMLOCK of who uses BPF or io_uring, where the kernel counts these
/// as locked memory: before 5.11 and 5.12.
pub(crate) fn locked_memory() -> Findings {
    let least = integer(LOCKED)?;
    let kernel = host::running_kernel()?;
    let version = version(&kernel.release).ok_or_else(|| Absence {
        path: "/proc/sys/kernel/osrelease".to_owned(),
        state: State::Unknown(Reason::Malformed),
        detail: "it begins with no version".to_owned(),
    })?;
    let mut counted: Vec<&str> = Vec::new();
    if version < (5, 11) {
        counted.extend(["anon_inode:bpf-map", "anon_inode:bpf-prog"]);
    }
    if version < (5, 12) {
        counted.push("anon_inode:[io_uring]");
    }
    if counted.is_empty() {
        let message = "the kernel counts neither BPF nor io_uring as locked memory";
        let finding = Finding::not_applicable("locked memory", message);
        return Ok(vec![finding.evidence([kernel.evidence])]);
    }
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| {
        let descriptors = process::get_descriptors(process.pid)?;
        let limit = process::get_limit(process.pid, Limited::LockedMemory)?;
        let uses = descriptors
            .kinds
            .iter()
            .any(|kind| counted.contains(&kind.kind.as_str()));
        Ok((uses, limit, descriptors.evidence))
    });
    let is_low = |limit: &Limit| {
        let soft = limit.soft.map_or(i128::MAX, i128::from);
        soft < i128::from(least) << 10
    };
    let mut findings: Vec<Finding> = answers
        .iter()
        .filter(|(_, (uses, limit, _))| *uses && is_low(limit))
        .map(|(process, (_, limit, evidence))| {
            Finding::fail(
                subject(&process.name, &[process.pid]),
                "the process uses BPF or io_uring, which this kernel counts as locked memory, and may lock little: more maps or rings end in EPERM or ENOMEM",
            )
            .confidence(Confidence::Heuristic)
            .actual(bytes_in_words(limit.soft.unwrap_or(u64::MAX)))
            .wanted(format!("{least} KiB or more"))
            .remedy("set LimitMEMLOCK=infinity in the unit")
            .evidence([process.evidence, limit.evidence, *evidence])
        })
        .collect();
    if findings.is_empty() && survey.is_complete() && !answers.is_empty() {
        let message = "whoever uses BPF or io_uring may lock enough memory";
        findings.push(Finding::pass("processes", message).actual(count(answers.len())));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

/// Major and minor number of a release: `5.10.0-28-amd64`.
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|character: char| !character.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
