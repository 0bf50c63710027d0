//! Where a loader looks for a name, and in which order: glibc's rules
//! (`_dl_map_object` in elf/dl-load.c) and musl's (`load_library` in
//! ldso/dynlink.c).

use casefile_loader::{Substitutions, elements, expand};
use casefile_snapshot::extract::elf::Extract;

use super::loading::Loading;
use super::object::Object;
use super::probe::{Candidate, Probe};
use super::resolution::{FoundBy, Loader};
use crate::facts::Missing;

/// DF_1_NODEFLIB: neither the cache's system directories nor those built in.
const NODEFLIB: u64 = 0x800;

/// The first of the objects.
const PROGRAM: usize = 0;

/// What a search comes to.
pub(super) enum Search {
    /// A file to load, and by which rule.
    Found(Candidate, FoundBy),
    /// Nothing; where there is one, a file for another class or machine.
    Nothing {
        /// It, in words.
        other: Option<String>,
        /// An element of a search path that depends on the current directory.
        relative: Option<String>,
    },
    /// A file that stops the search.
    Stop(String),
    /// It can't be said what the loader would find.
    Unknown(Missing),
}

/// A search under way. What ends it comes as an error, so that `?` ends it.
struct Searching<'l, 'f> {
    loading: &'l mut Loading<'f>,
    name: String,
    other: Option<String>,
    relative: Option<String>,
}

/// Looks for a name that an object needs.
pub(super) fn search(loading: &mut Loading<'_>, name: &str, needer: usize) -> Search {
    let mut searching = Searching {
        name: name.to_owned(),
        loading,
        other: None,
        relative: None,
    };
    let ended = if name.contains('/') {
        searching.by_path(needer)
    } else if searching.loading.loader() == Loader::Musl {
        searching.by_musl(needer)
    } else {
        searching.by_glibc(needer)
    };
    match ended {
        Err(end) => end,
        Ok(()) => Search::Nothing {
            other: searching.other,
            relative: searching.relative,
        },
    }
}

impl Searching<'_, '_> {
    fn by_path(&mut self, needer: usize) -> Result<(), Search> {
        let object = &self.loading.objects[needer];
        let path = self.expand(object, &self.name.clone());
        match path {
            Some(path) if path.starts_with('/') => self.file(&path, FoundBy::Path),
            Some(path) => {
                self.relative.get_or_insert(path);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn by_glibc(&mut self, needer: usize) -> Result<(), Search> {
        let dynamic = self.loading.objects[needer].dynamic();
        let runpath = dynamic.runpath.clone();
        let no_default = dynamic.flags_1 & NODEFLIB != 0;
        if runpath.is_none() {
            self.inherited_rpath(needer)?;
        }
        self.library_path(&[':', ';'])?;
        if let Some(path) = runpath {
            self.path(needer, elements(&path), FoundBy::Runpath)?;
        }
        self.cache(no_default)?;
        if !no_default {
            self.system()?;
        }
        Ok(())
    }

    /// LD_LIBRARY_PATH; tokens in it are the program's.
    fn library_path(&mut self, separators: &[char]) -> Result<(), Search> {
        match self.loading.library_path.clone() {
            // An empty value is as none.
            Some(path) if !path.is_empty() => {
                self.path(PROGRAM, path.split(separators), FoundBy::LibraryPath)
            }
            _ => Ok(()),
        }
    }

    /// DT_RPATH of the object, of the one that caused it to be loaded, and so
    /// on up; last the program's. An object's own DT_RUNPATH voids its
    /// DT_RPATH.
    fn inherited_rpath(&mut self, needer: usize) -> Result<(), Search> {
        let mut chain = self.loading.chain(needer);
        if !chain.contains(&PROGRAM) {
            chain.push(PROGRAM);
        }
        for object in chain {
            let dynamic = self.loading.objects[object].dynamic();
            if let (Some(rpath), None) = (dynamic.rpath.clone(), &dynamic.runpath) {
                self.path(object, elements(&rpath), FoundBy::Rpath)?;
            }
        }
        Ok(())
    }

    fn by_musl(&mut self, needer: usize) -> Result<(), Search> {
        self.library_path(&[':'])?;
        for object in self.loading.chain(needer) {
            let dynamic = self.loading.objects[object].dynamic();
            let (path, by) = match (&dynamic.runpath, &dynamic.rpath) {
                (Some(runpath), _) => (runpath.clone(), FoundBy::Runpath),
                (None, Some(rpath)) => (rpath.clone(), FoundBy::Rpath),
                (None, None) => continue,
            };
            // `fixup_rpath` gives a path up as a whole for any other token.
            let without = path.replace("${ORIGIN}", "").replace("$ORIGIN", "");
            if !without.contains('$') {
                self.path(object, elements(&path), by)?;
            }
        }
        self.system()
    }

    /// The elements of a search path, the tokens in it those of an object.
    fn path<'a>(
        &mut self,
        object: usize,
        path: impl Iterator<Item = &'a str>,
        by: FoundBy,
    ) -> Result<(), Search> {
        for element in path {
            self.loading.spend(element).map_err(Search::Unknown)?;
            let Some(directory) = self.expand(&self.loading.objects[object], element) else {
                continue;
            };
            if directory.starts_with('/') {
                self.directory(&directory, by)?;
            } else {
                self.relative.get_or_insert_with(|| element.to_owned());
            }
        }
        Ok(())
    }

    fn expand(&self, object: &Object, element: &str) -> Option<String> {
        let lib = self.loading.lib();
        let substitutions = Substitutions {
            origin: Some(&object.origin),
            lib: lib.as_deref(),
            platform: self.loading.abi.platform(),
        };
        expand(element, &substitutions)
    }

    /// /etc/ld.so.cache: one file, and no second try.
    fn cache(&mut self, no_default: bool) -> Result<(), Search> {
        let Some(path) = self.loading.cached(&self.name) else {
            return Ok(());
        };
        let in_system = |directory: &String| {
            let rest = path.strip_prefix(directory.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if no_default && self.loading.system.iter().any(in_system) {
            return Ok(());
        }
        self.file(&path, FoundBy::Cache)
    }

    fn system(&mut self) -> Result<(), Search> {
        for directory in self.loading.system.clone() {
            self.directory(&directory, FoundBy::System)?;
        }
        Ok(())
    }

    /// A directory, those for better processors in it first.
    fn directory(&mut self, directory: &str, by: FoundBy) -> Result<(), Search> {
        let directory = directory.trim_end_matches('/');
        for capability in self.loading.capabilities.clone() {
            let path = format!("{directory}/glibc-hwcaps/{capability}/{}", self.name);
            self.file(&path, by)?;
        }
        self.file(&format!("{directory}/{}", self.name), by)
    }

    /// What glibc refuses that could be mapped: another OSABI, or a version of
    /// it that there is none of (VALID_ELF_OSABI and VALID_ELF_ABIVERSION of
    /// sysdeps/generic/ldsodefs.h; ARM and MIPS have their own). The kernel
    /// and musl do not look at them.
    fn refusal(&self, candidate: &Candidate) -> Option<String> {
        /// ELFOSABI_SYSV and ELFOSABI_GNU.
        const SYSTEM_V: u8 = 0;
        const GNU: u8 = 3;
        /// EM_MIPS and EM_ARM.
        const OTHER_RULES: [u16; 2] = [8, 40];
        let Extract::Elf(elf) = &*candidate.extract else {
            return None;
        };
        if self.loading.loader() != Loader::Glibc || OTHER_RULES.contains(&elf.machine) {
            return None;
        }
        match (elf.os_abi, elf.abi_version) {
            (GNU, _) | (SYSTEM_V, 0) => None,
            (SYSTEM_V, _) => Some(format!("{}: ELF file ABI version invalid", candidate.path)),
            _ => Some(format!("{}: ELF file OS ABI invalid", candidate.path)),
        }
    }

    /// One file. Whatever ends the search is the error.
    fn file(&mut self, path: &str, by: FoundBy) -> Result<(), Search> {
        match self.loading.probe(path).map_err(Search::Unknown)? {
            Probe::Loadable(candidate) => match self.refusal(&candidate) {
                Some(problem) => Err(Search::Stop(problem)),
                None => Err(Search::Found(candidate, by)),
            },
            Probe::Nothing => Ok(()),
            // musl opens the first file by the name, whatever it is.
            Probe::OtherClass(other) | Probe::OtherMachine(other)
                if self.loading.loader() == Loader::Musl =>
            {
                Err(Search::Nothing {
                    other: Some(other),
                    relative: None,
                })
            }
            Probe::OtherClass(other) | Probe::OtherMachine(other) => {
                self.other.get_or_insert(other);
                Ok(())
            }
            Probe::Stop(problem) => Err(Search::Stop(problem)),
            Probe::Unknown(missing) => Err(Search::Unknown(missing)),
        }
    }
}
