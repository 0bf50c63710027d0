//! What the loader says of a program in its tracing mode, by ldd(1) or when
//! the program is started, to compare facts with. For programs that can be trusted alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use casefile_engine::facts::elf::Resolution;

/// What would be loaded, and what would not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Paths by the names that stand in DT_NEEDED.
    pub found: BTreeMap<String, String>,
    /// Names that were not found.
    pub missing: BTreeSet<String>,
    /// Versions that are not defined: version, library's path, who needs it.
    pub versions: BTreeSet<(String, String, String)>,
    /// What else the loader stops at: `libx.so: file too short`.
    pub error: Option<String>,
}

impl Trace {
    /// Runs ldd without any variable of this environment.
    #[must_use]
    pub fn ldd(program: &Path) -> Self {
        let mut command = Command::new("ldd");
        command
            .arg(program)
            .env_clear()
            .env("PATH", "/usr/bin:/bin");
        Self::of_output(command)
    }

    /// Starts the program itself, so that the kernel tells its loader who it
    /// is; the loader traces, and the program does not run (ld.so(8)).
    #[must_use]
    pub fn started(program: &Path, library_path: Option<&str>) -> Self {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LD_TRACE_LOADED_OBJECTS", "1")
            .env("LD_WARN", "yes");
        if let Some(path) = library_path {
            command.env("LD_LIBRARY_PATH", path);
        }
        Self::of_output(command)
    }

    fn of_output(mut command: Command) -> Self {
        let output = command.env("LC_ALL", "C").output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut trace = Self::default();
        for text in [output.stdout, output.stderr] {
            for line in text.split(|byte| *byte == b'\n') {
                trace.read(&String::from_utf8_lossy(line));
            }
        }
        trace
    }

    fn read(&mut self, line: &str) {
        if let Some((_, error)) = line.split_once(": error while loading shared libraries: ") {
            self.error = Some(error.to_owned());
            return;
        }
        if let Some((before, rest)) = line.split_once(": version `") {
            let (version, rest) = rest.split_once("' not found").expect("a version");
            let by = rest
                .trim_start_matches(" (required by ")
                .trim_end_matches(')');
            let library = before.rsplit(": ").next().expect("a library");
            self.versions
                .insert((version.to_owned(), library.to_owned(), by.to_owned()));
            return;
        }
        let line = line.trim();
        let Some((name, rest)) = line.split_once(" => ") else {
            // The vDSO has no file; the interpreter stands by its path alone.
            if let Some((path, _)) = line.split_once(" (0x")
                && path.starts_with('/')
            {
                self.found.insert(path.to_owned(), path.to_owned());
            }
            return;
        };
        match rest.split_once(" (0x") {
            Some((path, _)) => drop(self.found.insert(name.to_owned(), path.to_owned())),
            None => drop(self.missing.insert(name.to_owned())),
        }
    }

    /// The same of a resolution, as ldd would print it.
    #[must_use]
    pub fn of(resolution: &Resolution, program: &Path) -> Self {
        let mut trace = Self::default();
        for object in &resolution.objects {
            // The interpreter stands by its path alone.
            let name = if Some(&object.path) == resolution.interpreter.as_ref() {
                &object.path
            } else {
                &object.name
            };
            trace.found.insert(name.clone(), object.path.clone());
        }
        let missing = resolution.missing.iter();
        trace
            .missing
            .extend(missing.map(|missing| missing.name.clone()));
        for version in &resolution.versions {
            let by = if Path::new(&version.needed_by) == program {
                program.display().to_string()
            } else {
                version.needed_by.clone()
            };
            trace
                .versions
                .insert((version.version.clone(), version.library_path.clone(), by));
        }
        trace
    }
}
