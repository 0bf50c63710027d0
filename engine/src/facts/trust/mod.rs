//! Certificates that programs on the host trust: the stores that TLS
//! libraries look into, and what is in them. A file is parsed once for all
//! stores that lead to it.

mod certificate;
mod key;
mod name;
mod pem;
mod stores;

use std::collections::HashSet;
use std::sync::Arc;

use casefile_snapshot::{Absence, Content, EvidenceId, Found, HostPath, Kind, Stat, UnknownReason};

pub use self::certificate::{Certificate, SelfSignature};
pub use self::key::Key;
use self::pem::Label;
use self::stores::{PLACES, Place, Reader};
use super::memo::Memo;
use super::{Fact, FactResult, Facts, Missing, parse_path};

/// PEM blocks of one file: sixty times what a distribution ships.
const BLOCKS: usize = 10_000;
/// Certificates, and files that could not be read, of one store.
const MEMBERS: usize = 20_000;
/// Bytes of the files of one store: thirty times what a distribution ships.
/// Names take up to three times the bytes that they are read from.
const STORE_BYTES: usize = 16 << 20;

/// How a store keeps its certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// One file with many.
    Bundle,
    /// A directory with a file for each.
    Directory,
}

/// A place where libraries look for trust anchors, and what is in it.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its path, as libraries name it.
    pub path: &'static str,
    /// A bundle or a directory.
    pub kind: StoreKind,
    /// The file or directory behind it, links resolved.
    pub real_path: HostPath,
    /// How many certificates it holds.
    pub certificates: u32,
    /// How many PEM blocks are no certificate that is taken; DER files among
    /// them where only PEM is read.
    pub unparsable: u32,
    /// The items that led to the store, itself last.
    pub sources: Vec<EvidenceId>,
    /// Its certificates in order, and in their midst the files of a directory
    /// that could not be read.
    pub members: Vec<FactResult<StoredCertificate>>,
    /// Bytes of the files with its certificates.
    bytes: usize,
}

/// A certificate, and the file that holds it.
#[derive(Clone, Debug)]
pub struct StoredCertificate {
    file: Arc<File>,
    path: HostPath,
    index: usize,
}

impl StoredCertificate {
    /// The file that holds it, links resolved.
    #[must_use]
    pub const fn path(&self) -> &HostPath {
        &self.path
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.file.certificates[self.index]
    }
}

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    files: Memo<EvidenceId, Result<Arc<File>, Absence>>,
    stores: Memo<&'static str, FactResult<Store>>,
}

/// The certificates of one file.
#[derive(Debug, Default)]
struct File {
    certificates: Vec<Certificate>,
    unparsable: u32,
    /// It is no PEM, but one certificate in DER.
    der: bool,
}

impl File {
    fn parse(bytes: &[u8]) -> Result<Self, Absence> {
        let too_large = |problem: String| Err(Absence::because(UnknownReason::TooLarge, problem));
        if bytes.len() > STORE_BYTES {
            let length = bytes.len();
            return too_large(format!(
                "{length} bytes are over the limit of {STORE_BYTES}"
            ));
        }
        let blocks = pem::blocks(bytes);
        if blocks.len() > BLOCKS {
            let count = blocks.len();
            return too_large(format!("{count} PEM blocks are over the limit of {BLOCKS}"));
        }
        let mut file = Self::default();
        if blocks.is_empty() {
            file.certificates.extend(certificate::read(bytes, 0, false));
            file.der = !file.certificates.is_empty();
        }
        for (position, block) in (0..).zip(blocks) {
            let trusted = match block.label {
                Label::Other => continue,
                Label::Certificate => false,
                Label::TrustedCertificate => true,
            };
            let certificate = block
                .bytes
                .and_then(|der| certificate::read(&der, position, trusted));
            match certificate {
                Some(certificate) => file.certificates.push(certificate),
                None => file.unparsable += 1,
            }
        }
        Ok(file)
    }
}

impl Facts {
    /// Every store that a library may look into, or why it has no value.
    #[must_use]
    pub fn trust_stores(&self) -> Vec<Arc<FactResult<Store>>> {
        PLACES.iter().map(|place| self.place(place)).collect()
    }

    /// One store by its path, as [`Store::path`] writes it.
    ///
    /// # Errors
    /// No library looks there.
    pub fn trust_store(&self, path: &str) -> Result<Arc<FactResult<Store>>, Missing> {
        match PLACES.iter().find(|place| place.path == path) {
            Some(place) => Ok(self.place(place)),
            None => Err(Missing::bad_name(
                path,
                "no library looks there for trust anchors",
            )),
        }
    }

    fn place(&self, place: &'static Place) -> Arc<FactResult<Store>> {
        self.trust.stores.get(&place.path, || match place.kind {
            StoreKind::Bundle => self.bundle(place),
            StoreKind::Directory => self.directory(place),
        })
    }

    fn bundle(&self, place: &'static Place) -> FactResult<Store> {
        let found = self.find(Kind::Raw, &parse_path(place.path)?)?;
        let mut store = Store::new(place, &found);
        self.add_file(&mut store, place.reader, found)?;
        let sources = store.sources.clone();
        store.finish(sources)
    }

    fn directory(&self, place: &'static Place) -> FactResult<Store> {
        let found = self.find(Kind::Raw, &parse_path(place.path)?)?;
        let mut store = Store::new(place, &found);
        let Content::Directory { names } = &self.snapshot().entry(found.id).content else {
            return Err(Missing {
                path: found.path.to_string(),
                absence: Absence::because(UnknownReason::NotRegular, "not a directory"),
                sources: store.sources,
            });
        };
        if names.len() > MEMBERS {
            return Err(Missing {
                path: found.path.to_string(),
                absence: Absence::because(
                    UnknownReason::TooLarge,
                    format!("{} names are over the limit of {MEMBERS}", names.len()),
                ),
                sources: store.sources,
            });
        }
        let mut seen = HashSet::new();
        let mut sources = Vec::new();
        for name in names {
            let path = found.path.join(name);
            if let Ok(path) = path
                && let Err(missing) =
                    self.add_entry(&mut store, place.reader, &path, &mut seen, &mut sources)
                && !is_no_file(&missing.absence)
            {
                store.members.push(Err(missing));
            }
            if store.is_too_large() {
                break;
            }
        }
        sources.extend(&store.sources);
        store.finish(sources)
    }

    /// Adds the certificates of one entry of a directory, unless it is
    /// another name of a file that is there as well.
    fn add_entry(
        &self,
        store: &mut Store,
        reader: Reader,
        path: &HostPath,
        seen: &mut HashSet<EvidenceId>,
        sources: &mut Vec<EvidenceId>,
    ) -> Result<(), Missing> {
        if self.is_hash_link(path) || self.is_directory(path) {
            return Ok(());
        }
        match self.find(Kind::Raw, path) {
            Ok(file) if seen.insert(file.id) => {
                sources.extend(&file.via);
                sources.push(file.id);
                self.add_file(store, reader, file)
            }
            Ok(_) => Ok(()),
            Err(missing) => {
                sources.extend(&missing.sources);
                Err(missing)
            }
        }
    }

    /// Adds the certificates of one file.
    fn add_file(&self, store: &mut Store, reader: Reader, found: Found) -> Result<(), Missing> {
        let sources = [found.via, vec![found.id]].concat();
        let Some(bytes) = self.snapshot().bytes(found.id) else {
            return Err(Missing {
                path: found.path.to_string(),
                absence: Absence::because(UnknownReason::NotRegular, "a directory"),
                sources,
            });
        };
        let parsed = self
            .trust
            .files
            .get(&found.id, || File::parse(bytes).map(Arc::new));
        let file = match &*parsed {
            Ok(file) => file,
            Err(absence) => {
                return Err(Missing {
                    path: found.path.to_string(),
                    absence: absence.clone(),
                    sources,
                });
            }
        };
        if file.der && reader == Reader::Pem {
            store.unparsable = store.unparsable.saturating_add(1);
            return Ok(());
        }
        store.bytes = store.bytes.saturating_add(bytes.len());
        store.unparsable = store.unparsable.saturating_add(file.unparsable);
        store
            .members
            .extend((0..file.certificates.len()).map(|index| {
                Ok(Fact {
                    value: StoredCertificate {
                        file: Arc::clone(file),
                        path: found.path.clone(),
                        index,
                    },
                    sources: sources.clone(),
                })
            }));
        Ok(())
    }

    /// Another name in the same directory: Go's `isSameDirSymlink`.
    fn is_hash_link(&self, path: &HostPath) -> bool {
        self.exact(Kind::Raw, path).is_some_and(|id| {
            matches!(&self.snapshot().entry(id).content, Content::Symlink { target } if !target.contains('/'))
        })
    }

    /// Directories below are not read, whether or not they were captured.
    fn is_directory(&self, path: &HostPath) -> bool {
        self.exact(Kind::Raw, path).is_some_and(|id| {
            let entry = self.snapshot().entry(id);
            let by_stat = entry.stat.as_ref().is_some_and(Stat::is_directory);
            by_stat || matches!(entry.content, Content::Directory { .. })
        })
    }
}

impl Store {
    fn new(place: &Place, found: &Found) -> Self {
        Self {
            path: place.path,
            kind: place.kind,
            real_path: found.path.clone(),
            certificates: 0,
            unparsable: 0,
            sources: [found.via.as_slice(), &[found.id]].concat(),
            members: Vec::new(),
            bytes: 0,
        }
    }

    const fn is_too_large(&self) -> bool {
        self.members.len() > MEMBERS || self.bytes > STORE_BYTES
    }

    /// Counts, and makes sure that there is not too much.
    fn finish(mut self, sources: Vec<EvidenceId>) -> FactResult<Self> {
        if self.is_too_large() {
            return Err(Missing {
                path: self.path.to_owned(),
                absence: Absence::because(
                    UnknownReason::TooLarge,
                    format!("more than {MEMBERS} certificates or {STORE_BYTES} bytes"),
                ),
                sources,
            });
        }
        let certificates = self.members.iter().filter(|member| member.is_ok()).count();
        self.certificates = u32::try_from(certificates).unwrap_or(u32::MAX);
        Ok(Fact {
            value: self,
            sources,
        })
    }
}

/// A link that leads nowhere, a directory, a socket ...: nothing that a
/// library could read certificates from.
const fn is_no_file(absence: &Absence) -> bool {
    matches!(
        absence,
        Absence::Absent
            | Absence::Unknown {
                reason: UnknownReason::NotRegular,
                ..
            }
    )
}

#[cfg(test)]
mod tests;
