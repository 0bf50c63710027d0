//! Open files of the host as a whole.

use casefile_policy::sysctl::{self, Setting};
use casefile_policy::{Absence, Evidence, Finding, Reason, State, integer};

use crate::{Findings, is_over, over_in_words};

/// Parameter: per cent of fs.file-max.
pub(crate) const FILE_MAX_USED: &str = "file-max-used-percent";

const FILE_MAX: &str = "fs.file-max";
const FILE_NR: &str = "fs.file-nr";

/// fs.file-nr has three numbers: allocated, free among those, the limit.
/// The second is 0 since Linux 2.6 and says nothing by itself
/// (Documentation/admin-guide/sysctl/fs.rst).
pub(crate) fn file_max() -> Findings {
    let percent = integer(FILE_MAX_USED)?;
    let Some(counters) = known(sysctl::get(FILE_NR))? else {
        return Ok(vec![no_such_setting(FILE_MAX)]);
    };
    let (used, max) = parse(&counters)?;
    let finding = if is_over(used, percent, max) {
        Finding::fail(
            FILE_MAX,
            "the host has nearly used up its open files: then \"too many open files in system\" (ENFILE) ends every open and socket of users other than root",
        )
        .remedy("find who holds them (open-files-used, lsof), or raise fs.file-max (sysctl.d(5))")
    } else {
        Finding::pass(FILE_MAX, "the host may open many more files")
    };
    Ok(vec![
        finding
            .actual(over_in_words(used, max))
            .wanted(format!("{percent} % at most"))
            .evidence([counters.evidence]),
    ])
}

/// Files in use, and how many there may be.
fn parse(counters: &Setting) -> Result<(u64, u64), Absence> {
    let numbers: Vec<u64> = counters
        .text
        .split_ascii_whitespace()
        .map_while(|word| word.parse().ok())
        .collect();
    match numbers[..] {
        [allocated, free, max] => Ok((allocated.saturating_sub(free), max)),
        _ => Err(Absence {
            path: "/proc/sys/fs/file-nr".to_owned(),
            state: State::Unknown(Reason::Malformed),
            detail: "it is not three numbers".to_owned(),
        }),
    }
}

/// Which of two limits is reached first, a process's own or that of the host,
/// in words; nothing where the host's is not known.
pub(crate) fn against_file_max(limit: u64) -> Option<(String, Evidence)> {
    let max = sysctl::get_number(FILE_MAX).ok()?;
    let words = if i128::from(limit) <= i128::from(max.value) {
        format!("it binds before {FILE_MAX} ({})", max.value)
    } else {
        format!("{FILE_MAX} ({}) binds before it", max.value)
    };
    Some((words, max.evidence))
}

/// None for a setting that the kernel does not have: it was built without
/// what the setting limits.
pub(crate) fn known<T>(setting: Result<T, Absence>) -> Result<Option<T>, Absence> {
    match setting {
        Ok(setting) => Ok(Some(setting)),
        Err(absence) if absence.state == State::Absent => Ok(None),
        Err(absence) => Err(absence),
    }
}

/// There is nothing that could be too small.
pub(crate) fn no_such_setting(name: &str) -> Finding {
    Finding::not_applicable(name, "the kernel has no such setting")
}
