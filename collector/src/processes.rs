//! Every process: its limits, status, groups, program, environment, open files
//! and mappings. One that ends meanwhile is recorded as vanished.

use casefile_snapshot::{Absence, HostPath, UnknownReason};

use crate::capture::Capture;
use crate::sockets::Pending;
use crate::{descriptors, environment, mappings};

/// Processes that are taken. Each has up to twelve items, and all of them
/// together must leave room for the rest of the snapshot.
const PROCESSES: usize = 9_000;

/// Texts of a process that are taken whole.
const FILES: [&str; 4] = ["limits", "status", "cgroup", "stat"];

/// Takes every process. Returns their folders, those that ended left out.
pub(crate) fn collect(
    capture: &mut Capture,
    sockets: &mut Pending,
    progress: &mut dyn FnMut(&str),
) -> Vec<HostPath> {
    let Ok(proc) = HostPath::new("/proc") else {
        return Vec::new();
    };
    let Ok((proc, names)) = capture.directory(&proc) else {
        return Vec::new();
    };
    let mut pids: Vec<u32> = names.iter().filter_map(|name| name.parse().ok()).collect();
    pids.sort_unstable();
    // Of those beyond the limit nothing is recorded but their listing: they
    // are unknown (not collected).
    pids.truncate(PROCESSES);
    let count = pids.len();
    let taken = pids
        .into_iter()
        .enumerate()
        .filter_map(|(number, pid)| {
            if number % 64 == 0 {
                progress(&format!("processes: {number} of {count}"));
            }
            let process = proc.join(&pid.to_string()).ok()?;
            take(capture, &process, pid, sockets).then_some(process)
        })
        .collect();
    if !is_complete(&names) {
        let hidden = "processes of other users are hidden (hidepid of proc(5))";
        let absence = Absence::because(UnknownReason::Denied, hidden);
        capture.withdraw(proc, absence);
    }
    taken
}

/// Whether a listing of /proc has the processes of all users: then it has the
/// first one, which is always there.
fn is_complete(names: &[String]) -> bool {
    names.iter().any(|name| name == "1")
}

/// Takes one process; false where it has ended.
fn take(capture: &mut Capture, process: &HostPath, pid: u32, sockets: &mut Pending) -> bool {
    let vanished = Absence::unknown(UnknownReason::Vanished);
    for name in FILES {
        let Ok(path) = process.join(name) else {
            continue;
        };
        if capture.file(&path).err() == Some(vanished.clone()) {
            // So that this is the answer for its other files as well.
            capture.insert_missing(process.clone(), None, vanished);
            return false;
        }
    }
    // Relative paths in the environment are read against it.
    if let Ok(path) = process.join("cwd") {
        let _missing_is_recorded = capture.link(&path);
    }
    let program = process.join("exe").ok().map(|path| capture.link(&path));
    // A thread of the kernel, or a process that ended and was not waited for.
    let has_no_memory = matches!(program, Some(Err(Absence::Absent)));
    environment::collect(capture, process, has_no_memory);
    descriptors::collect(capture, process, pid, sockets);
    mappings::collect(capture, process);
    true
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use casefile_snapshot::{Kind, Source};

    use super::*;

    #[test]
    fn a_process_that_ends_while_others_are_taken_is_left_out() {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("cat");
        let mut capture =
            Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).expect("/");
        let path = |text: &str| HostPath::new(text).expect("a path");
        // The listing that `collect` goes by is this one.
        capture.directory(&path("/proc")).expect("a listing");
        child.kill().unwrap();
        child.wait().unwrap();

        let mut sockets = Pending::read(&mut capture);
        let folders = collect(&mut capture, &mut sockets, &mut |_| ());
        let ended = path(&format!("/proc/{}", child.id()));
        let own = path(&format!("/proc/{}", std::process::id()));
        assert!(!folders.contains(&ended));
        assert!(folders.contains(&own));
        assert_eq!(
            capture.file(&ended.join("status").unwrap()),
            Err(Absence::unknown(UnknownReason::Vanished))
        );
        for kind in [Kind::Environment, Kind::Descriptors, Kind::Mappings] {
            assert!(!capture.contains(kind, &ended));
        }
        assert!(capture.contains(Kind::Environment, &own.join("environ").unwrap()));
        assert!(capture.contains(Kind::Descriptors, &own.join("fd").unwrap()));
        assert!(!capture.contains(Kind::Raw, &own.join("environ").unwrap()));
        assert!(capture.contains(Kind::Raw, &own.join("exe").unwrap()));
    }

    #[test]
    fn hidden_processes_are_denied_and_not_absent() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(is_complete(&names(&["1", "17", "self"])));
        assert!(!is_complete(&names(&["11", "17", "self"])));

        let mut capture =
            Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).expect("/");
        let path = |text: &str| HostPath::new(text).expect("a path");
        let hidden = Absence::because(UnknownReason::Denied, "hidden");
        capture.directory(&path("/proc")).expect("a listing");
        // Beyond the largest process id (PID_MAX_LIMIT).
        let other = path("/proc/4194305/status");
        assert_eq!(capture.file(&other), Err(Absence::Absent));
        capture.withdraw(path("/proc"), hidden.clone());
        assert_eq!(capture.file(&other), Err(hidden));
        let own = format!("/proc/{}/no-such-file", std::process::id());
        assert_eq!(capture.file(&path(&own)), Err(Absence::Absent));
    }
}
