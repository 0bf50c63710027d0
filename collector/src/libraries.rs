//! Takes programs, and all that they might load: whatever a loader could open
//! for a name that some object needs, in every directory that any object or
//! configuration names. Which of them it would open is for the engine to say,
//! and for better engines to come.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use casefile_go::{OpenFile, Source, is_own_section};
use casefile_loader::resolver::later;
use casefile_loader::{
    Abi, Cache, LEGACY_DIRECTORIES, Substitutions, built_in_directories, built_in_release,
    elements, expand, musl_path_file, musl_search_path,
};
use casefile_packages::tools;
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::extract::go::{Go, Taken};
use casefile_snapshot::{Absence, HostPath, Kind, UnknownReason};

use crate::capture::{Capture, Opened};
use crate::elf::{self, ElfError, banners};
use crate::go;
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
/// Bytes of names of functions in all programs of Go together.
const GO_NAME_BYTES: usize = 256 << 20;

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
    /// Directories of search paths whose permissions were looked at.
    searched: HashSet<String>,
    names: Vec<String>,
    known_names: HashSet<String>,
    abis: HashSet<Abi>,
    /// Program interpreters that were read for what is built into them.
    loaders: HashSet<HostPath>,
    /// Bytes of names of Go's functions that may still be taken.
    go_names_left: usize,
}

/// What a start of a program says to its loader.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Launch {
    /// LD_LIBRARY_PATH.
    pub(crate) library_path: Option<String>,
    /// LD_PRELOAD.
    pub(crate) preload: Option<String>,
    /// The current directory.
    pub(crate) directory: Option<String>,
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
            searched: HashSet::new(),
            names: Vec::new(),
            known_names: HashSet::new(),
            abis: HashSet::new(),
            loaders: HashSet::new(),
            go_names_left: GO_NAME_BYTES,
        };
        for directory in &directories {
            libraries.add_directory(directory);
        }
        for name in &preload {
            libraries.add_name(name);
        }
        libraries
    }

    /// Takes a program and all that it might load, started in any of these
    /// ways or with an empty environment. Returns its real path.
    ///
    /// # Errors
    /// Why there is no such file, as it was recorded.
    pub(crate) fn program(
        &mut self,
        path: &HostPath,
        launches: &BTreeSet<Launch>,
    ) -> Result<HostPath, Absence> {
        let (real, extract) = self.take(path)?;
        self.follow(path.as_str(), &real, &extract);
        if let Extract::Elf(elf) = &*extract {
            for launch in launches {
                self.add_launch(launch, &real, elf);
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

    /// Takes what a start leads to: LD_PRELOAD, LD_LIBRARY_PATH, and what of
    /// the program's own search path depends on the current directory. Tokens
    /// are those of the program; of separators, those of both loaders count.
    fn add_launch(&mut self, launch: &Launch, program: &HostPath, elf: &Elf) {
        let origins = [directory_of(program.as_str())];
        let abi = Abi::of(elf);
        let from = |path: String| match &launch.directory {
            Some(directory) if !path.starts_with('/') => format!("{directory}/{path}"),
            _ => path,
        };
        let given = launch.library_path.iter();
        let given = given.flat_map(|path| path.split([':', ';']));
        for element in given.chain(search_path(elf)) {
            let expanded = match element {
                // The current directory; no loader expands it.
                "" => vec![String::new()],
                element => expansions(element, &origins, &abi),
            };
            for directory in expanded {
                self.add_searched(&from(directory));
            }
        }
        let preload = launch.preload.as_deref().unwrap_or_default();
        let is_separator = |character: char| character == ':' || character.is_ascii_whitespace();
        for name in preload.split(is_separator).filter(|name| !name.is_empty()) {
            if name.contains('/') {
                let paths = expansions(name, &origins, &abi);
                self.queue.extend(paths.into_iter().map(from));
            } else {
                self.add_name(name);
            }
        }
    }

    /// Searches a directory that a search path names; who may put libraries
    /// there bears on the host as well.
    fn add_searched(&mut self, path: &str) {
        if !path.starts_with('/') {
            return;
        }
        let is_new = self.searched.len() < DIRECTORY_PATHS && self.searched.insert(path.to_owned());
        if is_new {
            let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            for count in 0..parts.len() {
                let above = format!("/{}", parts[..count].join("/"));
                if let Some(above) = self.settle(&above) {
                    self.capture.permissions(&above);
                }
            }
        }
        self.add_directory(path);
    }

    /// The real paths of tools that speak HTTP, their libraries and those of
    /// TLS, and of what they are links to.
    pub(crate) fn tools(&self) -> BTreeSet<HostPath> {
        let names_itself = |path: &&HostPath| tools::names_itself(path.name());
        self.taken.keys().filter(names_itself).cloned().collect()
    }

    /// How many files were taken.
    pub(crate) fn len(&self) -> usize {
        self.taken.len()
    }

    /// The extract of a file, recorded once.
    fn take(&mut self, path: &HostPath) -> Result<(HostPath, Rc<Extract>), Absence> {
        let Opened { file, path, stat } = self.capture.open(path)?;
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
            let names_itself = tools::names_itself(path.name());
            let size = stat.size;
            self.capture
                .run(&path, move || {
                    whole(&mut OpenFile::new(file, size), names_itself)
                })?
                .map_err(refused)
        };
        match extract {
            Ok(extract) => {
                self.capture
                    .insert_extract(Kind::Elf, path.clone(), Some(stat), &extract);
                if let Extract::Elf(elf) = &extract {
                    self.take_go(&path, elf);
                }
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

    /// The extract of a program of Go, beside what a loader reads of it. Where
    /// its sections can't be read, it may be one.
    fn take_go(&mut self, path: &HostPath, elf: &Elf) {
        let mut sections = elf.sections.iter();
        if !elf.sections.is_empty() && !sections.any(|section| is_own_section(&section.name)) {
            return;
        }
        let Ok(Opened {
            file, path, stat, ..
        }) = self.capture.open(path)
        else {
            return;
        };
        let source = OpenFile::new(file, stat.size);
        let read = self.capture.run(&path, move || go::extract(source));
        let absence = match read {
            Ok(Ok(Some(mut go))) => {
                self.bound(&mut go);
                self.capture.insert_extract(Kind::Go, path, Some(stat), &go);
                return;
            }
            Ok(Ok(None)) => Absence::Absent,
            Ok(Err(error)) => go::absence(&error),
            Err(absence) => absence,
        };
        self.capture
            .insert_missing_extract(Kind::Go, path, Some(stat), absence);
    }

    /// Leaves out the names of functions once there are too many of all
    /// programs together.
    fn bound(&mut self, go: &mut Go) {
        let Taken::Taken(groups) = &go.functions else {
            return;
        };
        let names = groups.iter().flat_map(|group| &group.names);
        // With what JSON puts around each.
        let bytes = names.map(|name| name.len() + 3).sum();
        match self.go_names_left.checked_sub(bytes) {
            Some(left) => self.go_names_left = left,
            None => {
                let detail = "the programs of this host have too many functions";
                let absence = Absence::because(UnknownReason::TooLarge, detail);
                go.functions = Taken::Missing(absence.clone());
                go.calls = Taken::Missing(absence);
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
        for element in search_path(elf) {
            for directory in expansions(element, &origins, &abi) {
                self.add_searched(&directory);
            }
        }
        for name in later(elf).into_iter().flat_map(|entry| entry.soname) {
            self.add_name(&name);
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
            (elf.system_directories, elf.release) = self.built_in(&real);
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

    /// The directories and the release that are built into a loader.
    fn built_in(&mut self, loader: &HostPath) -> (Vec<String>, Option<String>) {
        match self.capture.read(loader, LOADER_BYTES) {
            Ok((_, _, bytes)) => (built_in_directories(&bytes), built_in_release(&bytes)),
            Err(_) => (Vec::new(), None),
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
        let has = |wanted: &str| {
            let found = names.binary_search_by(|name| name.as_str().cmp(wanted));
            found.is_ok()
        };
        if has(CAPABILITIES)
            && let Ok(better) = path.join(CAPABILITIES)
        {
            self.add_capabilities(&better);
        }
        // Old loaders search these, and what is in them by the same names.
        let legacy: Vec<String> = LEGACY_DIRECTORIES
            .iter()
            .filter(|name| has(name))
            .map(|name| format!("{path}/{name}"))
            .collect();
        self.directories.push(Directory { path, names });
        for directory in legacy {
            self.add_directory(&directory);
        }
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

/// The extract of a file, with what it says of itself where that is wanted.
fn whole(source: &mut impl Source, names_itself: bool) -> Result<Extract, ElfError> {
    let mut extract = elf::extract(source)?;
    if names_itself && let Extract::Elf(elf) = &mut extract {
        elf.banners = banners::read(source, elf)?;
    }
    Ok(extract)
}

/// The elements of an object's own search paths.
fn search_path(elf: &Elf) -> impl Iterator<Item = &str> {
    let dynamic = elf.dynamic.iter();
    let paths = dynamic.flat_map(|dynamic| dynamic.rpath.iter().chain(&dynamic.runpath));
    paths.flat_map(|path| elements(path))
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
