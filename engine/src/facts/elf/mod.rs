//! Programs and libraries, and what the loader makes of them: which file it
//! opens for each name, by which rule, and what it would stop at. Nothing is
//! run and nothing of the analyst's machine is looked at.

mod loading;
mod object;
mod places;
mod probe;
mod resolution;
mod versions;

use std::sync::{Arc, OnceLock};

use casefile_loader::Cache;
use casefile_snapshot::extract::elf::{Extract, VersionNeed};
use casefile_snapshot::{Absence, EvidenceId, Kind, Program, UnknownReason, limits};

pub use self::resolution::{
    FoundBy, Loaded, Loader, Problem, Resolution, Unresolved, VersionMissing,
};
use super::memo::Memo;
use super::{Fact, FactResult, Facts, Missing};

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    files: Memo<EvidenceId, Result<Arc<Extract>, String>>,
    resolutions: Memo<(String, Option<String>), FactResult<Resolution>>,
    cache: OnceLock<FactResult<Arc<Cache>>>,
}

/// /etc/ld.so.cache.
const CACHE: &str = "/etc/ld.so.cache";

impl Facts {
    /// The programs that bear on the host, sorted by path.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.snapshot().manifest().programs
    }

    /// What a file is to the loader. Links are followed.
    ///
    /// # Errors
    /// It is absent, or not known.
    pub fn elf_file(&self, path: &str) -> FactResult<Arc<Extract>> {
        if !path.starts_with('/') || path.len() > limits::PATH_BYTES {
            return Err(Missing::bad_name(path, "it is no absolute path"));
        }
        let found = self.snapshot().find_written(Kind::Elf, path)?;
        let id = found.id;
        let fact = Fact {
            value: (),
            sources: [found.via, vec![id]].concat(),
        };
        let parsed = self.elf.files.get(&id, || {
            let bytes = self.snapshot().bytes(id).unwrap_or_default();
            let extract = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            check_size(&extract)?;
            Ok(Arc::new(extract))
        });
        match &*parsed {
            Ok(extract) => Ok(fact.map(|()| Arc::clone(extract))),
            Err(problem) => Err(Missing::malformed(&fact, path, problem)),
        }
    }

    /// What the loader would do with a program that is started with this value
    /// of LD_LIBRARY_PATH, and nothing else in its environment.
    ///
    /// # Errors
    /// The program or its interpreter is absent or not known: the path tells
    /// which; or it is no ELF file, or its loader's rules are not known.
    pub fn resolve(&self, path: &str, library_path: Option<&str>) -> Arc<FactResult<Resolution>> {
        let key = (path.to_owned(), library_path.map(str::to_owned));
        self.elf
            .resolutions
            .get(&key, || loading::resolve(self, path, library_path))
    }

    /// /etc/ld.so.cache.
    fn loader_cache(&self) -> &FactResult<Arc<Cache>> {
        self.elf.cache.get_or_init(|| {
            let fact = self.raw(CACHE)?;
            match Cache::parse(fact.value) {
                Ok(cache) => Ok(fact.map(|_| Arc::new(cache))),
                Err(error) => Err(Missing::malformed(&fact, CACHE, error.to_string())),
            }
        })
    }
}

/// Refuses what has more of anything than the collector takes of a file:
/// what a loader does with it could take hours to say.
fn check_size(extract: &Extract) -> Result<(), String> {
    /// Entries of the dynamic section; versions and the files that have them.
    const RECORDS: usize = 8_192;
    /// Bytes of a search path, escaped.
    const PATH_BYTES: usize = 3 << 16;
    /// Directories that are built into a loader.
    const DIRECTORIES: usize = 64;
    let Extract::Elf(elf) = extract else {
        return Ok(());
    };
    let mut sizes = vec![(
        "directories of its own",
        elf.system_directories.len(),
        DIRECTORIES,
    )];
    if let Some(dynamic) = &elf.dynamic {
        let of_file = |need: &VersionNeed| 1 + need.versions.len();
        let needs = dynamic.version_needs.iter().map(of_file).sum();
        let defined = dynamic.version_definitions.as_ref().map_or(0, Vec::len);
        let length = |path: &Option<String>| path.as_ref().map_or(0, String::len);
        sizes.extend([
            ("needed libraries", dynamic.needed.len(), RECORDS),
            ("needed versions", needs, RECORDS),
            ("defined versions", defined, RECORDS),
            ("bytes of DT_RPATH", length(&dynamic.rpath), PATH_BYTES),
            ("bytes of DT_RUNPATH", length(&dynamic.runpath), PATH_BYTES),
        ]);
    }
    match sizes.into_iter().find(|(_, size, limit)| size > limit) {
        Some((what, size, limit)) => Err(format!("{size} {what}, more than {limit}")),
        None => Ok(()),
    }
}

/// What is not known for a reason that the snapshot does not give.
fn undecided(path: &str, detail: impl Into<String>) -> Missing {
    Missing {
        path: path.to_owned(),
        absence: Absence::because(UnknownReason::NotCollected, detail),
        sources: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
