//! Where /etc/ld.so.cache differs from the file system: entries whose file is
//! not there any more, and libraries that ldconfig(8) was not told of.

use std::collections::{BTreeSet, HashSet};

use casefile_loader::{Cache, Texts, configured_directories};
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{Absence, Content, EvidenceId, Kind};

use crate::facts::{Fact, FactResult, Facts, Missing};

/// How an entry is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Staleness {
    /// Its file is not there.
    Missing,
    /// A library lies in a directory that the cache is made of, and has no
    /// entry.
    Unlisted,
}

/// An entry that is out of date, or should be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaleEntry {
    /// The library's name.
    pub name: String,
    /// The path of its file.
    pub path: String,
    /// How it is out of date.
    pub how: Staleness,
}

/// Entries that are given: more say nothing new.
const ENTRIES: usize = 10_000;

impl Facts {
    /// Where the loader's cache differs from the file system, by name.
    ///
    /// # Errors
    /// There is no cache, or it is not known, or what it is made of.
    pub fn stale_entries(&self) -> &FactResult<Vec<StaleEntry>> {
        self.elf.stale.get_or_init(|| {
            let cache = self.loader_cache().clone()?;
            let mut looked = Looked {
                facts: self,
                sources: BTreeSet::new(),
                unknown: None,
            };
            let mut stale = looked.missing(&cache.value);
            stale.extend(looked.unlisted(&cache.value));
            if let Some(missing) = looked.unknown {
                return Err(missing);
            }
            stale.sort();
            stale.dedup();
            stale.truncate(ENTRIES);
            Ok(Fact {
                value: stale,
                // The cache itself last: it is what the fact is of.
                sources: [looked.sources.into_iter().collect(), cache.sources].concat(),
            })
        })
    }
}

/// What was looked at, and what of it is not known.
struct Looked<'f> {
    facts: &'f Facts,
    sources: BTreeSet<EvidenceId>,
    unknown: Option<Missing>,
}

impl Looked<'_> {
    /// Entries whose file is not there. A file that is listed and was not
    /// taken is there: the collector takes those that somebody needs.
    fn missing(&mut self, cache: &Cache) -> Vec<StaleEntry> {
        let mut stale = Vec::new();
        for entry in cache.entries() {
            let found = self.facts.snapshot().find_written(Kind::Elf, &entry.path);
            if let Err(missing) = found
                && missing.absence == Absence::Absent
            {
                self.sources.extend(missing.via);
                stale.push(StaleEntry {
                    name: entry.name.clone(),
                    path: entry.path.clone(),
                    how: Staleness::Missing,
                });
            }
        }
        stale
    }

    /// Libraries without an entry in the directories that ldconfig reads. It
    /// goes by DT_SONAME. Of files that were not taken that is not known, and
    /// a file's own name tells little: distributions have links of all sorts.
    /// There only a directory without any entry is one that was not read.
    fn unlisted(&mut self, cache: &Cache) -> Vec<StaleEntry> {
        let entries = cache.entries();
        let listed: HashSet<&str> = entries.iter().map(|one| one.name.as_str()).collect();
        let folders: HashSet<&str> = entries
            .iter()
            .filter_map(|one| Some(one.path.rsplit_once('/')?.0))
            .collect();
        let folders: HashSet<String> = folders
            .into_iter()
            .filter_map(|folder| self.real(folder))
            .collect();
        let mut stale = Vec::new();
        let mut seen = HashSet::new();
        for directory in configured_directories(self) {
            let real = self.real(&directory);
            let is_read = real.as_ref().is_some_and(|real| folders.contains(real));
            if real.is_some_and(|real| !seen.insert(real)) {
                continue;
            }
            for name in self.names(&directory) {
                if !has_version(&name) {
                    continue;
                }
                let path = format!("{}/{name}", directory.trim_end_matches('/'));
                let name = match self.soname(&path) {
                    Soname::Is(soname) if listed.contains(soname.as_str()) => continue,
                    Soname::Is(soname) => soname,
                    Soname::Unknown if !is_read => name,
                    Soname::None | Soname::Unknown => continue,
                };
                stale.push(StaleEntry {
                    name,
                    path,
                    how: Staleness::Unlisted,
                });
            }
        }
        stale
    }

    /// Where a directory is behind links; none where it is not there, or was
    /// not taken.
    fn real(&mut self, directory: &str) -> Option<String> {
        let found = self.facts.snapshot().find_written(Kind::Raw, directory);
        let found = found.ok()?;
        self.sources.extend(found.via);
        Some(found.path.to_string())
    }

    fn soname(&mut self, path: &str) -> Soname {
        let Ok(fact) = self.facts.elf_file(path) else {
            return Soname::Unknown;
        };
        self.sources.extend(&fact.sources);
        let Extract::Elf(elf) = &*fact.value else {
            return Soname::None;
        };
        let soname = elf.dynamic.as_ref().and_then(|one| one.soname.clone());
        soname.map_or(Soname::None, Soname::Is)
    }
}

/// The name by which ldconfig lists a file.
enum Soname {
    /// This one.
    Is(String),
    /// None: it is no library, or ldconfig makes a name of the file's.
    None,
    /// The file was not taken.
    Unknown,
}

/// Whether a name is that of a library with a version: `libx.so.1.2`. One
/// without is for linkers.
fn has_version(name: &str) -> bool {
    let Some((base, versions)) = name.split_once(".so.") else {
        return false;
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    base.starts_with("lib") && versions.split('.').all(is_number)
}

impl Texts for Looked<'_> {
    fn text(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.facts.raw(path) {
            Ok(fact) => {
                self.sources.extend(fact.sources);
                Some(fact.value.to_vec())
            }
            Err(missing) => self.none(missing),
        }
    }

    fn names(&mut self, path: &str) -> Vec<String> {
        let found = match self.facts.snapshot().find_written(Kind::Raw, path) {
            Ok(found) => found,
            Err(missing) => return self.none(missing.into()).unwrap_or_default(),
        };
        self.sources.extend(found.via);
        self.sources.insert(found.id);
        match &self.facts.snapshot().entry(found.id).content {
            Content::Directory { names } => names.clone(),
            _ => Vec::new(),
        }
    }
}

impl Looked<'_> {
    fn none<T>(&mut self, missing: Missing) -> Option<T> {
        self.sources.extend(&missing.sources);
        if missing.absence != Absence::Absent {
            self.unknown.get_or_insert(missing);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::has_version;

    #[test]
    fn names_with_versions_are_told_from_others() {
        for name in ["libx.so.1.2.3", "libx.so.1", "libx-2.so.0"] {
            assert!(has_version(name), "{name}");
        }
        for other in [
            "libx.so",
            "libx.so.1.debug",
            "x.so.1",
            "libx.so.",
            "libm-2.31.so",
            "lib",
        ] {
            assert!(!has_version(other), "{other}");
        }
    }
}
