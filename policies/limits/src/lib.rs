//! Limits that stop a service: descriptors, threads, memory, processor time,
//! ports, room in file systems; of processes, their control groups and the
//! host.

mod configured;
mod descriptors;
mod epoll;
mod groups;
mod host;
mod inotify;
mod kernel;
mod mappings;
mod memory;
mod network;
mod open_files;
mod parameters;
mod processes;
mod processors;
mod programs;
mod space;
mod systemd;
mod threads;

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, rule};

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
            "inotify-watches-used",
            "A user has used up its watches of inotify",
            High,
            Limits,
            inotify::watches_used
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
        rule!(
            "epoll-watches-used",
            "A user has used up what epoll may watch",
            High,
            Limits,
            epoll::used
        ),
        rule!(
            "processes-limit-used",
            "A user has nearly as many threads as it may have",
            High,
            Limits,
            threads::user
        ),
        rule!(
            "tasks-limit-reached",
            "A control group has as many threads as it may have",
            High,
            Limits,
            threads::group
        ),
        rule!(
            "threads-used",
            "The host has nearly as many threads as it may have",
            High,
            Limits,
            threads::host
        ),
        rule!(
            "mappings-used",
            "A process has used up its mappings of memory",
            High,
            Limits,
            mappings::used
        ),
        rule!(
            "memory-available-low",
            "The host has little memory left",
            Medium,
            Limits,
            memory::available
        ),
        rule!(
            "memory-limit-near",
            "Memory of a control group is near the limit that binds",
            Medium,
            Limits,
            memory::limit
        ),
        rule!(
            "memory-killed",
            "A process was killed for want of memory",
            High,
            Limits,
            memory::killed
        ),
        rule!(
            "overcommit-strict",
            "The kernel promises no more memory",
            High,
            Limits,
            kernel::overcommit
        ),
        rule!(
            "huge-pages-always",
            "The kernel makes large pages of empty ones",
            Low,
            Limits,
            kernel::huge_pages
        ),
        rule!(
            "randomness-late",
            "Programs started before there was randomness",
            Medium,
            Limits,
            kernel::randomness
        ),
        rule!(
            "address-space-low",
            "A program of Go has little address space",
            High,
            Limits,
            programs::address_space
        ),
        rule!(
            "core-dumps-lost",
            "A core dump is asked for that can't be written",
            Low,
            Limits,
            programs::core_dumps
        ),
        rule!(
            "locked-memory-low",
            "A user of BPF or io_uring may lock little memory",
            Info,
            Limits,
            programs::locked_memory
        ),
        rule!(
            "cpu-limit-throttles",
            "A control group has to wait for processor time",
            Medium,
            Limits,
            processors::throttled
        ),
        rule!(
            "listen-backlog-short",
            "Few connections may wait to be accepted",
            Medium,
            Limits,
            network::backlog
        ),
        rule!(
            "local-ports-few",
            "Few ports are there for connections to others",
            Medium,
            Limits,
            network::local_ports
        ),
        rule!(
            "conntrack-used",
            "Nearly as many connections are tracked as can be",
            Medium,
            Limits,
            network::tracked
        ),
        rule!(
            "disk-full",
            "A file system is nearly full",
            High,
            Limits,
            space::space
        ),
    ];

    fn parameters() -> Vec<Parameter> {
        parameters::all()
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
