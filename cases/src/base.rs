//! The snapshot that a case lies over. What the case gives at a path takes the
//! place of all that the base has there; listings of the base follow.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{fs, io};

use casefile_snapshot::{
    Absence, Content, EvidenceId, EvidenceKey, HostPath, Kind, Snapshot, SnapshotBuilder,
    read_snapshot,
};

use crate::CaseError;
use crate::error::{At as _, bail};

type Read = Arc<OnceLock<Result<Arc<Snapshot>, String>>>;

/// Snapshots that cases lie over, each read once.
#[derive(Debug, Default)]
pub struct Bases(Mutex<BTreeMap<PathBuf, Read>>);

impl Bases {
    /// Reads a snapshot, unless it was read before.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read(&self, path: &Path) -> Result<Arc<Snapshot>, CaseError> {
        let cell = {
            let mut bases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(bases.entry(path.to_owned()).or_default())
        };
        let read = cell.get_or_init(|| read(path).map(Arc::new));
        read.clone()
            .map_err(CaseError::Wrong)
            .at(format_args!("base {}", path.display()))
    }
}

fn read(path: &Path) -> Result<Snapshot, String> {
    let file = fs::metadata(path)
        .and_then(|metadata| {
            if metadata.is_file() {
                fs::File::open(path)
            } else {
                Err(io::Error::other("it is no regular file"))
            }
        })
        .map_err(|error| error.to_string())?;
    read_snapshot(BufReader::new(file)).map_err(|error| error.to_string())
}

/// What a case gives at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    /// A directory with these names.
    Names(&'a [String]),
    /// A raw item under which nothing of the base can be.
    Closed,
    /// A raw item that says that there is none.
    Absent,
    /// An extract.
    Extract,
}

/// A base, and what a case puts over it.
pub(crate) struct Overlay<'a> {
    base: &'a Snapshot,
    given: BTreeMap<&'a str, Given<'a>>,
    /// Listings of the base that follow what the case gives.
    listings: BTreeMap<EvidenceId, BTreeSet<String>>,
}

impl<'a> Overlay<'a> {
    /// Puts a case's items over a base.
    ///
    /// # Errors
    /// The base has no place for one of them.
    pub(crate) fn new(
        base: &'a Snapshot,
        items: impl Iterator<Item = (&'a EvidenceKey, Given<'a>)>,
    ) -> Result<Self, CaseError> {
        let mut given: BTreeMap<&str, Given<'_>> = BTreeMap::new();
        for (key, item) in items {
            // A raw item says more of a path than an extract does.
            let old = given.entry(key.path.as_str()).or_insert(item);
            if *old == Given::Extract {
                *old = item;
            }
        }
        let mut overlay = Self {
            base,
            given,
            listings: BTreeMap::new(),
        };
        for (path, item) in overlay.given.clone() {
            let path = HostPath::new(path)?;
            overlay.place(&path, item).at(&path)?;
        }
        Ok(overlay)
    }

    /// Makes the base's directories lead to an item, or not.
    fn place(&mut self, path: &HostPath, item: Given<'_>) -> Result<(), CaseError> {
        let mut name = path.name().to_owned();
        let mut above = path.parent();
        let removes = item == Given::Absent;
        while let Some(folder) = above {
            if self.given.contains_key(folder.as_str()) {
                return Ok(());
            }
            if let Some(id) = self.base.get(&EvidenceKey::new(Kind::Raw, folder.clone()))
                && !self.is_covered(&folder)
            {
                match &self.base.entry(id).content {
                    Content::Directory { names } => {
                        let names = self
                            .listings
                            .entry(id)
                            .or_insert_with(|| names.iter().cloned().collect());
                        if removes {
                            names.remove(&name);
                        } else {
                            names.insert(name.clone());
                        }
                    }
                    Content::Missing(Absence::Absent) if removes => return Ok(()),
                    Content::Symlink { target } => {
                        bail!("{folder} is a link in the base, to {target}")
                    }
                    Content::Bytes { .. } => bail!("{folder} is a file in the base"),
                    Content::Missing(Absence::Absent) => bail!("{folder} is absent in the base"),
                    Content::Missing(_) => {}
                }
            }
            if removes {
                return Ok(());
            }
            folder.name().clone_into(&mut name);
            above = folder.parent();
        }
        Ok(())
    }

    /// Whether the case says something else of a path of the base, or of one
    /// above.
    fn is_covered(&self, path: &HostPath) -> bool {
        if self.given.contains_key(path.as_str()) {
            return true;
        }
        let mut name = path.name().to_owned();
        let mut above = path.parent();
        while let Some(folder) = above {
            match self.given.get(folder.as_str()) {
                Some(Given::Names(names)) => return !names.contains(&name),
                Some(Given::Closed | Given::Absent) => return true,
                Some(Given::Extract) | None => {}
            }
            folder.name().clone_into(&mut name);
            above = folder.parent();
        }
        false
    }

    /// Puts what is left of the base into a snapshot.
    pub(crate) fn build(&self, builder: &mut SnapshotBuilder) {
        for id in self.base.ids() {
            let key = self.base.key(id);
            if self.is_covered(&key.path) {
                continue;
            }
            match self.listings.get(&id) {
                Some(names) => {
                    let names = names.iter().cloned().collect();
                    let stat = self.base.entry(id).stat.clone();
                    builder.insert(key.clone(), stat, Content::Directory { names });
                }
                None => copy(self.base, id, builder),
            }
        }
    }
}

/// Copies an item as it is.
pub(crate) fn copy(from: &Snapshot, id: EvidenceId, builder: &mut SnapshotBuilder) {
    let (key, entry) = (from.key(id).clone(), from.entry(id));
    let stat = entry.stat.clone();
    match (&entry.content, from.bytes(id)) {
        (
            Content::Bytes {
                redacted: Some(places),
                skipped,
                ..
            },
            Some(bytes),
        ) => builder.insert_redacted(key, stat, bytes, *skipped, *places),
        (Content::Bytes { skipped, .. }, Some(bytes)) => {
            builder.insert_bytes(key, stat, bytes, *skipped);
        }
        (content, _) => builder.insert(key, stat, content.clone()),
    }
}

#[cfg(test)]
mod tests;
