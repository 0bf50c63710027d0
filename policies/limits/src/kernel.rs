//! Settings of the kernel that end or slow a program: how strictly memory is
//! promised, large pages, and when there was randomness after the start.

use casefile_policy::files;
use casefile_policy::host;
use casefile_policy::kernel_log;
use casefile_policy::process;
use casefile_policy::sysctl;
use casefile_policy::{Absence, Confidence, Finding, Reason, Severity, State, integer};

use crate::Findings;
use crate::groups::bytes_in_words;
use crate::host::{known, no_such_setting};
use crate::processes::{Group, Survey, subject};

/// Parameter: MiB that can still be promised; less is reported.
pub(crate) const PROMISED: &str = "overcommit-left-mib";
/// Parameter: seconds after the start until there was randomness; more are
/// reported.
pub(crate) const RANDOMNESS: &str = "randomness-late-seconds";

/// vm.overcommit_memory = 2: the kernel promises no more than it has
/// (Documentation/mm/overcommit-accounting.rst).
pub(crate) fn overcommit() -> Findings {
    const MODE: &str = "vm.overcommit_memory";
    let least = integer(PROMISED)?;
    let Some(mode) = known(sysctl::get_number(MODE))? else {
        return Ok(vec![no_such_setting(MODE)]);
    };
    if mode.value != 2 {
        return Ok(vec![
            Finding::pass(MODE, "the kernel promises more memory than it has")
                .actual(mode.value)
                .evidence([mode.evidence]),
        ]);
    }
    let limit = host::memory_figure("CommitLimit")?;
    let promised = host::memory_figure("Committed_AS")?;
    let left = limit.value.saturating_sub(promised.value);
    let finding = if i128::from(left) < i128::from(least) << 20 {
        Finding::fail(
            MODE,
            "the kernel promises no more memory than it has, and has promised nearly all: then mmap and fork fail (ENOMEM), however much is free; Go ends with \"cannot allocate memory\"",
        )
        .remedy("set vm.overcommit_memory to 0, or raise vm.overcommit_ratio, or add swap (sysctl.d(5))")
    } else {
        Finding::pass(MODE, "the kernel can promise more memory")
    };
    Ok(vec![
        finding
            .actual(format!(
                "{} left of {}",
                bytes_in_words(left),
                bytes_in_words(limit.value)
            ))
            .wanted(format!("{least} MiB or more"))
            .evidence([mode.evidence, limit.evidence, promised.evidence]),
    ])
}

/// Large pages for everybody, and khugepaged that makes them of nearly empty
/// ones: a heap that was given back comes back.
pub(crate) fn huge_pages() -> Findings {
    const ENABLED: &str = "/sys/kernel/mm/transparent_hugepage/enabled";
    const MAX_NONE: &str = "/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none";
    const SUBJECT: &str = "transparent huge pages";
    let enabled = match files::read_text(ENABLED) {
        Ok(enabled) => enabled,
        Err(absence) if absence.state == State::Absent => {
            let message = "the kernel has no transparent huge pages";
            return Ok(vec![Finding::not_applicable(SUBJECT, message)]);
        }
        Err(absence) => return Err(absence),
    };
    let chosen = enabled.content.split_ascii_whitespace();
    let chosen = chosen
        .filter_map(|word| word.strip_prefix('[')?.strip_suffix(']'))
        .next()
        .unwrap_or_default();
    if chosen != "always" {
        let pass = Finding::pass(SUBJECT, "programs get large pages where they ask for them");
        return Ok(vec![pass.actual(chosen).evidence([enabled.evidence])]);
    }
    let none = files::read_text(MAX_NONE)?;
    let empty = none.content.trim();
    let finding = if empty == "0" {
        Finding::pass(SUBJECT, "no large page is made of empty ones")
    } else {
        Finding::fail(
            SUBJECT,
            "the kernel makes large pages of nearly empty ones: programs of Go (1.21.1 to 1.21.x, and 1.22 or newer) keep more memory than their heap has",
        )
        .confidence(Confidence::Heuristic)
        .remedy("write 0 to /sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none (tmpfiles.d(5)), as Go's guide to its collector says")
    };
    Ok(vec![
        finding
            .actual(format!("enabled: always, max_ptes_none: {empty}"))
            .wanted("max_ptes_none: 0")
            .evidence([enabled.evidence, none.evidence]),
    ])
}

/// Programs that started before the kernel had randomness: what asked for it
/// (getrandom(2)) had to wait.
pub(crate) fn randomness() -> Findings {
    const SUBJECT: &str = "randomness";
    let least = integer(RANDOMNESS)?;
    let coverage = kernel_log::get_coverage()?;
    let mut done = kernel_log::lines("crng init done", 0, 1)?;
    if done.is_empty() {
        done = kernel_log::lines("random: crng done", 0, 1)?;
    }
    let Some(line) = done.first() else {
        if !coverage.since_boot {
            return Err(Absence {
                path: "kernel log".to_owned(),
                state: State::Unknown(Reason::NotCollected),
                detail: "it does not reach back to the start of the kernel".to_owned(),
            });
        }
        let message = "the kernel's log does not say when there was randomness";
        let finding = Finding::not_applicable(SUBJECT, message);
        return Ok(vec![finding.evidence([coverage.evidence])]);
    };
    let Some(time) = line.since_boot else {
        let message = "the kernel's log does not tell the time since its start";
        return Ok(vec![
            Finding::not_applicable(SUBJECT, message).evidence([line.evidence]),
        ]);
    };
    let actual = format!(
        "{}.{:03} s after the kernel started",
        time / 1_000_000,
        time / 1000 % 1000
    );
    if i128::from(time) <= i128::from(least) * 1_000_000 {
        let pass = Finding::pass(SUBJECT, "the kernel had randomness soon after its start");
        return Ok(vec![pass.actual(actual).evidence([line.evidence])]);
    }
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| process::get_started(process.pid));
    let mut early = Group::default();
    let mut name = "";
    for (process, started) in &answers {
        if started.since_boot < time {
            name = if early.pids.is_empty() {
                &process.name
            } else {
                name
            };
            early.add(process, [started.evidence]);
        }
    }
    let finding = if early.pids.is_empty() {
        Finding::pass(
            SUBJECT,
            "no process that is there started before the kernel had randomness",
        )
    } else {
        Finding::fail(
            SUBJECT,
            format!(
                "the kernel had randomness late, and {} started before: whoever asked for some had to wait; Go logs \"crypto/rand: blocked for 60 seconds\"",
                subject(name, &early.pids)
            ),
        )
        .severity(Severity::Medium)
        .remedy("give the machine a source (virtio-rng, random.trust_cpu=on), or order the service After= the first random seed (systemd-random-seed.service)")
    };
    let finding = finding
        .actual(actual)
        .wanted(format!("within {least} s"))
        .evidence(early.evidence.into_iter().chain([line.evidence]));
    Ok(survey.or_nothing(vec![finding], answers.len()))
}
