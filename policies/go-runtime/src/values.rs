//! Values of the runtime's variables that it can't read, and silently takes
//! for others.

use casefile_policy::start::Start;
use casefile_policy::{Absence, Evidence, Finding};

use crate::Findings;
use crate::programs::{Reading, each_start, variable};
use crate::{godebug, memory_limit};

/// What GOGC is read as (runtime/mgcpacer.go `readGOGC`).
fn is_percentage(text: &str, minor: u32) -> bool {
    text == "off" || number(text, minor).is_some()
}

/// A number of 32 bits as the runtime of a release reads it: by `atoi` of its
/// own up to Go 1.25, which knows the sign `-` alone.
pub(crate) fn number(text: &str, minor: u32) -> Option<i32> {
    if text.starts_with('+') && minor < memory_limit::SIGNED {
        return None;
    }
    // Rust takes the same: a sign, digits, nothing else.
    text.parse().ok()
}

/// How many processors GOMAXPROCS asks for; none where it is ignored
/// (runtime/proc.go `schedinit`).
pub(crate) fn processors(text: &str, minor: u32) -> Option<u32> {
    let number = number(text, minor)?;
    u32::try_from(number).ok().filter(|count| *count > 0)
}

/// What GOTRACEBACK asks for (runtime/runtime1.go `setTraceback`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traceback {
    /// A panic prints no stack.
    Nothing,
    /// The stack of the goroutine that panics.
    Single,
    /// Those of all goroutines, or more.
    All,
    /// It is no level: a panic prints no stack.
    NoLevel,
}

/// Reads GOTRACEBACK.
pub(crate) fn traceback(text: &str) -> Traceback {
    match text {
        "none" => Traceback::Nothing,
        "" | "single" => Traceback::Single,
        "all" | "system" | "crash" => Traceback::All,
        // `wer` is for Windows, and elsewhere what any other word is.
        _ => match text.parse::<u32>() {
            Ok(0) => Traceback::Nothing,
            Ok(_) => Traceback::All,
            Err(_) => Traceback::NoLevel,
        },
    }
}

/// What is set, as far as the rule judges it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Set {
    percentage: Option<String>,
    processors: Option<String>,
    traceback: Option<String>,
    memory_limit: Option<String>,
    debug: Option<String>,
}

impl Set {
    fn read(start: &Start, evidence: &mut Vec<Evidence>) -> Result<Self, Absence> {
        Ok(Self {
            percentage: variable(start, "GOGC", evidence)?,
            processors: variable(start, "GOMAXPROCS", evidence)?,
            traceback: variable(start, "GOTRACEBACK", evidence)?,
            memory_limit: variable(start, "GOMEMLIMIT", evidence)?,
            debug: godebug::of_start(start, evidence)?,
        })
    }

    /// What is ignored of it: what is set, what happens, what is wanted.
    fn ignored(&self, minor: u32) -> Vec<(String, String, &'static str)> {
        let mut ignored = Vec::new();
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if let Some(value) = set(&self.percentage).filter(|value| !is_percentage(value, minor)) {
            ignored.push((
                format!("GOGC={value}"),
                "the runtime takes 100".to_owned(),
                "a whole number, or off",
            ));
        }
        if let Some(value) =
            set(&self.processors).filter(|value| processors(value, minor).is_none())
        {
            ignored.push((
                format!("GOMAXPROCS={value}"),
                "the runtime takes its default".to_owned(),
                "a whole number above 0",
            ));
        }
        if let Some(value) =
            set(&self.traceback).filter(|value| traceback(value) == Traceback::NoLevel)
        {
            ignored.push((
                format!("GOTRACEBACK={value}"),
                "a panic prints no stack at all".to_owned(),
                "none, single, all, system, crash, or a level",
            ));
        }
        if let Some(value) = set(&self.memory_limit).filter(|_| minor < memory_limit::SINCE) {
            ignored.push((
                format!("GOMEMLIMIT={value}"),
                format!("Go 1.{minor} does not know it"),
                "a program of Go 1.19 or newer",
            ));
        }
        if let Some(field) = set(&self.debug).and_then(|debug| no_pair(&debug)) {
            ignored.push((
                format!("GODEBUG=...{field}..."),
                "what has no = is skipped".to_owned(),
                "NAME=VALUE, separated by commas",
            ));
        }
        ignored
    }
}

/// A field of GODEBUG that is no pair.
fn no_pair(debug: &str) -> Option<String> {
    let mut fields = debug.split(',');
    let field = fields.find(|field| !field.is_empty() && !field.contains('='))?;
    Some(field.to_owned())
}

pub(crate) fn ignored() -> Findings {
    each_start(
        "what its environment holds for the runtime is not known",
        |_, start| {
            let mut evidence = Vec::new();
            let value = Set::read(start, &mut evidence)?;
            Ok(Some(Reading { value, evidence }))
        },
        |program, set, _| {
            let path = &program.path;
            let ignored = set.ignored(program.version()?.minor);
            if ignored.is_empty() {
                let message = "the runtime can read what its environment holds for it";
                return Ok(vec![Finding::pass(path, message)]);
            }
            let failures = ignored.into_iter().map(|(actual, effect, wanted)| {
                Finding::fail(
                    path,
                    format!("{actual} is ignored without a word: {effect}"),
                )
                .actual(actual)
                .wanted(wanted)
                .remedy("write a value that the runtime knows, or take the variable away")
            });
            Ok(failures.collect())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_whole_numbers_or_off() {
        for text in ["off", "100", "-1", "+50", "0", "2147483647"] {
            assert!(is_percentage(text, 27), "{text}");
        }
        for text in ["x", "100%", "1.5", "2147483648", " 1", "OFF", "1_0"] {
            assert!(!is_percentage(text, 27), "{text}");
        }
    }

    /// As programs of go1.21.13, go1.25.5, go1.26.6 and go1.27.3 do.
    #[test]
    fn a_plus_is_a_sign_since_go_1_26() {
        for (minor, is_taken) in [(21, false), (25, false), (26, true), (27, true)] {
            assert_eq!(is_percentage("+50", minor), is_taken, "1.{minor}");
            assert_eq!(processors("+1", minor).is_some(), is_taken, "1.{minor}");
            assert!(is_percentage("-1", minor));
        }
    }

    #[test]
    fn processors_are_above_zero() {
        assert_eq!(processors("4", 27), Some(4));
        assert_eq!(processors("+4", 27), Some(4));
        for text in ["0", "-1", "x", "", "4.0", "2147483648"] {
            assert_eq!(processors(text, 27), None, "{text}");
        }
    }

    /// As go1.27.3 prints for a panic.
    #[test]
    fn what_is_no_level_prints_no_stack() {
        assert_eq!(traceback("wer"), Traceback::NoLevel);
        assert_eq!(traceback("All"), Traceback::NoLevel);
        assert_eq!(traceback("-1"), Traceback::NoLevel);
        assert_eq!(traceback("0"), Traceback::Nothing);
        assert_eq!(traceback("1"), Traceback::All);
        assert_eq!(traceback(""), Traceback::Single);
    }

    #[test]
    fn fields_of_godebug_are_pairs() {
        assert_eq!(no_pair("netdns:go").as_deref(), Some("netdns:go"));
        assert_eq!(no_pair("netdns=go,"), None);
    }
}
