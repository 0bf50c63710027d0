//! Files and directories of a snapshot, as libraries look for certificates in
//! them. Each file is parsed once, whatever asks for it, and every answer
//! names the items that it came from.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use casefile_snapshot::{
    Absence, Content, EvidenceId, EvidenceKey, Found, HostPath, Kind, Memo, NotFound, Snapshot,
    Stat, UnknownReason,
};
use sha2::{Digest as _, Sha256};

use super::certificate::Certificate;
use super::file::CertificateFile;

/// Names of one directory; a distribution has some 450.
const NAMES: usize = 20_000;

/// What was parsed of one snapshot; shared between threads.
#[derive(Debug, Default)]
pub struct Files {
    files: Memo<EvidenceId, Result<Arc<CertificateFile>, Absence>>,
    /// By the SHA-256 of their DER: a bundle is made of files that are there
    /// as well.
    certificates: Memo<[u8; 32], Option<Arc<Certificate>>>,
}

/// A snapshot, and what was parsed of it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    snapshot: &'a Snapshot,
    files: &'a Files,
    trace: Option<&'a Trace>,
}

/// The items that were looked at, whatever came of it: an answer that is made
/// of many files stands on all of them, and on those that are not there.
#[derive(Debug, Default)]
pub struct Trace(RefCell<BTreeSet<EvidenceId>>);

impl Trace {
    /// The items, and those of another answer.
    #[must_use]
    pub fn with(self, others: &[EvidenceId]) -> Vec<EvidenceId> {
        let mut items = self.0.into_inner();
        items.extend(others);
        items.into_iter().collect()
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct ReadFile {
    /// What is in it.
    pub file: Arc<CertificateFile>,
    /// Its path, links resolved.
    pub path: HostPath,
    /// Links that led to it, itself last.
    pub sources: Vec<EvidenceId>,
    /// Last change, nanoseconds since 1970-01-01 UTC.
    pub mtime_ns: Option<i64>,
    /// Bytes of it.
    pub bytes: usize,
}

impl ReadFile {
    /// The item itself.
    #[must_use]
    pub fn id(&self) -> Option<EvidenceId> {
        self.sources.last().copied()
    }
}

/// A directory that was read.
#[derive(Clone, Debug)]
pub struct ReadDirectory<'a> {
    /// Its path, links resolved.
    pub path: HostPath,
    /// Its names, sorted.
    pub names: &'a [String],
    /// Links that led to it, itself last.
    pub sources: Vec<EvidenceId>,
}

impl<'a> Reading<'a> {
    /// Reads a snapshot.
    #[must_use]
    pub const fn new(snapshot: &'a Snapshot, files: &'a Files) -> Self {
        Self {
            snapshot,
            files,
            trace: None,
        }
    }

    /// The same, noting what is looked at.
    #[must_use]
    pub const fn traced(self, trace: &'a Trace) -> Self {
        Self {
            trace: Some(trace),
            ..self
        }
    }

    /// Follows a path.
    fn find(&self, found: Result<Found, NotFound>) -> Result<Found, NotFound> {
        if let Some(Trace(items)) = self.trace {
            let mut items = items.borrow_mut();
            match &found {
                Ok(found) => {
                    items.extend(&found.via);
                    items.insert(found.id);
                }
                Err(missing) => items.extend(&missing.via),
            }
        }
        found
    }

    /// The snapshot.
    #[must_use]
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The file that a path leads to.
    ///
    /// # Errors
    /// It is absent or not known; a directory is [`UnknownReason::NotRegular`].
    pub fn file(&self, path: &HostPath) -> Result<ReadFile, NotFound> {
        self.read(self.find(self.snapshot.find(Kind::Raw, path))?)
    }

    /// As [`Self::file`], for a path as programs write it.
    ///
    /// # Errors
    /// As [`Self::file`]; a path that is not absolute depends on a process.
    pub fn file_written(&self, path: &str) -> Result<ReadFile, NotFound> {
        if !path.starts_with('/') {
            return Err(relative(path));
        }
        self.read(self.find(self.snapshot.find_written(Kind::Raw, path))?)
    }

    fn read(&self, found: Found) -> Result<ReadFile, NotFound> {
        let sources = [found.via.as_slice(), &[found.id]].concat();
        let refuse = |absence| NotFound {
            path: found.path.clone(),
            absence,
            via: sources.clone(),
        };
        let Some(bytes) = self.snapshot.bytes(found.id) else {
            return Err(refuse(Absence::because(
                UnknownReason::NotRegular,
                "a directory",
            )));
        };
        let file = self.files.parse(found.id, bytes).map_err(refuse)?;
        let stat = self.snapshot.entry(found.id).stat.as_ref();
        Ok(ReadFile {
            file,
            path: found.path,
            sources,
            mtime_ns: stat.map(|stat| stat.mtime_ns),
            bytes: bytes.len(),
        })
    }

    /// The directory that a path leads to.
    ///
    /// # Errors
    /// It is absent or not known, or no directory, or has too many names.
    pub fn directory(&self, path: &str) -> Result<ReadDirectory<'a>, NotFound> {
        if !path.starts_with('/') {
            return Err(relative(path));
        }
        let found = self.find(self.snapshot.find_written(Kind::Raw, path))?;
        let sources = [found.via.as_slice(), &[found.id]].concat();
        let refuse = |reason, detail: String| NotFound {
            path: found.path.clone(),
            absence: Absence::because(reason, detail),
            via: sources.clone(),
        };
        match &self.snapshot.entry(found.id).content {
            Content::Directory { names } if names.len() > NAMES => Err(refuse(
                UnknownReason::TooLarge,
                format!("{} names are over the limit of {NAMES}", names.len()),
            )),
            Content::Directory { names } => Ok(ReadDirectory {
                path: found.path,
                names,
                sources,
            }),
            _ => Err(refuse(
                UnknownReason::NotRegular,
                "not a directory".to_owned(),
            )),
        }
    }

    /// Where a link leads, as it says it; none where the item is no link.
    #[must_use]
    pub fn link(&self, path: &HostPath) -> Option<&'a str> {
        let id = self.exact(path)?;
        match &self.snapshot.entry(id).content {
            Content::Symlink { target } => Some(target),
            _ => None,
        }
    }

    /// Another name in the same directory: Go's `isSameDirSymlink`.
    #[must_use]
    pub fn is_hash_link(&self, path: &HostPath) -> bool {
        self.link(path).is_some_and(|target| !target.contains('/'))
    }

    /// A directory, whether or not its names were captured.
    #[must_use]
    pub fn is_directory(&self, path: &HostPath) -> bool {
        self.exact(path).is_some_and(|id| {
            let entry = self.snapshot.entry(id);
            let by_stat = entry.stat.as_ref().is_some_and(Stat::is_directory);
            by_stat || matches!(entry.content, Content::Directory { .. })
        })
    }

    /// The item of exactly this path, no link followed.
    #[must_use]
    pub fn exact(&self, path: &HostPath) -> Option<EvidenceId> {
        let id = self
            .snapshot
            .get(&EvidenceKey::new(Kind::Raw, path.clone()));
        if let Some(Trace(items)) = self.trace {
            items.borrow_mut().extend(id);
        }
        id
    }
}

impl Files {
    /// What a file holds; parsed at the first call.
    fn parse(&self, id: EvidenceId, bytes: &[u8]) -> Result<Arc<CertificateFile>, Absence> {
        let file = self.files.get(&id, || {
            CertificateFile::parse_by(bytes, |der| self.certificate(der))
                .map(Arc::new)
                .map_err(|error| Absence::because(UnknownReason::TooLarge, error.to_string()))
        });
        (*file).clone()
    }

    /// A certificate; parsed at the first call.
    fn certificate(&self, der: &[u8]) -> Option<Arc<Certificate>> {
        let digest = Sha256::digest(der).into();
        let certificate = self
            .certificates
            .get(&digest, || Certificate::from_der(der).map(Arc::new));
        (*certificate).clone()
    }
}

/// A path that depends on where a process stands.
fn relative(path: &str) -> NotFound {
    let shown: String = path.chars().take(200).collect();
    NotFound {
        path: HostPath::root(),
        absence: Absence::because(
            UnknownReason::NotCollected,
            format!("{shown:?} is relative to the process's working directory"),
        ),
        via: Vec::new(),
    }
}

/// A link that leads nowhere, a directory, a socket ...: nothing that a
/// library could read certificates from.
pub(crate) const fn is_no_file(absence: &Absence) -> bool {
    matches!(
        absence,
        Absence::Absent
            | Absence::Unknown {
                reason: UnknownReason::NotRegular,
                ..
            }
    )
}
