//! What the real loaders say: of a program that is started, and in their
//! tracing modes. For programs that the tests have made, or that can be
//! trusted.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use casefile_loader::resolver::{FoundBy, Resolution, Start};

use crate::workshop::{MUSL, Made};

/// What a program said when it was started.
#[derive(Debug)]
pub(crate) struct Said {
    /// Lines of standard error.
    pub(crate) lines: Vec<String>,
    /// It ended with status 0.
    pub(crate) succeeded: bool,
}

/// What would be loaded, in order, and what would not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Names and paths; the interpreter is left out.
    pub(crate) found: Vec<(String, String)>,
    /// Names that were not found.
    pub(crate) missing: BTreeSet<String>,
    /// What else the loader stops at.
    pub(crate) error: Option<String>,
}

impl Trace {
    /// The same of a resolution.
    pub(crate) fn of(resolution: &Resolution) -> Self {
        let objects = resolution.objects.iter();
        let objects =
            objects.filter(|object| Some(&object.path) != resolution.interpreter.as_ref());
        let missing = resolution.missing.iter();
        Self {
            found: objects
                .map(|object| {
                    // The loader shows names with their tokens replaced.
                    let has_token = object.name.contains('$') && object.found_by == FoundBy::Path;
                    let name = match has_token {
                        true => &object.path,
                        false => &object.name,
                    };
                    (name.clone(), object.path.clone())
                })
                .collect(),
            missing: missing.map(|missing| missing.name.clone()).collect(),
            error: None,
        }
    }

    /// `name => path (address)`, `path (address)`, `name => not found`.
    fn read(&mut self, line: &str, interpreter: &str) {
        if let Some((_, error)) = line.split_once(": error while loading shared libraries: ") {
            self.error = Some(error.to_owned());
            return;
        }
        let Some(line) = line.strip_prefix('\t') else {
            return;
        };
        let (name, path) = match line.split_once(" => ") {
            Some((name, "not found")) => {
                self.missing.insert(name.to_owned());
                return;
            }
            Some((name, path)) => (name, path),
            None => (line, line),
        };
        let Some((path, _)) = path.rsplit_once(" (0x") else {
            return;
        };
        let name = name.rsplit_once(" (0x").map_or(name, |(name, _)| name);
        // The vDSO has no file.
        if path != interpreter && !path.starts_with("linux-vdso.so") {
            self.found.push((name.to_owned(), path.to_owned()));
        }
    }
}

fn prepared(command: &mut Command, folder: &Path, start: &Start) {
    command.env_clear().env("LC_ALL", "C").current_dir(folder);
    if let Some(path) = &start.library_path {
        command.env("LD_LIBRARY_PATH", path);
    }
    if let Some(names) = &start.preload {
        command.env("LD_PRELOAD", names);
    }
}

/// Starts a program that does nothing.
pub(crate) fn start(made: &Made, start: &Start) -> Said {
    let mut command = Command::new(&made.program);
    prepared(&mut command, &made.folder, start);
    said(&mut command)
}

/// Runs a command, and takes what it says.
pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Said {
        lines: text.lines().map(str::to_owned).collect(),
        succeeded: output.status.success(),
    }
}

/// glibc's loader traces a program that the kernel has started (ld.so(8)).
pub(crate) fn trace(made: &Made, start: &Start) -> Trace {
    let mut command = Command::new(&made.program);
    prepared(&mut command, &made.folder, start);
    command.env("LD_TRACE_LOADED_OBJECTS", "1");
    traced(&mut command, "/lib64/ld-linux-x86-64.so.2")
}

/// musl's loader lists what a program would load.
pub(crate) fn list(made: &Made, start: &Start) -> Trace {
    let mut command = Command::new("/lib/ld-musl-x86_64.so.1");
    command.arg("--list").arg(&made.program);
    prepared(&mut command, &made.folder, start);
    traced(&mut command, MUSL)
}

/// Runs a loader in its tracing mode.
pub(crate) fn traced(command: &mut Command, interpreter: &str) -> Trace {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut trace = Trace::default();
    for text in [output.stdout, output.stderr] {
        for line in String::from_utf8_lossy(&text).lines() {
            trace.read(line, interpreter);
            // musl goes on, and says of each what is missing.
            let name = line
                .strip_prefix("Error loading shared library ")
                .and_then(|rest| rest.split_once(": "));
            trace.missing.extend(name.map(|(name, _)| name.to_owned()));
        }
    }
    trace
}
