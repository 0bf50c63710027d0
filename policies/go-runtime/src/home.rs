//! The home directory: functions of package os that fail where the
//! environment has none.

use casefile_policy::start::Start;
use casefile_policy::{Absence, Evidence, Finding};

use crate::Findings;
use crate::programs::{Program, Reading, each_start, variable};

/// Functions, the variable that they ask first, and what they say
/// (os/file.go).
const FUNCTIONS: [(&str, Option<&str>, &str); 3] = [
    ("os.UserHomeDir", None, "$HOME is not defined"),
    (
        "os.UserCacheDir",
        Some("XDG_CACHE_HOME"),
        "neither $XDG_CACHE_HOME nor $HOME are defined",
    ),
    (
        "os.UserConfigDir",
        Some("XDG_CONFIG_HOME"),
        "neither $XDG_CONFIG_HOME nor $HOME are defined",
    ),
];

pub(crate) fn missing() -> Findings {
    each_start(
        "whether it has a home directory is not known",
        |program, start| {
            if called(program)?.is_empty() {
                return Ok(None);
            }
            let mut evidence = Vec::new();
            let value = read(start, &mut evidence)?;
            Ok(Some(Reading { value, evidence }))
        },
        |program, set, _| {
            let path = &program.path;
            let mut findings = Vec::new();
            for (function, first, error, caller) in called(program)? {
                let has = |name: &str| set.contains(&name);
                if has("HOME") || first.is_some_and(has) {
                    continue;
                }
                findings.push(
                    Finding::fail(
                        path,
                        format!("{caller} calls {function}, which fails without HOME: \"{error}\""),
                    )
                    .actual("no HOME")
                    .wanted("HOME in its environment")
                    .remedy("systemd sets HOME for units with User=: set User=, or Environment=HOME=/var/lib/NAME; or StateDirectory= and CacheDirectory=, and read what they set"),
                );
            }
            if findings.is_empty() {
                findings.push(Finding::pass(
                    path,
                    "what asks for a home directory gets one",
                ));
            }
            Ok(findings)
        },
    )
}

/// The functions that its own code calls, with a caller.
#[allow(
    clippy::type_complexity,
    reason = "a row of the table above, and a caller"
)]
fn called(
    program: &Program,
) -> Result<Vec<(&'static str, Option<&'static str>, &'static str, String)>, Absence> {
    let mut called = Vec::new();
    for (function, first, error) in FUNCTIONS {
        if let Some(caller) = program.callers(function)?.into_iter().next() {
            called.push((function, first, error, caller));
        }
    }
    Ok(called)
}

/// The variables that are set, and not empty.
fn read(start: &Start, evidence: &mut Vec<Evidence>) -> Result<Vec<&'static str>, Absence> {
    let mut set = Vec::new();
    for name in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        if variable(start, name, evidence)?.is_some_and(|value| !value.is_empty()) {
            set.push(name);
        }
    }
    Ok(set)
}
