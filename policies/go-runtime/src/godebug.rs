//! GODEBUG: what the environment and the build say together, and the values
//! with which a program ends before its main function
//! (runtime/runtime1.go `parsegodebug`, internal/godebugs/table.go).

use casefile_policy::start::Start;
use casefile_policy::{Absence, Evidence, Finding, Reason, State};

use crate::Findings;
use crate::programs::{Program, Reading, each_start, variable};

/// The newest release whose table of removed settings is known here.
const NEWEST: u32 = 27;
/// The release that gave up the mode of cgocheck (runtime/runtime1.go).
const CGOCHECK: u32 = 21;

/// Settings that are removed: the value that restored old behaviour, and with
/// which programs of Go 1.27 and newer end (internal/godebugs/table.go,
/// `Removed`). Other values are accepted.
const REMOVED: [(&str, &str); 10] = [
    ("x509sha1", "1"),
    ("tlskyber", "0"),
    ("gotypesalias", "0"),
    ("tlsunsafeekm", "1"),
    ("tlsrsakex", "1"),
    ("tls3des", "1"),
    ("tls10server", "1"),
    ("x509keypairleaf", "0"),
    ("asynctimerchan", "1"),
    ("asynctimerchan", "2"),
];

/// The setting of the build that holds what GODEBUG is where it is not set.
pub(crate) const DEFAULT: &str = "DefaultGODEBUG";

/// The pairs of a text, in order. What has no `=` is ignored, as the runtime
/// does.
pub(crate) fn pairs(text: &str) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    text.split(',').filter_map(|field| field.split_once('='))
}

/// The value of a setting: the last one of the environment, else the last one
/// of the build.
pub(crate) fn value<'a>(
    environment: Option<&'a str>,
    program: &'a Program,
    name: &str,
) -> Option<&'a str> {
    let last = |text: &'a str| pairs(text).rev().find(|(key, _)| *key == name);
    environment
        .and_then(last)
        .or_else(|| program.setting(DEFAULT).and_then(last))
        .map(|(_, value)| value)
}

/// What GODEBUG holds for a start.
///
/// # Errors
/// It is not known.
pub(crate) fn of_start(
    start: &Start,
    evidence: &mut Vec<Evidence>,
) -> Result<Option<String>, Absence> {
    variable(start, "GODEBUG", evidence)
}

pub(crate) fn removed() -> Findings {
    each_start(
        "what its GODEBUG holds is not known",
        |program, start| {
            if program.version()?.minor < CGOCHECK {
                return Ok(None);
            }
            let mut evidence = Vec::new();
            let value = of_start(start, &mut evidence)?;
            Ok(Some(Reading { value, evidence }))
        },
        |program, environment, _| {
            let minor = program.version()?.minor;
            let environment = environment.as_deref().unwrap_or_default();
            let default = program.setting(DEFAULT).unwrap_or_default();
            judge(&program.path, minor, environment, default).map(|finding| vec![finding])
        },
    )
}

fn judge(path: &str, minor: u32, environment: &str, default: &str) -> Result<Finding, Absence> {
    // The environment comes second, and its fault is the one that is shown.
    for (place, text) in [("its environment", environment), ("its build", default)] {
        if let Some(fatal) = fatal(minor, text) {
            return Ok(Finding::fail(
                path,
                format!(
                    "GODEBUG of {place} has {}={}: the program ends at its start with status 2, \"{}\"",
                    fatal.name, fatal.value, fatal.prints
                ),
            )
            .actual(format!("{}={}", fatal.name, fatal.value))
            .wanted(format!("no {} in GODEBUG", fatal.name))
            .remedy(match place {
                "its build" => "build it without that line `godebug` of go.mod, or without `//go:debug`",
                _ => "take the setting out of GODEBUG; what needs the old behaviour must be mended, or built with the release before",
            }));
        }
    }
    if minor > NEWEST && !environment.is_empty() {
        return Err(Absence {
            path: path.to_owned(),
            state: State::Unknown(Reason::NotCollected),
            detail: format!(
                "the settings that Go 1.{minor} has removed: those of Go 1.{NEWEST} are known"
            ),
        });
    }
    let message = match first_removed(environment) {
        Some((name, value)) if minor < NEWEST => format!(
            "Go 1.{minor} takes {name}={value}; built with Go 1.27 or newer it would end at its start"
        ),
        _ => format!("Go 1.{minor} takes what GODEBUG holds"),
    };
    Ok(Finding::pass(path, message))
}

/// A setting with which a program ends.
struct Fatal<'a> {
    name: &'a str,
    value: &'a str,
    prints: String,
}

fn fatal(minor: u32, text: &str) -> Option<Fatal<'_>> {
    if minor >= NEWEST
        && let Some((name, value)) = first_removed(text)
    {
        let prints =
            format!("fatal error: removed GODEBUG \"{name}\" set to old value \"{value}\"");
        return Some(Fatal {
            name,
            value,
            prints,
        });
    }
    // Numbers alone count, and the last of them.
    let (name, value) = pairs(text)
        .rev()
        .find(|(name, value)| *name == "cgocheck" && value.parse::<i32>().is_ok())?;
    if value.parse::<i32>().is_ok_and(|level| level <= 1) {
        return None;
    }
    let prints = "fatal error: cgocheck > 1 mode is no longer supported at runtime".to_owned();
    Some(Fatal {
        name,
        value,
        prints,
    })
}

fn first_removed(text: &str) -> Option<(&str, &str)> {
    pairs(text).find(|pair| REMOVED.contains(pair))
}

#[cfg(test)]
mod tests {
    use casefile_policy::Outcome;

    use super::*;

    fn outcome(minor: u32, environment: &str, default: &str) -> Option<Outcome> {
        let finding = judge("/bin/a", minor, environment, default);
        finding.ok().map(|finding| finding.outcome)
    }

    #[test]
    fn removed_settings_end_programs_of_the_release_that_removed_them() {
        for (name, value) in REMOVED {
            let text = format!("http2client=0,{name}={value}");
            assert_eq!(outcome(27, &text, ""), Some(Outcome::Fail), "{text}");
            assert_eq!(outcome(28, &text, ""), Some(Outcome::Fail), "{text}");
            assert_eq!(outcome(26, &text, ""), Some(Outcome::Pass), "{text}");
            assert_eq!(outcome(27, "", &text), Some(Outcome::Fail), "{text}");
        }
    }

    #[test]
    fn other_values_are_taken() {
        for text in [
            "",
            "tlsrsakex=0",
            "tlsrsakex",
            "tlsrsakex=1x",
            "asynctimerchan=0",
            ",,",
        ] {
            assert_eq!(outcome(27, text, ""), Some(Outcome::Pass), "{text}");
        }
        // The runtime takes no blanks away.
        assert_eq!(outcome(27, "a=1, tlsrsakex=1", ""), Some(Outcome::Pass));
    }

    #[test]
    fn what_a_newer_release_has_removed_is_not_known() {
        assert_eq!(outcome(28, "http2client=0", ""), None);
        assert_eq!(outcome(28, "", ""), Some(Outcome::Pass));
    }

    #[test]
    fn a_level_of_cgocheck_above_one_ends_the_program() {
        assert_eq!(outcome(21, "cgocheck=2", ""), Some(Outcome::Fail));
        assert_eq!(outcome(27, "cgocheck=1", ""), Some(Outcome::Pass));
        assert_eq!(
            outcome(27, "cgocheck=2,cgocheck=x", ""),
            Some(Outcome::Fail)
        );
        assert_eq!(
            outcome(27, "cgocheck=2,cgocheck=0", ""),
            Some(Outcome::Pass)
        );
    }
}
