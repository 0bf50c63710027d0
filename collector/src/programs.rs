//! The programs that bear on a host: those that run, those that units start,
//! and those that the user names, with all that they might load.

use std::collections::{BTreeMap, BTreeSet};

use casefile_snapshot::{HostPath, Program};

use crate::capture::Capture;
use crate::libraries::Libraries;
use crate::{units, view};

/// Programs that are taken into account.
const PROGRAMS: usize = 8_192;

/// What the kernel writes behind the path of a program whose file was removed
/// or replaced (proc_pid_exe(5)).
const DELETED: &str = " (deleted)";

/// Takes the programs. `processes` are the folders of those that run.
pub(crate) fn collect(
    capture: &mut Capture,
    asked: &[HostPath],
    processes: &[HostPath],
    progress: &mut dyn FnMut(&str),
) -> Vec<Program> {
    let mut origins: BTreeMap<HostPath, BTreeSet<String>> = BTreeMap::new();
    let mut add = |path: HostPath, origin: String| {
        if origins.len() < PROGRAMS || origins.contains_key(&path) {
            origins.entry(path).or_default().insert(origin);
        }
    };
    for path in asked {
        add(path.clone(), "named".to_owned());
    }
    progress("units");
    for (unit, path) in units::programs(capture) {
        add(path, format!("unit {unit}"));
    }
    for process in processes {
        if let Some(path) = running(capture, process) {
            add(path, format!("pid {}", process.name()));
        }
    }

    let mut programs: BTreeMap<HostPath, BTreeSet<String>> = BTreeMap::new();
    let count = origins.len();
    let mut libraries = Libraries::new(capture);
    for (number, (path, origins)) in origins.into_iter().enumerate() {
        if number % 16 == 0 {
            let taken = libraries.len();
            progress(&format!("programs: {number} of {count}, {taken} files"));
        }
        // What can't be read stays in the list: its absence is recorded.
        let path = libraries.program(&path).unwrap_or(path);
        programs.entry(path).or_default().extend(origins);
    }
    programs
        .into_iter()
        .map(|(path, origins)| Program {
            path,
            origins: origins.into_iter().collect(),
        })
        .collect()
}

/// The path of the program that a process runs, where the same path leads to
/// it in the tree that is captured. Not this process itself; nor one in a
/// container, whose libraries are elsewhere.
fn running(capture: &mut Capture, process: &HostPath) -> Option<HostPath> {
    if process.name() == std::process::id().to_string() {
        return None;
    }
    let link = process.join("exe").ok()?;
    let target = capture.link_target(&link)?.to_owned();
    let path = HostPath::new(target.strip_suffix(DELETED).unwrap_or(&target)).ok()?;
    if !view::is_shared(capture, process) {
        return None;
    }
    // A file that was replaced counts: it is what would be started next.
    if target.ends_with(DELETED) && capture.open(&path).is_err() {
        return None;
    }
    Some(path)
}
