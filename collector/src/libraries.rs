//! Takes programs, and all that they might load: whatever a loader could open
//! for a name that some object needs, in every directory that any object or
//! configuration names. Which of them it would open is for the engine to say,
//! and for better engines to come.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use casefile_loader::{
    Abi, Cache, Substitutions, built_in_directories, elements, expand, musl_path_file,
    musl_search_path,
};
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, HostPath, Kind, UnknownReason};

use crate::capture::{Capture, Opened};
use crate::elf::{self, ElfError};
use crate::loader_configuration::{self, Configuration};

/// Files that are reduced to extracts.
const OBJECTS: usize = 20_000;
/// Directories that are searched.
const DIRECTORIES: usize = 1_024;
/// Directories that are looked for, those that are not there among them: each
/// takes an item of the snapshot, and one search path may name thirty thousand.
const DIRECTORY_PATHS: usize = 8_192;
/// Files that are looked for, by paths that objects or the cache name.
const FILE_PATHS: usize = 50_000;
/// Names that are searched for.
const NAMES: usize = 20_000;
/// Bytes of a loader that is read for what is built into it. glibc's has
/// 240 KiB, musl's 800.
const LOADER_BYTES: u64 = 8 << 20;

/// Values of `$PLATFORM` beside the machine's own (glibc's
/// sysdeps/x86/cpu-features.c).
const PLATFORMS: [&str; 2] = ["haswell", "xeon_phi"];

/// Takes objects, and what they lead to.
pub(crate) struct Libraries<'c> {
    capture: &'c mut Capture,
    cache: Cache,
    /// Extracts by real path.
    taken: HashMap<HostPath, Rc<Extract>>,
    /// Paths by which objects were opened already.
    opened: HashSet<String>,
    queue: VecDeque<String>,
    /// Files that may still be looked for.
    file_paths_left: usize,
    directories: Vec<Directory>,
    directory_paths: HashSet<String>,
    names: Vec<String>,
    known_names: HashSet<String>,
    abis: HashSet<Abi>,
    /// Program interpreters that were read for what is built into them.
    loaders: HashSet<HostPath>,
}

/// A directory of libraries.
struct Directory {
    path: HostPath,
    names: Vec<String>,
}

impl<'c> Libraries<'c> {
    /// Takes the configuration of the loader.
    pub(crate) fn new(capture: &'c mut Capture) -> Self {
        let Configuration {
            directories,
            cache,
            preload,
        } = loader_configuration::collect(capture);
        let mut libraries = Self {
            capture,
            cache,
            taken: HashMap::new(),
            opened: HashSet::new(),
            queue: VecDeque::new(),
            file_paths_left: FILE_PATHS,
            directories: Vec::new(),
            directory_paths: HashSet::new(),
            names: Vec::new(),
            known_names: HashSet::new(),
            abis: HashSet::new(),
            loaders: HashSet::new(),
        };
        for directory in &directories {
            libraries.add_directory(directory);
        }
        for name in &preload {
            libraries.add_name(name);
        }
        libraries
    }

    /// Takes a program and all that it might load, started with any of these
    /// values of LD_LIBRARY_PATH or without one. Returns its real path.
    ///
    /// # Errors
    /// Why there is no such file, as it was recorded.
    pub(crate) fn program(
        &mut self,
        path: &HostPath,
        library_paths: &BTreeSet<String>,
    ) -> Result<HostPath, Absence> {
        let (real, extract) = self.take(path)?;
        self.follow(path.as_str(), &real, &extract);
        if let Extract::Elf(elf) = &*extract {
            for library_path in library_paths {
                self.add_library_path(library_path, &real, &Abi::of(elf));
            }
        }
        while let Some(path) = self.queue.pop_front() {
            let Some(left) = self.file_paths_left.checked_sub(1) else {
                // What is not looked for is not known.
                self.queue.clear();
                break;
            };
            self.file_paths_left = left;
            let Some(path) = self.settle(&path) else {
                continue;
            };
            if let Ok((real, extract)) = self.take(&path) {
                self.follow(path.as_str(), &real, &extract);
            }
        }
        Ok(real)
    }

    /// Searches the directories of LD_LIBRARY_PATH as well; tokens in it are
    /// those of the program (both separators are glibc's).
    fn add_library_path(&mut self, library_path: &str, program: &HostPath, abi: &Abi) {
        let origins = [directory_of(program.as_str())];
        for element in library_path.split([':', ';']) {
            for directory in expansions(element, &origins, abi) {
                self.add_directory(&directory);
            }
        }
    }

    /// How many files were taken.
    pub(crate) fn len(&self) -> usize {
        self.taken.len()
    }

    /// The extract of a file, recorded once.
    fn take(&mut self, path: &HostPath) -> Result<(HostPath, Rc<Extract>), Absence> {
        let Opened {
            mut file,
            path,
            stat,
        } = self.capture.open(path)?;
        if let Some(extract) = self.taken.get(&path) {
            return Ok((path, Rc::clone(extract)));
        }
        let refused = |error| match error {
            ElfError::Io(error) => Absence::because(UnknownReason::Unreadable, error.to_string()),
            ElfError::TooLarge(what) => Absence::because(UnknownReason::TooLarge, what),
        };
        let extract = if self.taken.len() == OBJECTS {
            let detail = format!("more than {OBJECTS} programs and libraries");
            Err(Absence::because(UnknownReason::TooLarge, detail))
        } else {
            self.capture
                .run(&path, move || elf::extract(&mut file))?
                .map_err(refused)
        };
        match extract {
            Ok(extract) => {
                self.capture
                    .insert_extract(Kind::Elf, path.clone(), Some(stat), &extract);
                let extract = Rc::new(extract);
                self.taken.insert(path.clone(), Rc::clone(&extract));
                Ok((path, extract))
            }
            Err(absence) => {
                self.capture
                    .insert_missing(path, Some(stat), absence.clone());
                Err(absence)
            }
        }
    }

    /// Goes on to what an object leads to, once for each path by which it was
    /// opened: `$ORIGIN` depends on it.
    fn follow(&mut self, opened: &str, real: &HostPath, extract: &Extract) {
        if !self.opened.insert(opened.to_owned()) {
            return;
        }
        match extract {
            Extract::Elf(elf) => self.follow_elf(opened, real, elf),
            Extract::Script { interpreter } => self.queue.push_back(interpreter.clone()),
            Extract::Other { .. } | Extract::Malformed { .. } => {}
        }
    }

    fn follow_elf(&mut self, opened: &str, real: &HostPath, elf: &Elf) {
        let abi = Abi::of(elf);
        if self.abis.insert(abi) {
            for directory in abi.system_directories() {
                self.add_directory(&directory);
            }
        }
        if let Some(interpreter) = &elf.interpreter {
            self.interpreter(interpreter);
        }
        let Some(dynamic) = &elf.dynamic else {
            return;
        };
        // Of the program itself with links resolved, of a library as opened.
        let origins = [directory_of(opened), directory_of(real.as_str())];
        for path in dynamic.rpath.iter().chain(&dynamic.runpath) {
            for element in elements(path) {
                for directory in expansions(element, &origins, &abi) {
                    self.add_directory(&directory);
                }
            }
        }
        let auxiliary = dynamic.auxiliary.iter().chain(&dynamic.filter);
        for name in dynamic.needed.iter().chain(auxiliary) {
            if name.contains('/') {
                self.queue.extend(expansions(name, &origins, &abi));
            } else {
                self.add_name(name);
            }
        }
    }

    /// A program interpreter: what is built into it is read as well.
    fn interpreter(&mut self, path: &str) {
        let Some(settled) = self.settle(path) else {
            return;
        };
        let Ok((real, extract)) = self.take(&settled) else {
            return;
        };
        if let Some(file) = musl_path_file(path)
            && let Ok(file) = HostPath::from_bytes(file.as_bytes())
            && let Ok(file) = self.capture.file(&file)
        {
            let text = self.capture.bytes(&file).unwrap_or_default().to_vec();
            for line in text.split(|byte| *byte == b'\n') {
                for directory in musl_search_path(&casefile_snapshot::escape(line)) {
                    self.add_directory(directory);
                }
            }
        }
        if let Extract::Elf(elf) = &*extract
            && elf.system_directories.is_empty()
            && self.loaders.insert(real.clone())
        {
            let mut elf = elf.clone();
            elf.system_directories = self.built_in(&real);
            for directory in &elf.system_directories {
                self.add_directory(directory);
            }
            let extract = Extract::Elf(elf);
            if let Ok(Opened { stat, .. }) = self.capture.open(&real) {
                self.capture
                    .insert_extract(Kind::Elf, real.clone(), Some(stat), &extract);
            }
            self.taken.insert(real.clone(), Rc::new(extract));
        }
        self.follow(settled.as_str(), &real, &extract);
    }

    fn built_in(&mut self, loader: &HostPath) -> Vec<String> {
        match self.capture.read(loader, LOADER_BYTES) {
            Ok((_, _, bytes)) => built_in_directories(&bytes),
            Err(_) => Vec::new(),
        }
    }

    /// Searches a directory (escaped, absolute) for all names, now and later.
    fn add_directory(&mut self, path: &str) {
        if !path.starts_with('/')
            || self.directories.len() == DIRECTORIES
            || self.directory_paths.len() == DIRECTORY_PATHS
            || !self.directory_paths.insert(path.to_owned())
        {
            return;
        }
        let Some(path) = self.settle(path) else {
            return;
        };
        // What is not there is recorded as absent.
        let Ok((_, names)) = self.capture.directory(&path) else {
            return;
        };
        for name in &self.names {
            if names.binary_search(name).is_ok() {
                self.queue.push_back(format!("{path}/{name}"));
            }
        }
        let has_better = names
            .binary_search_by(|name| name.as_str().cmp(CAPABILITIES))
            .is_ok();
        if has_better && let Ok(better) = path.join(CAPABILITIES) {
            self.add_capabilities(&better);
        }
        self.directories.push(Directory { path, names });
    }

    /// Directories for better processors, whatever this one is.
    fn add_capabilities(&mut self, path: &HostPath) {
        if let Ok((_, names)) = self.capture.directory(path) {
            for name in names {
                self.add_directory(&format!("{path}/{name}"));
            }
        }
    }

    /// Searches for a name (escaped, without a slash), now and in directories
    /// to come.
    fn add_name(&mut self, name: &str) {
        if name.contains('/') {
            self.queue.push_back(name.to_owned());
            return;
        }
        if self.names.len() == NAMES || !self.known_names.insert(name.to_owned()) {
            return;
        }
        for directory in &self.directories {
            if directory
                .names
                .binary_search_by(|other| other.as_str().cmp(name))
                .is_ok()
            {
                self.queue.push_back(format!("{}/{name}", directory.path));
            }
        }
        let cached = self.cache.named(name).map(|entry| entry.path.clone());
        self.queue.extend(cached);
        self.names.push(name.to_owned());
    }

    /// An absolute path as it stands in files, normalised: `..` goes up from
    /// where links lead.
    fn settle(&mut self, path: &str) -> Option<HostPath> {
        if !path.starts_with('/') {
            return None;
        }
        let mut settled = HostPath::root();
        for component in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            if component == ".." {
                // Links on the way are recorded.
                let visit = self
                    .capture
                    .visit(&settled, |_, reached, _| Ok((reached.stat.clone(), ())));
                settled = visit.ok()?.0.parent().unwrap_or(HostPath::root());
            } else {
                settled = settled.join(component).ok()?;
            }
        }
        Some(settled)
    }
}

/// Directories of libraries for better processors.
const CAPABILITIES: &str = "glibc-hwcaps";

/// What an element of a search path, or a name with a slash, may stand for,
/// whatever loader and processor there are.
fn expansions(element: &str, origins: &[String], abi: &Abi) -> Vec<String> {
    let multiarch = abi.multiarch().map(|name| format!("lib/{name}"));
    let libs = multiarch.as_deref().into_iter().chain(["lib64", "lib"]);
    let mut expansions = Vec::new();
    for lib in libs {
        for platform in abi.platform().into_iter().chain(PLATFORMS) {
            for origin in origins {
                let substitutions = Substitutions {
                    origin: Some(origin),
                    lib: Some(lib),
                    platform: Some(platform),
                };
                let expanded = expand(element, &substitutions);
                if let Some(path) = expanded
                    && !expansions.contains(&path)
                {
                    expansions.push(path);
                }
            }
        }
    }
    expansions
}

fn directory_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((directory, _)) => directory.to_owned(),
    }
}
