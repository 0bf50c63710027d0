//! A program while it is loaded: the objects that are there, what the loader
//! knows of the host, and how much may still be tried.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use casefile_snapshot::extract::elf::Elf;
use casefile_snapshot::{Absence, UnknownReason};

use super::host::{Host, Missing, Opened};
use super::musl_libc;
use super::object::{Object, Way, directory_of};
use super::places::{self, Places};
use super::probe::{Probe, Wanted};
use super::resolution::{FoundBy, Loader};
use super::tokens::{self, Expanded, MuslPath};
use crate::{Abi, Cache, Substitutions};

/// Files and names that are tried for one program: a browser takes some 2,000.
const PROBES: u32 = 100_000;
/// Objects of one program, and names that are preloaded.
pub(super) const OBJECTS: usize = 4_096;
/// Directories of which it is remembered whether they are there.
const ABSENT: usize = 8_192;

/// The first of the objects.
pub(super) const PROGRAM: usize = 0;
/// The second.
pub(super) const INTERPRETER: usize = 1;

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
    pub(super) working_directory: Option<String>,
    pub(super) is_secure: bool,
    /// What is looked for now is preloaded in secure mode.
    pub(super) preloads_securely: bool,
    /// The program first, then its interpreter.
    pub(super) objects: Vec<Object>,
    /// The first object of each name.
    pub(super) named: HashMap<String, usize>,
    /// Directories that are not there, or may be.
    absent: HashMap<String, bool>,
    /// Searches that were made for needs which were satisfied without.
    pub(super) alone: HashSet<(String, Option<usize>)>,
    probes_left: u32,
}

impl<'h> Loading<'h> {
    /// The program and its interpreter.
    pub(super) fn start(
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
        tokens::expanded(element, &substitutions, secure)
    }

    /// A search path of an object as musl has it.
    pub(super) fn musl_path(&self, object: usize, path: &str) -> MuslPath {
        let origin = self.objects[object].origin.as_deref();
        tokens::expanded_by_musl(path, origin, object == PROGRAM, self.is_secure)
    }

    /// Pays for one step: a file that is tried, and whatever may be as many.
    pub(super) fn spend(&mut self, path: &str) -> Result<(), Missing> {
        self.probes_left = self.probes_left.checked_sub(1).ok_or_else(|| {
            let detail = format!("more than {PROBES} files and names would be tried");
            Missing::because(path, UnknownReason::TooLarge, detail)
        })?;
        Ok(())
    }

    /// How many were tried.
    pub(super) const fn probes(&self) -> u32 {
        PROBES - self.probes_left
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

    /// An object that is there already under this name.
    pub(super) fn loaded(&self, name: &str) -> Option<usize> {
        if self.loader() == Loader::Musl {
            if musl_libc::is_own(name) || name == self.objects[INTERPRETER].path {
                return Some(INTERPRETER);
            }
            if name.contains('/') {
                return None;
            }
        }
        self.named.get(name).copied()
    }

    /// `$ORIGIN` of a library: glibc makes it absolute, musl leaves it as it
    /// is.
    pub(super) fn origin_of(&self, path: &str) -> Option<String> {
        if path.starts_with('/') || self.loader() == Loader::Musl {
            return Some(directory_of(path).to_owned());
        }
        let directory = self.working_directory()?;
        Some(directory_of(&format!("{directory}/{path}")).to_owned())
    }

    pub(super) fn push(&mut self, object: Object) -> usize {
        let number = self.objects.len();
        let loader = self.loader();
        for name in object.all_names(loader) {
            self.named.entry(name.to_owned()).or_insert(number);
        }
        self.objects.push(object);
        number
    }
}
