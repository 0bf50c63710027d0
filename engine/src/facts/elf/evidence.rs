//! A snapshot as the loader's rules ask it: every answer with what shows it,
//! which is noted.

use std::collections::BTreeSet;
use std::sync::Arc;

use casefile_loader::resolver::{Host, Missing, Opened, Processor};
use casefile_loader::{Cache, CacheError};
use casefile_snapshot::{Absence, EvidenceId, Kind, Stat, UnknownReason, limits};

use crate::facts::{FactResult, Facts};

/// Facts that are asked, and the items that the answers came from.
pub(super) struct Evidence<'f> {
    facts: &'f Facts,
    pub(super) reads: BTreeSet<EvidenceId>,
}

impl<'f> Evidence<'f> {
    pub(super) const fn of(facts: &'f Facts) -> Self {
        Self {
            facts,
            reads: BTreeSet::new(),
        }
    }

    /// A fact's value; what it came from is noted, or what shows its absence.
    fn note<T>(&mut self, fact: FactResult<T>) -> Result<T, Missing> {
        match fact {
            Ok(fact) => {
                self.reads.extend(fact.sources);
                Ok(fact.value)
            }
            Err(missing) => {
                self.reads.extend(&missing.sources);
                Err(missing.into())
            }
        }
    }
}

impl Host for Evidence<'_> {
    fn open(&mut self, path: &str) -> Result<Opened, Missing> {
        let fact = self.facts.elf_file(path);
        let source = fact.as_ref().ok().and_then(|fact| fact.source());
        let extract = self.note(fact)?;
        // A file always has the item that it was read from.
        let Some(source) = source else {
            let detail = "an extract without an item";
            return Err(Missing::because(path, UnknownReason::Malformed, detail));
        };
        let snapshot = self.facts.snapshot();
        Ok(Opened {
            extract,
            source,
            real_path: snapshot.key(source).path.to_string(),
            stat: snapshot.entry(source).stat.clone(),
        })
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Missing> {
        if path.len() > limits::PATH_BYTES {
            let detail = "longer than any path";
            return Err(Missing::because(path, UnknownReason::Unreadable, detail));
        }
        let snapshot = self.facts.snapshot();
        let (real, sources, absence) = match snapshot.find_written(Kind::Raw, path) {
            Ok(found) => (
                found.path,
                [found.via, vec![found.id]].concat(),
                Absence::unknown(UnknownReason::NotCollected),
            ),
            Err(missing) => (missing.path, missing.via, missing.absence),
        };
        self.reads.extend(&sources);
        // What could not be read has a stat all the same.
        let stat = sources
            .last()
            .filter(|id| snapshot.key(**id).path == real)
            .and_then(|id| snapshot.entry(*id).stat.clone());
        stat.ok_or_else(|| Missing {
            path: real.to_string(),
            absence,
            sources,
        })
    }

    fn text(&mut self, path: &str) -> Result<Vec<u8>, Missing> {
        let fact = self.facts.raw(path);
        self.note(fact.map(|fact| fact.map(<[u8]>::to_vec)))
    }

    fn cache(&mut self) -> Result<Option<Arc<Cache>>, Missing> {
        match self.note(self.facts.loader_cache().clone()) {
            Ok(cache) => Ok(Some(cache)),
            // The loader does without one, and without what is none at all.
            Err(missing) => match &missing.absence {
                Absence::Absent => Ok(None),
                Absence::Unknown {
                    reason: UnknownReason::Malformed,
                    detail,
                } if *detail == CacheError::Magic.to_string() => Ok(None),
                Absence::Unknown { .. } => Err(missing),
            },
        }
    }

    fn processor(&mut self) -> Result<Processor, Missing> {
        let processors = self.note(self.facts.processors())?;
        Ok(Processor {
            vendor: processors.vendor,
            features: processors.features,
        })
    }

    fn kernel_release(&mut self) -> Result<String, Missing> {
        self.note(self.facts.sysctl("kernel.osrelease"))
    }
}
