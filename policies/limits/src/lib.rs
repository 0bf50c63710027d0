//! Limits that stop a service: descriptors of processes and of the host, and
//! what inotify may use.

mod configured;
mod descriptors;
mod host;
mod inotify;
mod open_files;
mod processes;
mod systemd;

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, rule};
use casefile_policy::{integer_default, texts_default};

struct Limits;

type Findings = Result<Vec<Finding>, Absence>;

impl Policy for Limits {
    const ID: &str = "limits";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Limits that stop a service";
    const RULES: &[Rule] = &[
        rule!(
            "open-files-low",
            "A process may open few files",
            Low,
            Limits,
            open_files::low
        ),
        rule!(
            "open-files-used",
            "A process has used up its descriptors",
            High,
            Limits,
            descriptors::used
        ),
        rule!(
            "open-files-configured",
            "A limit of open files is configured that does not hold",
            Medium,
            Limits,
            configured::configured
        ),
        rule!(
            "file-max-used",
            "Open files of the host near fs.file-max",
            High,
            Limits,
            host::file_max
        ),
        rule!(
            "inotify-watches-low",
            "A user may watch few files",
            Medium,
            Limits,
            inotify::watches
        ),
        rule!(
            "inotify-instances-used",
            "A user has used up its instances of inotify",
            High,
            Limits,
            inotify::instances
        ),
        rule!(
            "inotify-queue",
            "The event queue of inotify is short",
            Info,
            Limits,
            inotify::queue
        ),
    ];

    fn parameters() -> Vec<Parameter> {
        vec![
            integer_default(
                open_files::LOW,
                65_536,
                "Descriptors: a hard limit below is reported.",
            ),
            integer_default(
                open_files::VERY_LOW,
                4096,
                "Descriptors: a hard limit below, where it is reported, is of high severity.",
            ),
            texts_default(
                open_files::EXEMPT,
                vec!["avahi-daemon".to_owned()],
                "Names of programs and units whose limit is low on purpose.",
            ),
            integer_default(
                descriptors::USED,
                60,
                "Per cent of a process's soft limit: more descriptors in use are reported.",
            ),
            integer_default(
                descriptors::FULL,
                80,
                "Per cent of a process's soft limit: more descriptors in use, where they are reported, are of high severity.",
            ),
            integer_default(
                host::FILE_MAX_USED,
                80,
                "Per cent of fs.file-max: more open files of the host are reported.",
            ),
            integer_default(
                inotify::WATCHES,
                8192,
                "Watches: a limit of so many, or fewer, is reported.",
            ),
            integer_default(
                inotify::INSTANCES,
                80,
                "Per cent of the instances of inotify that a user may have: so many in use, or more, are reported.",
            ),
            integer_default(
                inotify::QUEUE,
                16_384,
                "Events: a shorter queue is reported.",
            ),
        ]
    }
}

casefile_policy::export_policy!(Limits);

/// More than so many per cent of a limit are in use.
fn is_over(used: u64, percent: i64, limit: u64) -> bool {
    i128::from(used) * 100 > i128::from(percent) * i128::from(limit)
}

/// At least so many per cent of a limit are in use.
fn reaches(used: u64, percent: i64, limit: u64) -> bool {
    i128::from(used) * 100 >= i128::from(percent) * i128::from(limit)
}

/// Use and limit in words, rounded up: what is over a threshold looks so.
fn over_in_words(used: u64, limit: u64) -> String {
    in_words(used, limit, u128::from(limit).saturating_sub(1))
}

/// Use and limit in words, rounded down: what does not reach a threshold does
/// not look as if it did.
fn reached_in_words(used: u64, limit: u64) -> String {
    in_words(used, limit, 0)
}

fn in_words(used: u64, limit: u64, rounding: u128) -> String {
    if limit == u64::MAX {
        return format!("{used} of unlimited");
    }
    match (u128::from(used) * 100 + rounding).checked_div(u128::from(limit)) {
        Some(percent) => format!("{used} of {limit} ({percent} %)"),
        None => format!("{used} of 0"),
    }
}
