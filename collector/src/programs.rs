//! The programs that bear on a host: those that run, those that units start,
//! and those that the user names, with all that they might load.

use std::collections::{BTreeMap, BTreeSet};

use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::{HostPath, Kind, Program, escape};

use crate::capture::Capture;
use crate::libraries::{Launch, Libraries};
use crate::options::Options;
use crate::{tools, units, view};

/// Programs that are taken into account.
const PROGRAMS: usize = 8_192;

/// What the kernel writes behind the path of a program whose file was removed
/// or replaced (proc_pid_exe(5)).
const DELETED: &str = " (deleted)";

/// Why a program bears on the host: the user has named it.
const NAMED: &str = "named";

/// Why a program bears on the host, and how it is started.
#[derive(Default)]
struct Reasons {
    origins: BTreeSet<String>,
    /// What its starts say to the loader.
    launches: BTreeSet<Launch>,
}

/// What was taken of programs.
pub(crate) struct Taken {
    /// Those that bear on the host.
    pub(crate) programs: Vec<Program>,
    /// Files of tools and of libraries of TLS, of which the package is wanted.
    pub(crate) tools: BTreeSet<HostPath>,
}

/// Takes the programs, and the tools that speak HTTP. `processes` are the
/// folders of processes that run.
pub(crate) fn collect(
    capture: &mut Capture,
    options: &Options,
    processes: &[HostPath],
    progress: &mut dyn FnMut(&str),
) -> Taken {
    let found = find(capture, options, processes, progress);
    let mut programs: BTreeMap<HostPath, BTreeSet<String>> = BTreeMap::new();
    let count = found.len();
    let mut libraries = Libraries::new(capture);
    for (number, (path, reasons)) in found.into_iter().enumerate() {
        if number % 16 == 0 {
            let taken = libraries.len();
            progress(&format!("programs: {number} of {count}, {taken} files"));
        }
        // What can't be read stays in the list: its absence is recorded.
        let path = libraries.program(&path, &reasons.launches).unwrap_or(path);
        programs.entry(path).or_default().extend(reasons.origins);
    }
    progress("tools");
    tools::collect(&mut libraries);
    let tools = libraries.tools();
    // Whoever starts what was asked for must get there.
    for path in named_in(&programs) {
        let mut above = path.parent();
        while let Some(folder) = above {
            capture.permissions(&folder);
            above = folder.parent();
        }
    }
    Taken {
        tools,
        programs: programs
            .into_iter()
            .map(|(path, origins)| Program {
                path,
                origins: origins.into_iter().collect(),
            })
            .collect(),
    }
}

/// Programs that the user has named.
fn named_in(programs: &BTreeMap<HostPath, BTreeSet<String>>) -> impl Iterator<Item = &HostPath> {
    let named = programs
        .iter()
        .filter(|(_, origins)| origins.contains(NAMED));
    named.map(|(path, _)| path)
}

/// The programs by their paths as they are written.
fn find(
    capture: &mut Capture,
    options: &Options,
    processes: &[HostPath],
    progress: &mut dyn FnMut(&str),
) -> BTreeMap<HostPath, Reasons> {
    let mut found: BTreeMap<HostPath, Reasons> = BTreeMap::new();
    let mut add = |path: HostPath, origin: String, launch: Option<Launch>| {
        if found.len() < PROGRAMS || found.contains_key(&path) {
            let reasons = found.entry(path).or_default();
            reasons.origins.insert(origin);
            reasons.launches.extend(launch);
        }
    };
    let named = named(&options.variables);
    for path in &options.binaries {
        add(path.clone(), NAMED.to_owned(), named.clone());
    }
    progress("units");
    units::manager(capture);
    for started in units::programs(capture) {
        let kind = if started.may_miss {
            "optional unit"
        } else {
            "unit"
        };
        add(started.path, format!("{kind} {}", started.unit), None);
    }
    for process in processes {
        if let Some(path) = running(capture, process) {
            let launch = launch(capture, process);
            add(path, format!("pid {}", process.name()), Some(launch));
        }
    }
    found
}

/// What variables say to the loader of a program that is started with them.
fn named(variables: &[(String, String)]) -> Option<Launch> {
    let value = |wanted: &str| {
        let mut variables = variables.iter();
        let found = variables.find(|(name, _)| name == wanted);
        found.map(|(_, value)| escape(value.as_bytes()))
    };
    let launch = Launch {
        library_path: value("LD_LIBRARY_PATH"),
        preload: value("LD_PRELOAD"),
        directory: None,
    };
    (launch.library_path.is_some() || launch.preload.is_some()).then_some(launch)
}

/// What a process says to its loader, as far as its environment was taken.
fn launch(capture: &Capture, process: &HostPath) -> Launch {
    let environment = || {
        let path = process.join("environ").ok()?;
        let bytes = capture.extract_bytes(Kind::Environment, &path)?;
        serde_json::from_slice::<Environment>(bytes).ok()
    };
    let variables = environment().map_or(Vec::new(), |environment| environment.variables);
    let value = |name: &str| {
        // The first of a name counts.
        let variable = variables.iter().find(|variable| variable.name == name)?;
        variable.value.clone()
    };
    let directory = process.join("cwd").ok();
    let directory = directory.and_then(|link| capture.link_target(&link));
    Launch {
        library_path: value("LD_LIBRARY_PATH"),
        preload: value("LD_PRELOAD"),
        directory: directory.map(str::to_owned),
    }
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
