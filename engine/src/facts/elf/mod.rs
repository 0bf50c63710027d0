//! Programs and libraries, and what the loader makes of them: which file it
//! opens for each name, by which rule, and what it would stop at. Its rules
//! are those of [`casefile_loader::resolver`]; here they are asked over a
//! snapshot, and what the answers came from is noted.

mod cache;
mod evidence;

use std::sync::{Arc, OnceLock};

use casefile_loader::{Cache, resolver};
use casefile_snapshot::extract::elf::{Extract, VersionNeed};
use casefile_snapshot::{EvidenceId, Kind, Memo, Program, limits};

pub use self::cache::{StaleEntry, Staleness};
use self::evidence::Evidence;
use super::{Fact, FactResult, Facts, Missing};
pub use casefile_loader::resolver::{
    Danger, FoundBy, Fragile, Fragility, Insecure, Later, LevelMissing, Loaded, Loader, PathKind,
    Problem, Resolution, Start as Launch, Unresolved, VersionMissing, later,
};

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    files: Memo<EvidenceId, Result<Arc<Extract>, String>>,
    resolutions: Memo<(String, Launch), FactResult<Resolution>>,
    cache: OnceLock<FactResult<Arc<Cache>>>,
    stale: OnceLock<FactResult<Vec<StaleEntry>>>,
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

    /// What the loader would do with a program that is started so.
    ///
    /// # Errors
    /// The program or its interpreter is absent or not known: the path tells
    /// which; or it is no ELF file, or its loader's rules are not known.
    pub fn resolve(&self, path: &str, launch: &Launch) -> Arc<FactResult<Resolution>> {
        let key = (path.to_owned(), launch.clone());
        self.elf.resolutions.get(&key, || {
            let mut evidence = Evidence::of(self);
            let resolution = resolver::resolve(&mut evidence, path, launch);
            let program = self.elf_file(path).ok().and_then(|fact| fact.source());
            let mut sources = evidence.reads;
            match resolution {
                Ok(value) => Ok(Fact {
                    value,
                    // The program itself last: it is what the fact is of.
                    sources: sources
                        .into_iter()
                        .filter(|id| Some(*id) != program)
                        .chain(program)
                        .collect(),
                }),
                Err(missing) => {
                    sources.extend(&missing.sources);
                    Err(Missing {
                        sources: sources.into_iter().collect(),
                        ..missing.into()
                    })
                }
            }
        })
    }

    /// /etc/ld.so.cache.
    ///
    /// # Errors
    /// There is none, or it is not known or damaged.
    pub fn loader_cache(&self) -> &FactResult<Arc<Cache>> {
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

impl From<resolver::Missing> for Missing {
    fn from(missing: resolver::Missing) -> Self {
        Self {
            path: missing.path,
            absence: missing.absence,
            sources: missing.sources,
        }
    }
}

impl From<Missing> for resolver::Missing {
    fn from(missing: Missing) -> Self {
        Self {
            path: missing.path,
            absence: missing.absence,
            sources: missing.sources,
        }
    }
}

#[cfg(test)]
mod tests;
