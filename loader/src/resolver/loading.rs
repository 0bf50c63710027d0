//! Loads a program as its interpreter would, without running it: breadth
//! first over DT_NEEDED, each name looked up once for each object that needs
//! it (`_dl_map_object_deps` in glibc's elf/dl-deps.c; `load_deps` in musl's
//! ldso/dynlink.c).

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, UnknownReason};

use super::glibc::{self, Expanded};
use super::host::{Host, Missing, Opened};
use super::musl::{self, MuslPath};
use super::object::{Object, Way, directory_of};
use super::places::{self, Places};
use super::probe::{Probe, Wanted, refused_as_library};
use super::resolution::{
    FoundBy, Fragility, Ignored, Loaded, Loader, PreloadedBy, Problem, Resolution, Unresolved,
};
use super::search::{self, Found, Nothing, Search};
use super::start::{Start, secure_cause};
use super::{audit, words};
use crate::{Abi, Cache, Substitutions, expand};

/// Files and names that are tried for one program: a browser takes some 2,000.
const PROBES: u32 = 100_000;
/// Objects of one program, and names that are preloaded.
pub(super) const OBJECTS: usize = 4_096;
/// Bytes of LD_LIBRARY_PATH or LD_PRELOAD, escaped: the kernel takes 128 KiB
/// of one variable (MAX_ARG_STRLEN), of which a byte may take three.
const VARIABLE_BYTES: usize = 3 << 17;

/// Directories of which it is remembered whether they are there.
const ABSENT: usize = 8_192;

/// The first of the objects.
pub(super) const PROGRAM: usize = 0;
/// The second.
const INTERPRETER: usize = 1;

/// A program that is being loaded.
pub(super) struct Loading<'h> {
    pub(super) host: &'h mut dyn Host,
    pub(super) wanted: Wanted,
    /// The directories that are built into the loader.
    pub(super) system: Vec<String>,
    /// Folders for better processors, and the directories in each of them, in
    /// the order in which they are searched.
    pub(super) subdirectories: Arc<[(String, Vec<String>)]>,
    /// `glibc-hwcaps` directories that the processor supports, best first.
    capabilities: Vec<&'static str>,
    /// Bits of entries of the cache that old loaders take.
    legacy: Option<u64>,
    platform: Option<&'static str>,
    cache: Option<Arc<Cache>>,
    /// LD_LIBRARY_PATH; none in secure mode, and where it is empty.
    pub(super) library_path: Option<String>,
    working_directory: Option<String>,
    pub(super) is_secure: bool,
    /// What is looked for now is preloaded in secure mode.
    pub(super) preloads_securely: bool,
    /// The program first, then its interpreter.
    pub(super) objects: Vec<Object>,
    /// The first object of each name.
    named: HashMap<String, usize>,
    /// Directories that are not there, or may be.
    absent: HashMap<String, bool>,
    /// Searches that were made for needs which were satisfied without.
    pub(super) alone: HashSet<(String, Option<usize>)>,
    probes_left: u32,
}

/// What the loader would do with a program that is started so.
///
/// # Errors
/// The program or its interpreter is absent or not known: the path tells
/// which; or it is no ELF file, or its loader's rules are not known.
pub fn resolve(host: &mut dyn Host, path: &str, start: &Start) -> Result<Resolution, Missing> {
    for value in [&start.library_path, &start.preload].into_iter().flatten() {
        if value.len() > VARIABLE_BYTES {
            let detail = format!("a variable has more than {VARIABLE_BYTES} bytes");
            return Err(Missing::undecided(path, detail));
        }
    }
    let opened = host.open(path)?;
    let extract = Arc::clone(&opened.extract);
    let Extract::Elf(elf) = &*extract else {
        return Err(malformed(path, "it is no sound ELF file", &opened));
    };
    let interpreter = start.loader.clone().or_else(|| elf.interpreter.clone());
    let Some(interpreter) = interpreter else {
        return Ok(Resolution::new(Loader::None, None));
    };
    let loader = places::loader_of(&interpreter)?;
    let mut resolution = Resolution::new(loader, Some(interpreter.clone()));
    resolution.secure = secure_cause(start, opened.stat.as_ref());
    let mut loading = Loading::start(host, path, opened, elf, (loader, &interpreter))?;
    let own = loading.objects[INTERPRETER].elf();
    resolution.release = own.and_then(|elf| elf.release.clone());
    loading.is_secure = resolution.secure.is_some();
    loading
        .working_directory
        .clone_from(&start.working_directory);
    if !loading.is_secure {
        let path = start.library_path.as_ref();
        loading.library_path = path.filter(|path| !path.is_empty()).cloned();
    }
    if start.loader.is_some() {
        // Nobody but the loader knows who it is: /proc/self/exe is the loader.
        loading.objects[PROGRAM].origin = loading.origin_of(path);
    }
    loading.load_all(start, &mut resolution);
    audit::audit(&mut loading, &mut resolution);
    resolution.probes = PROBES - loading.probes_left;
    Ok(resolution)
}

fn malformed(path: &str, problem: &str, opened: &Opened) -> Missing {
    Missing {
        sources: vec![opened.source],
        ..Missing::because(path, UnknownReason::Malformed, problem)
    }
}

impl<'h> Loading<'h> {
    /// The program and its interpreter.
    fn start(
        host: &'h mut dyn Host,
        path: &str,
        program: Opened,
        elf: &Elf,
        (loader, interpreter): (Loader, &str),
    ) -> Result<Self, Missing> {
        let mut loading = Self {
            host,
            wanted: Wanted {
                loader,
                abi: Abi::of(elf),
                kernel: None,
                skips_other_machines: false,
            },
            system: Vec::new(),
            subdirectories: Arc::new([]),
            capabilities: Vec::new(),
            legacy: None,
            platform: None,
            cache: None,
            library_path: None,
            working_directory: None,
            is_secure: false,
            preloads_securely: false,
            objects: Vec::new(),
            named: HashMap::new(),
            absent: HashMap::new(),
            alone: HashSet::new(),
            probes_left: PROBES,
        };
        let found = loading.interpreter(interpreter)?;
        let places = places::of(loading.host, &loading.wanted, interpreter, &found)?;
        loading.set_places(places);
        let origin = directory_of(&program.real_path).to_owned();
        loading.push(Object {
            path: path.to_owned(),
            origin: Some(origin),
            opened: program,
            names: Vec::new(),
            loaded_by: None,
            way: Way::by(FoundBy::Path),
        });
        loading.push(Object {
            path: interpreter.to_owned(),
            origin: Some(directory_of(interpreter).to_owned()),
            opened: found,
            names: vec![interpreter.to_owned()],
            loaded_by: None,
            way: Way::by(FoundBy::Interpreter),
        });
        Ok(loading)
    }

    fn interpreter(&mut self, path: &str) -> Result<Opened, Missing> {
        // The kernel starts it, and looks at no search path; a relative one
        // depends on the current directory.
        if !path.starts_with('/') {
            let detail = "the interpreter's path depends on the current directory";
            return Err(Missing::undecided(path, detail));
        }
        match self.probe(path, (path, path))? {
            Probe::Loadable(opened) => Ok(opened),
            Probe::Unknown(missing) => Err(missing),
            Probe::Nothing => Err(Missing {
                path: path.to_owned(),
                absence: Absence::Absent,
                sources: Vec::new(),
            }),
            Probe::Failed(words) => Err(Missing::because(path, UnknownReason::Unreadable, words)),
            Probe::Unfit(unfit) => {
                Err(Missing::because(path, UnknownReason::Malformed, unfit.text))
            }
            Probe::Stop(problem) => Err(Missing::because(path, UnknownReason::Malformed, problem)),
        }
    }

    fn set_places(&mut self, places: Places) {
        self.system = places.system;
        self.subdirectories = places.subdirectories.into();
        self.capabilities = places.capabilities;
        self.legacy = places.legacy;
        self.platform = places.platform;
        self.cache = places.cache;
        self.wanted.kernel = places.kernel;
        let multiarch = self.wanted.abi.multiarch();
        self.wanted.skips_other_machines = multiarch.is_some_and(|name| {
            self.system
                .iter()
                .any(|directory| directory.ends_with(name))
        });
    }

    pub(super) const fn loader(&self) -> Loader {
        self.wanted.loader
    }

    pub(super) fn working_directory(&self) -> Option<&str> {
        self.working_directory.as_deref()
    }

    /// `$LIB`: the first system directory without `/` and `/usr/`.
    fn lib(&self) -> Option<&str> {
        let first = self.system.first()?.trim_start_matches('/');
        Some(first.strip_prefix("usr/").unwrap_or(first))
    }

    /// What the cache has for a name.
    pub(super) fn cached(&self, name: &str) -> Option<String> {
        let cache = self.cache.as_ref()?;
        let path = cache.lookup(name, &self.wanted.abi, &self.capabilities, self.legacy)?;
        Some(path.to_owned())
    }

    /// An element with its tokens replaced by what they are for an object.
    pub(super) fn expand(&self, object: usize, element: &str) -> Expanded {
        let substitutions = Substitutions {
            origin: self.objects[object].origin.as_deref(),
            lib: self.lib(),
            platform: self.platform,
        };
        let secure = self
            .is_secure
            .then_some((self.system.as_slice(), object == PROGRAM));
        glibc::expanded(element, &substitutions, secure)
    }

    /// A search path of an object as musl has it.
    pub(super) fn musl_path(&self, object: usize, path: &str) -> MuslPath {
        let origin = self.objects[object].origin.as_deref();
        musl::expanded(path, origin, object == PROGRAM, self.is_secure)
    }

    /// Pays for one step: a file that is tried, and whatever may be as many.
    pub(super) fn spend(&mut self, path: &str) -> Result<(), Missing> {
        self.probes_left = self.probes_left.checked_sub(1).ok_or_else(|| {
            let detail = format!("more than {PROBES} files and names would be tried");
            Missing::because(path, UnknownReason::TooLarge, detail)
        })?;
        Ok(())
    }

    /// Tries a file, by its path as the loader has it and the name that it is
    /// looked for by.
    pub(super) fn probe(&mut self, path: &str, shown: (&str, &str)) -> Result<Probe, Missing> {
        self.spend(path)?;
        Ok(self.wanted.probe(self.host, path, shown))
    }

    /// Whether a directory (absolute) is certainly not there.
    pub(super) fn is_absent(&mut self, directory: &str) -> bool {
        if let Some(known) = self.absent.get(directory) {
            return *known;
        }
        let answer = self.host.stat(directory);
        let is_absent = answer.is_err_and(|missing| missing.absence == Absence::Absent);
        if self.absent.len() < ABSENT {
            self.absent.insert(directory.to_owned(), is_absent);
        }
        is_absent
    }

    /// An object, the one that caused it to be loaded, and so on up.
    pub(super) fn chain(&self, object: usize) -> Vec<usize> {
        let mut chain = vec![object];
        let mut last = object;
        // An object is loaded by one that was there before it.
        while let Some(by) = self.objects[last].loaded_by {
            chain.push(by);
            last = by;
        }
        chain
    }

    /// What tells a search for a name from others: the object, where its own
    /// search path or one above it counts.
    pub(super) fn search_key(&self, name: &str, needer: usize) -> (String, Option<usize>) {
        let counts = name.contains('/')
            || self.chain(needer).into_iter().any(|object| {
                let dynamic = self.objects[object].dynamic();
                dynamic.rpath.is_some() || dynamic.runpath.is_some() || dynamic.flags_1 != 0
            });
        (name.to_owned(), counts.then_some(needer))
    }

    /// Breadth first; the interpreter takes its place where it is needed.
    fn load_all(&mut self, start: &Start, resolution: &mut Resolution) {
        let mut order = vec![PROGRAM];
        let mut names: VecDeque<Need> = places::preloads(self, start, resolution)
            .into_iter()
            .map(|(name, by)| Need {
                name,
                needer: PROGRAM,
                preloaded: Some(by),
            })
            .collect();
        let mut next = 0;
        loop {
            if let Some(need) = names.pop_front() {
                if let Err(missing) = self.spend(&need.name) {
                    // Once for all that comes behind it.
                    resolution.unknown.push(missing);
                    break;
                }
                self.preloads_securely = need.preloaded.is_some() && self.is_secure;
                self.load(&need, &mut order, resolution);
                self.preloads_securely = false;
            } else if let Some(&object) = order.get(next) {
                next += 1;
                let needed = self.objects[object].dynamic().needed.iter();
                names.extend(needed.map(|name| Need {
                    name: name.clone(),
                    needer: object,
                    preloaded: None,
                }));
            } else {
                break;
            }
            if resolution.missing.len() + resolution.unknown.len() > OBJECTS {
                break;
            }
        }
        audit::of_objects(self, &order, resolution);
    }

    /// Makes sure that a name that an object needs is loaded.
    fn load(&mut self, written: &Need, order: &mut Vec<usize>, resolution: &mut Resolution) {
        let Some(need) = &self.with_tokens(written, resolution) else {
            return;
        };
        let known = self.loaded(&need.name);
        if let Some(object) = known {
            audit::of_known(self, &need.name, need.needer, object, resolution);
        }
        let object = match known {
            Some(object) => Some(object),
            None => self.look_up(need, resolution),
        };
        let Some(object) = object.filter(|object| !order.contains(object)) else {
            return;
        };
        order.push(object);
        let loaded = &self.objects[object];
        let of = loaded.way.of.map(|of| self.objects[of].path.clone());
        resolution.objects.push(Loaded {
            name: written.name.clone(),
            path: loaded.path.clone(),
            needed_by: self.objects[need.needer].path.clone(),
            found_by: loaded.way.by,
            element: loaded.way.element.clone(),
            element_of: of,
            subdirectory: loaded.way.subdirectory.clone(),
            source: loaded.opened.source,
        });
    }

    /// A need with the tokens in its name replaced, which glibc does before
    /// anything else (`expand_dst` in elf/dl-deps.c); none where that ends it.
    /// What is preloaded is expanded when it is opened.
    fn with_tokens(&self, need: &Need, resolution: &mut Resolution) -> Option<Need> {
        let is_plain = !need.name.contains('$') || need.preloaded.is_some();
        if self.loader() == Loader::Musl || is_plain {
            return Some(need.clone());
        }
        let without = Substitutions::default();
        if expand(&need.name, &without).is_some() {
            // No token is in it.
            return Some(need.clone());
        }
        let words = match self.expand(need.needer, &need.name) {
            _ if self.is_secure => "DST not allowed in SUID/SGID programs",
            Expanded::To(name) => {
                return Some(Need {
                    name,
                    ..need.clone()
                });
            }
            Expanded::Dropped => "empty dynamic string token substitution",
            Expanded::Unknown => {
                let detail = "the name depends on the current directory";
                resolution
                    .unknown
                    .push(Missing::undecided(&need.name, detail));
                return None;
            }
        };
        let words = format!("{}: {words}", need.name);
        resolution.missing.push(Unresolved {
            name: need.name.clone(),
            needed_by: self.objects[need.needer].path.clone(),
            problem: Problem::Invalid(words.clone()),
            words,
        });
        None
    }

    /// An object that is there already under this name.
    pub(super) fn loaded(&self, name: &str) -> Option<usize> {
        if self.loader() == Loader::Musl {
            if musl::is_own(name) || name == self.objects[INTERPRETER].path {
                return Some(INTERPRETER);
            }
            if name.contains('/') {
                return None;
            }
        }
        self.named.get(name).copied()
    }

    fn look_up(&mut self, need: &Need, resolution: &mut Resolution) -> Option<usize> {
        // musl preloads for nobody: no object's search path counts.
        let needer = self.counted_needer(need);
        let (problem, words) = match search::search(self, &need.name, needer) {
            Search::Found(found) => match self.add(need, *found, resolution) {
                Ok(object) => return object,
                Err(words) => (Problem::Invalid(words.clone()), words),
            },
            Search::Unknown(missing) => {
                resolution.unknown.push(missing);
                return None;
            }
            // There may be another file than those that were found unfit.
            Search::Nothing(Nothing {
                relative: Some(element),
                ..
            }) => {
                let detail = format!(
                    "the search path has {element:?}, which depends on the current directory"
                );
                resolution
                    .unknown
                    .push(Missing::undecided(&need.name, detail));
                return None;
            }
            Search::Nothing(nothing) => (
                match &nothing.unfit {
                    Some(unfit) => Problem::WrongArchitecture(unfit.text.clone()),
                    None => Problem::NotFound,
                },
                words::not_found(&need.name, &nothing, &self.wanted.abi),
            ),
            Search::Stop(words) => (Problem::Invalid(words.clone()), words),
        };
        if let Some(by) = need.preloaded {
            // The loader does without what it can't preload; musl says nothing.
            resolution.ignored.push(Ignored {
                name: need.name.clone(),
                by,
                words: match self.loader() {
                    Loader::Musl => String::new(),
                    Loader::Glibc | Loader::None => words::of_preload(&words),
                },
            });
            return None;
        }
        let needed_by = self.objects[need.needer].path.clone();
        let unresolved = Unresolved {
            words: match self.loader() {
                Loader::Musl => words::of_musl(&need.name, &words, &needed_by),
                Loader::Glibc | Loader::None => words,
            },
            name: need.name.clone(),
            needed_by,
            problem,
        };
        if !resolution.missing.contains(&unresolved) {
            resolution.missing.push(unresolved);
        }
        None
    }

    /// The object whose search path counts for a need.
    fn counted_needer(&self, need: &Need) -> Option<usize> {
        let counts = need.preloaded.is_none() || self.loader() == Loader::Glibc;
        counts.then_some(need.needer)
    }

    /// Adds an object, unless the same file is there under another name.
    fn add(
        &mut self,
        need: &Need,
        found: Found,
        resolution: &mut Resolution,
    ) -> Result<Option<usize>, String> {
        let Found { path, opened, way } = found;
        let name = &need.name;
        let mut others = self.objects.iter().enumerate().skip(INTERPRETER);
        let same = others.find(|(_, other)| other.opened.is_same(&opened));
        if let Some((same, _)) = same {
            if self.loader() != Loader::Musl {
                self.objects[same].names.push(name.clone());
                self.named.entry(name.clone()).or_insert(same);
            } else if self.objects[same].is_named_by_path() && !name.contains('/') {
                // It was loaded by a path; now it can be found by its name.
                let file_name = self.objects[same].path.rsplit('/').next();
                let file_name = file_name.unwrap_or_default().to_owned();
                self.named.entry(file_name).or_insert(same);
            }
            return Ok(Some(same));
        }
        match self.loader() {
            Loader::Musl if musl::is_libc(&opened) => return Ok(Some(INTERPRETER)),
            Loader::Musl => {}
            Loader::Glibc | Loader::None => {
                if let Some(words) = refused_as_library(&opened) {
                    return Err(format!("{name}: {words}"));
                }
            }
        }
        if self.objects.len() == OBJECTS {
            let detail = format!("more than {OBJECTS} libraries would be loaded");
            resolution.unknown.push(Missing::undecided(name, detail));
            return Ok(None);
        }
        if let Some(element) = way.element.as_ref().filter(|_| !path.starts_with('/')) {
            let fragility = Fragility::CurrentDirectory {
                element: element.clone(),
            };
            audit::note_fragile(self, name, need.needer, &path, fragility, resolution);
        }
        let way = Way {
            by: match need.preloaded {
                Some(_) => FoundBy::Preload,
                None => way.by,
            },
            ..way
        };
        let loaded_by = self.counted_needer(need);
        Ok(Some(self.push(Object {
            origin: self.origin_of(&path),
            path,
            opened,
            names: vec![name.clone()],
            loaded_by,
            way,
        })))
    }

    /// `$ORIGIN` of a library: glibc makes it absolute, musl leaves it as it
    /// is.
    fn origin_of(&self, path: &str) -> Option<String> {
        if path.starts_with('/') || self.loader() == Loader::Musl {
            return Some(directory_of(path).to_owned());
        }
        let directory = self.working_directory()?;
        Some(directory_of(&format!("{directory}/{path}")).to_owned())
    }

    fn push(&mut self, object: Object) -> usize {
        let number = self.objects.len();
        let loader = self.loader();
        for name in object.all_names(loader) {
            self.named.entry(name.to_owned()).or_insert(number);
        }
        self.objects.push(object);
        number
    }
}

/// A name that an object needs.
#[derive(Clone)]
struct Need {
    name: String,
    needer: usize,
    preloaded: Option<PreloadedBy>,
}
