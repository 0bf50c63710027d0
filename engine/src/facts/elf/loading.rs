//! Loads a program as its interpreter would, without running it: breadth
//! first over DT_NEEDED, each name looked up once for each object that needs
//! it (`_dl_map_object_deps` in glibc's elf/dl-deps.c).

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use casefile_loader::{
    Abi, Cache, CacheError, capability_directories, musl_path_file, musl_search_path,
};
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, EvidenceId, UnknownReason, escape};

use super::object::{Object, directory_of};
use super::places::{self, Search};
use super::probe::{self, Candidate, Probe};
use super::resolution::{FoundBy, Loaded, Loader, Problem, Resolution, Unresolved};
use super::{undecided, versions};
use crate::facts::{Fact, FactResult, Facts, Missing};

/// Files and names that are tried for one program: a browser takes some 2,000.
const PROBES: u32 = 100_000;
/// Objects of one program, and names in /etc/ld.so.preload.
const OBJECTS: usize = 4_096;
/// Directories of musl's path file.
const MUSL_DIRECTORIES: usize = 1_024;
/// Bytes of LD_LIBRARY_PATH, escaped: the kernel takes 128 KiB of one variable
/// (MAX_ARG_STRLEN), of which a byte may take three.
const LIBRARY_PATH_BYTES: usize = 3 << 17;

/// Libraries that musl's loader is itself (`load_library`).
const MUSL_OWN: [&str; 7] = [
    "libc.",
    "libpthread.",
    "librt.",
    "libm.",
    "libdl.",
    "libutil.",
    "libxnet.",
];

/// musl's directories where it has no file of its own.
const MUSL_SYSTEM: [&str; 3] = ["/lib", "/usr/local/lib", "/usr/lib"];

/// A program that is being loaded.
pub(super) struct Loading<'f> {
    facts: &'f Facts,
    loader: Loader,
    /// What can be loaded.
    pub(super) abi: Abi,
    /// The directories that are built into the loader.
    pub(super) system: Vec<String>,
    /// Directories below `glibc-hwcaps` that the processor supports.
    pub(super) capabilities: Vec<&'static str>,
    cache: Option<Arc<Cache>>,
    /// LD_LIBRARY_PATH.
    pub(super) library_path: Option<String>,
    /// The program first.
    pub(super) objects: Vec<Object>,
    /// The first object of each name.
    named: HashMap<String, usize>,
    reads: BTreeSet<EvidenceId>,
    probes_left: u32,
}

/// What the loader would do with a program.
pub(super) fn resolve(
    facts: &Facts,
    path: &str,
    library_path: Option<&str>,
) -> FactResult<Resolution> {
    let program = facts.elf_file(path)?;
    let Extract::Elf(elf) = &*program.value else {
        return Err(Missing::malformed(
            &program,
            path,
            "it is no sound ELF file",
        ));
    };
    let mut resolution = Resolution {
        loader: Loader::None,
        interpreter: elf.interpreter.clone(),
        objects: Vec::new(),
        missing: Vec::new(),
        versions: Vec::new(),
        unknown: Vec::new(),
        probes: 0,
    };
    let Some(interpreter) = &elf.interpreter else {
        return Ok(program.map(|_| resolution));
    };
    if library_path.is_some_and(|value| value.len() > LIBRARY_PATH_BYTES) {
        let detail = format!("LD_LIBRARY_PATH has more than {LIBRARY_PATH_BYTES} bytes");
        return Err(undecided(path, detail));
    }
    let mut loading = Loading::start(facts, path, &program, elf, interpreter)?;
    loading.library_path = library_path.map(str::to_owned);
    resolution.loader = loading.loader;
    loading.load_all(&mut resolution);
    resolution.probes = PROBES - loading.probes_left;
    Ok(Fact {
        value: resolution,
        // The program itself last: it is what the fact is of.
        sources: loading
            .reads
            .iter()
            .copied()
            .filter(|id| Some(*id) != program.source())
            .chain(program.source())
            .collect(),
    })
}

impl<'f> Loading<'f> {
    /// The program and its interpreter.
    fn start(
        facts: &'f Facts,
        path: &str,
        program: &Fact<Arc<Extract>>,
        elf: &Elf,
        interpreter: &str,
    ) -> Result<Self, Missing> {
        let loader = loader_of(interpreter)?;
        let mut loading = Self {
            facts,
            loader,
            abi: Abi::of(elf),
            system: Vec::new(),
            capabilities: Vec::new(),
            cache: None,
            library_path: None,
            objects: Vec::new(),
            named: HashMap::new(),
            reads: program.sources.iter().copied().collect(),
            probes_left: PROBES,
        };
        if let Some(source) = program.source() {
            let real = facts.snapshot().key(source).path.clone();
            loading.push(Object {
                path: path.to_owned(),
                origin: directory_of(real.as_str()),
                extract: Arc::clone(&program.value),
                source,
                names: Vec::new(),
                loaded_by: None,
            });
        }
        let found = match loading.probe(interpreter)? {
            Probe::Loadable(candidate) => candidate,
            Probe::Unknown(missing) => return Err(missing),
            Probe::Nothing => {
                return Err(Missing {
                    path: interpreter.to_owned(),
                    absence: Absence::Absent,
                    sources: loading.reads.into_iter().collect(),
                });
            }
            Probe::OtherClass(problem) | Probe::OtherMachine(problem) | Probe::Stop(problem) => {
                return Err(Missing {
                    path: interpreter.to_owned(),
                    absence: Absence::because(UnknownReason::Malformed, problem),
                    sources: loading.reads.into_iter().collect(),
                });
            }
        };
        loading.set_places(interpreter, &found)?;
        loading.push(Object {
            origin: directory_of(interpreter),
            path: found.path,
            extract: found.extract,
            source: found.id,
            names: Vec::new(),
            loaded_by: None,
        });
        Ok(loading)
    }

    /// Where this loader looks: what is built into it, its cache, and what
    /// the processor supports.
    fn set_places(&mut self, interpreter: &str, found: &Candidate) -> Result<(), Missing> {
        if self.loader == Loader::Musl {
            self.system = self.musl_system(interpreter)?;
            return Ok(());
        }
        if let Extract::Elf(elf) = &*found.extract {
            self.system.clone_from(&elf.system_directories);
        }
        if self.system.is_empty() {
            let real = self.facts.snapshot().key(found.id).path.clone();
            self.system = guessed_system(&self.abi, &directory_of(real.as_str()));
        }
        // An image says nothing of the processors that it will run on: then
        // only what all of them support counts.
        if let Ok(processors) = self.facts.processors() {
            self.capabilities = capability_directories(&self.abi, &processors.value.features);
            self.reads.extend(&processors.sources);
        }
        match self.facts.loader_cache() {
            Ok(cache) => {
                self.reads.extend(&cache.sources);
                self.cache = Some(Arc::clone(&cache.value));
                Ok(())
            }
            Err(missing) => {
                self.reads.extend(&missing.sources);
                match &missing.absence {
                    Absence::Absent => Ok(()),
                    // The loader does without what is no cache at all.
                    Absence::Unknown {
                        reason: UnknownReason::Malformed,
                        detail,
                    } if *detail == CacheError::Magic.to_string() => Ok(()),
                    Absence::Unknown { .. } => Err(missing.clone()),
                }
            }
        }
    }

    fn musl_system(&mut self, interpreter: &str) -> Result<Vec<String>, Missing> {
        let Some(path) = musl_path_file(interpreter) else {
            return Ok(Vec::new());
        };
        match self.facts.raw(&path) {
            Ok(fact) => {
                self.reads.extend(&fact.sources);
                let lines = fact.value.split(|byte| *byte == b'\n').map(escape);
                let lines: Vec<String> = lines.take(MUSL_DIRECTORIES + 1).collect();
                let directories = lines.iter().flat_map(|line| musl_search_path(line));
                let directories: Vec<String> = directories
                    .take(MUSL_DIRECTORIES + 1)
                    .map(str::to_owned)
                    .collect();
                if directories.len() > MUSL_DIRECTORIES || lines.len() > MUSL_DIRECTORIES {
                    return Err(undecided(
                        &path,
                        format!("it has more than {MUSL_DIRECTORIES} lines or directories"),
                    ));
                }
                Ok(directories)
            }
            Err(missing) => {
                self.reads.extend(&missing.sources);
                match missing.absence {
                    Absence::Absent => Ok(MUSL_SYSTEM.map(str::to_owned).to_vec()),
                    Absence::Unknown { .. } => Err(missing),
                }
            }
        }
    }

    pub(super) const fn loader(&self) -> Loader {
        self.loader
    }

    /// `$LIB`: the first system directory without `/` and `/usr/`.
    pub(super) fn lib(&self) -> Option<String> {
        let first = self.system.first()?.trim_start_matches('/');
        Some(first.strip_prefix("usr/").unwrap_or(first).to_owned())
    }

    /// What the cache has for a name.
    pub(super) fn cached(&self, name: &str) -> Option<String> {
        let cache = self.cache.as_ref()?;
        let path = cache.lookup(name, &self.abi, &self.capabilities)?;
        Some(path.to_owned())
    }

    /// Pays for one step: a file that is tried, and whatever may be as many.
    pub(super) fn spend(&mut self, path: &str) -> Result<(), Missing> {
        self.probes_left = self.probes_left.checked_sub(1).ok_or_else(|| Missing {
            path: path.to_owned(),
            absence: Absence::because(
                UnknownReason::TooLarge,
                format!("more than {PROBES} files and names would be tried"),
            ),
            sources: Vec::new(),
        })?;
        Ok(())
    }

    /// Tries a file, and notes what shows the answer.
    pub(super) fn probe(&mut self, path: &str) -> Result<Probe, Missing> {
        self.spend(path)?;
        let reads = &mut self.reads;
        Ok(probe::probe(self.facts, &self.abi, path, &mut |ids| {
            reads.extend(ids);
        }))
    }

    /// An object, the one that caused it to be loaded, and so on up.
    pub(super) fn chain(&self, object: usize) -> Vec<usize> {
        let mut chain = vec![object];
        let mut last = object;
        // An object is loaded by one that was there before it.
        while let Some((by, _)) = self.objects[last].loaded_by {
            chain.push(by);
            last = by;
        }
        chain
    }

    /// Breadth first; the interpreter takes its place where it is needed.
    fn load_all(&mut self, resolution: &mut Resolution) {
        const PROGRAM: usize = 0;
        let mut order = vec![PROGRAM];
        let mut names: VecDeque<(String, usize, bool)> = self
            .preloads(resolution)
            .into_iter()
            .map(|name| (name, PROGRAM, true))
            .collect();
        let mut next = 0;
        loop {
            if let Some((name, needer, preload)) = names.pop_front() {
                if let Err(missing) = self.spend(&name) {
                    // Once for all that comes behind it.
                    resolution.unknown.push(missing);
                    break;
                }
                self.load(&name, needer, preload, &mut order, resolution);
            } else if let Some(&object) = order.get(next) {
                next += 1;
                let needed = self.objects[object].dynamic().needed.iter();
                names.extend(needed.map(|name| (name.clone(), object, false)));
            } else {
                break;
            }
            if resolution.missing.len() + resolution.unknown.len() > OBJECTS {
                break;
            }
        }
        if self.loader == Loader::Glibc {
            let objects: Vec<&Object> = order.iter().map(|at| &self.objects[*at]).collect();
            resolution.versions = versions::missing(&objects);
        }
    }

    /// /etc/ld.so.preload: names that go before all others (glibc's
    /// elf/rtld.c, `preload_file`). musl has none.
    fn preloads(&mut self, resolution: &mut Resolution) -> Vec<String> {
        if self.loader != Loader::Glibc {
            return Vec::new();
        }
        match self.facts.raw("/etc/ld.so.preload") {
            Ok(fact) => {
                self.reads.extend(&fact.sources);
                let text = String::from_utf8_lossy(fact.value);
                text.lines()
                    .filter_map(|line| line.split('#').next())
                    .flat_map(|line| line.split([' ', '\t', ':']))
                    .filter(|name| !name.is_empty())
                    .take(OBJECTS)
                    .map(|name| escape(name.as_bytes()))
                    .collect()
            }
            Err(missing) => {
                self.reads.extend(&missing.sources);
                if missing.absence != Absence::Absent {
                    resolution.unknown.push(missing);
                }
                Vec::new()
            }
        }
    }

    /// Makes sure that a name that an object needs is loaded.
    fn load(
        &mut self,
        name: &str,
        needer: usize,
        preload: bool,
        order: &mut Vec<usize>,
        resolution: &mut Resolution,
    ) {
        let object = match self.loaded(name) {
            Some(object) => Some(object),
            None => self.look_up(name, needer, preload, resolution),
        };
        let Some(object) = object.filter(|object| !order.contains(object)) else {
            return;
        };
        order.push(object);
        let by = self.objects[object].loaded_by;
        let loaded = &self.objects[object];
        resolution.objects.push(Loaded {
            name: name.to_owned(),
            path: loaded.path.clone(),
            needed_by: self.objects[needer].path.clone(),
            found_by: by.map_or(FoundBy::Interpreter, |(_, by)| by),
            source: loaded.source,
        });
    }

    /// An object that is there already under this name.
    fn loaded(&self, name: &str) -> Option<usize> {
        /// Behind the program: see `start`.
        const INTERPRETER: usize = 1;
        if self.loader == Loader::Musl && MUSL_OWN.iter().any(|own| name.starts_with(own)) {
            return Some(INTERPRETER);
        }
        self.named.get(name).copied()
    }

    fn look_up(
        &mut self,
        name: &str,
        needer: usize,
        preload: bool,
        resolution: &mut Resolution,
    ) -> Option<usize> {
        let problem = match places::search(self, name, needer) {
            Search::Found(candidate, by) => {
                let by = if preload { FoundBy::Preload } else { by };
                return self.add(name, candidate, needer, by, resolution);
            }
            Search::Unknown(missing) => {
                resolution.unknown.push(missing);
                return None;
            }
            // There may be another file than those that were found unfit.
            Search::Nothing {
                relative: Some(element),
                ..
            } => {
                let detail = format!(
                    "the search path has {element:?}, which depends on the current directory"
                );
                resolution.unknown.push(undecided(name, detail));
                return None;
            }
            Search::Nothing { other: None, .. } => Problem::NotFound,
            Search::Nothing {
                other: Some(other),
                relative: None,
            } => Problem::WrongArchitecture(other),
            Search::Stop(problem) => Problem::Invalid(problem),
        };
        // The loader does without what it can't preload.
        if !preload {
            let unresolved = Unresolved {
                name: name.to_owned(),
                needed_by: self.objects[needer].path.clone(),
                problem,
            };
            if !resolution.missing.contains(&unresolved) {
                resolution.missing.push(unresolved);
            }
        }
        None
    }

    /// Adds an object, unless the same file is there under another name.
    fn add(
        &mut self,
        name: &str,
        candidate: Candidate,
        needer: usize,
        by: FoundBy,
        resolution: &mut Resolution,
    ) -> Option<usize> {
        let same = self
            .objects
            .iter()
            .position(|other| self.is_same(other.source, candidate.id));
        if let Some(same) = same {
            self.objects[same].names.push(name.to_owned());
            self.named.entry(name.to_owned()).or_insert(same);
            return Some(same);
        }
        if self.objects.len() == OBJECTS {
            let detail = format!("more than {OBJECTS} libraries would be loaded");
            resolution.unknown.push(undecided(name, detail));
            return None;
        }
        Some(self.push(Object {
            origin: directory_of(&candidate.path),
            path: candidate.path,
            extract: candidate.extract,
            source: candidate.id,
            names: vec![name.to_owned()],
            loaded_by: Some((needer, by)),
        }))
    }

    fn push(&mut self, object: Object) -> usize {
        let number = self.objects.len();
        for name in object.all_names() {
            self.named.entry(name.to_owned()).or_insert(number);
        }
        self.objects.push(object);
        number
    }

    /// Whether two items are one file: the loader goes by device and inode.
    fn is_same(&self, one: EvidenceId, other: EvidenceId) -> bool {
        let file = |id| {
            let stat = self.facts.snapshot().entry(id).stat.as_ref();
            stat.map(|stat| (stat.device, stat.inode))
        };
        one == other || file(one).is_some_and(|one| Some(one) == file(other))
    }
}

/// Whose rules an interpreter follows, by its name.
fn loader_of(interpreter: &str) -> Result<Loader, Missing> {
    let name = interpreter.rsplit('/').next().unwrap_or_default();
    if name.starts_with("ld-musl-") {
        return Ok(Loader::Musl);
    }
    // ld-linux-x86-64.so.2, ld64.so.2, ld.so.1, ld-2.31.so.
    let is_glibc = ["ld-linux", "ld64.so", "ld.so", "ld-2."]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    if is_glibc {
        return Ok(Loader::Glibc);
    }
    Err(undecided(
        interpreter,
        "it is neither glibc's nor musl's loader: its rules are not known",
    ))
}

/// The directories of a glibc loader that was read without them: by where the
/// distribution put the loader.
fn guessed_system(abi: &Abi, directory: &str) -> Vec<String> {
    let multiarch = abi.multiarch().filter(|name| directory.ends_with(name));
    let names: Vec<String> = match multiarch {
        Some(name) => vec![format!("lib/{name}"), "lib".to_owned()],
        None if directory.ends_with("/lib64") => vec!["lib64".to_owned()],
        None => vec!["lib".to_owned()],
    };
    names
        .iter()
        .flat_map(|name| [format!("/{name}"), format!("/usr/{name}")])
        .collect()
}
