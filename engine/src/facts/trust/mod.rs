//! Certificates that programs on the host trust: the stores that TLS
//! libraries look into, and what is in them. A file is parsed once for all
//! stores that lead to it.

mod chains;
mod pools;
mod stores;

use std::collections::HashSet;
use std::sync::Arc;

use casefile_certificates::reading::{Files, ReadDirectory, ReadFile, Reading};
use casefile_certificates::{CertificateFile, Form};
use casefile_snapshot::{Absence, EvidenceId, HostPath, Memo, UnknownReason};

pub use self::chains::{ChainAnswer, ChainQuestionError};
pub use self::pools::Drifts;
pub use casefile_certificates::{Certificate, Key, SelfSignature};

use self::stores::{PLACES, Place, Reader};
use super::{Fact, FactResult, Facts, Missing, parse_path};

/// Certificates, and files that could not be read, of one store.
const MEMBERS: usize = 20_000;
/// Bytes of the files of one store: as many as of one file.
const STORE_BYTES: usize = casefile_certificates::LIMIT_BYTES;

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
    file: Arc<CertificateFile>,
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
    pub fn certificate(&self) -> Option<&Certificate> {
        self.file.entries[self.index].certificate()
    }

    /// Its place among the PEM blocks of the file, from 0.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.file.entries[self.index].position
    }
}

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    files: Files,
    stores: Memo<&'static str, FactResult<Store>>,
    pools: pools::Parsed,
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

    /// The snapshot, for what reads certificates.
    pub(crate) fn certificates(&self) -> Reading<'_> {
        Reading::new(self.snapshot(), &self.trust.files)
    }

    fn bundle(&self, place: &'static Place) -> FactResult<Store> {
        let read = self.certificates().file(&parse_path(place.path)?)?;
        let mut store = Store::new(place, &read.path, &read.sources);
        store.add_file(place.reader, &read);
        let sources = store.sources.clone();
        store.finish(sources)
    }

    fn directory(&self, place: &'static Place) -> FactResult<Store> {
        let directory = self.certificates().directory(place.path)?;
        let mut store = Store::new(place, &directory.path, &directory.sources);
        let mut seen = HashSet::new();
        let mut sources = Vec::new();
        self.entries(&directory, |entry| {
            match entry {
                Ok(read) if read.id().is_none_or(|id| seen.insert(id)) => {
                    sources.extend(&read.sources);
                    store.add_file(place.reader, &read);
                }
                Ok(_) => {}
                Err(missing) => {
                    sources.extend(&missing.sources);
                    if !is_no_file(&missing.absence) {
                        store.members.push(Err(missing));
                    }
                }
            }
            !store.is_too_large()
        });
        sources.extend(&store.sources);
        store.finish(sources)
    }

    /// The files of a directory by name: hash links are other names of files
    /// that are there as well, and directories below are not read. Until the
    /// function says no.
    fn entries(
        &self,
        directory: &ReadDirectory<'_>,
        mut each: impl FnMut(Result<ReadFile, Missing>) -> bool,
    ) {
        let reading = self.certificates();
        for name in directory.names {
            let Ok(path) = directory.path.join(name) else {
                continue;
            };
            if reading.is_hash_link(&path) || reading.is_directory(&path) {
                continue;
            }
            if !each(reading.file(&path).map_err(Missing::from)) {
                return;
            }
        }
    }
}

impl Store {
    fn new(place: &Place, path: &HostPath, sources: &[EvidenceId]) -> Self {
        Self {
            path: place.path,
            kind: place.kind,
            real_path: path.clone(),
            certificates: 0,
            unparsable: 0,
            sources: sources.to_vec(),
            members: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds the certificates of one file.
    fn add_file(&mut self, reader: Reader, read: &ReadFile) {
        if read.file.form == Form::Der && reader == Reader::Pem {
            self.unparsable = self.unparsable.saturating_add(1);
            return;
        }
        self.bytes = self.bytes.saturating_add(read.bytes);
        self.unparsable = self.unparsable.saturating_add(read.file.unparsable());
        let entries = read.file.entries.iter().enumerate();
        let good = entries.filter(|(_, entry)| entry.certificate.is_ok());
        self.members.extend(good.map(|(index, _)| {
            Ok(Fact {
                value: StoredCertificate {
                    file: Arc::clone(&read.file),
                    path: read.path.clone(),
                    index,
                },
                sources: read.sources.clone(),
            })
        }));
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
