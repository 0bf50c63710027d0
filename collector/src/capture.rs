//! Gathers evidence from the tree: every kind of evidence goes through here.
//! Whatever is asked for leaves its mark: its bytes, its names, or why there
//! are none, and each link that led there.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use casefile_snapshot::{
    Absence, BuildError, Content, EvidenceKey, HostPath, Kind, Manifest, Snapshot, SnapshotBuilder,
    Source, Stat, UnknownReason, limits,
};

use crate::content::{self, Bytes, Held, Taken};
use crate::root::{
    Failure, Last, Progress, Reached, Root, RootError, Tree, Visit, absence_of, read_link,
};

/// The tree, and what was taken of it so far.
pub struct Capture {
    root: Root,
    source: Source,
    builder: SnapshotBuilder,
}

/// A regular file that is open for reading.
#[derive(Debug)]
pub struct Opened {
    /// The file. Reading it may hang on a dead file system: see
    /// [`Capture::run`].
    pub file: File,
    /// Its path with all links resolved.
    pub path: HostPath,
    /// Its owner, times and attributes.
    pub stat: Stat,
}

/// What a whole item is reduced to before it is written.
pub struct Reduced {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// In how many places something was hidden.
    pub places: u64,
}

/// What is read of a folder, and what is kept of it.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// A file of more bytes is not taken.
    pub(crate) bytes: u64,
    /// Why the item at a real path is not read, though it is there.
    pub(crate) refuse: fn(&HostPath) -> Option<Absence>,
    /// What is kept of a file.
    pub(crate) reduce: fn(Vec<u8>) -> Reduced,
}

impl Capture {
    /// Begins with nothing. The running host is captured from `/`, an image
    /// from its folder.
    ///
    /// # Errors
    /// The folder can't be opened.
    pub fn new(folder: &Path, source: Source, timeout: Duration) -> Result<Self, RootError> {
        Ok(Self {
            root: Root::open(folder, source, timeout)?,
            source,
            builder: SnapshotBuilder::new(),
        })
    }

    /// Records every link on the way, and the file's bytes or why there are
    /// none. Returns the path with all links resolved.
    ///
    /// # Errors
    /// The absence that was recorded.
    pub fn file(&mut self, path: &HostPath) -> Result<HostPath, Absence> {
        if self.bytes(path).is_some() {
            return Ok(path.clone());
        }
        let (path, stat, taken) = self.visit(path, |tree, reached, progress| {
            content::whole(tree, reached, limits::ITEM_BYTES, progress)
        })?;
        self.keep_bytes(path, stat, taken)
    }

    /// As [`Self::file`] for the whole lines among the last `bytes` of a log.
    /// `reduce` hides what is private there.
    ///
    /// # Errors
    /// The absence that was recorded.
    pub fn tail(
        &mut self,
        path: &HostPath,
        bytes: u64,
        reduce: fn(Vec<u8>) -> Reduced,
    ) -> Result<HostPath, Absence> {
        let bytes = bytes.min(limits::ITEM_BYTES);
        let (path, stat, taken) = self.visit(path, move |tree, reached, progress| {
            content::tail(tree, reached, bytes, progress)
        })?;
        self.keep_reduced(path, stat, taken, reduce)
    }

    /// Records the links on the way and the names in a directory, all of
    /// them. Returns its path with all links resolved, and the names as the
    /// index has them: escaped and sorted.
    ///
    /// # Errors
    /// The absence that was recorded.
    pub fn directory(&mut self, path: &HostPath) -> Result<(HostPath, Vec<String>), Absence> {
        if let Some(Content::Directory { names }) = self.content(path) {
            return Ok((path.clone(), names.clone()));
        }
        let (path, stat, names) = self.visit(path, content::names)?;
        let key = EvidenceKey::new(Kind::Raw, path);
        let content = Content::Directory {
            names: names.clone(),
        };
        self.builder.insert(key.clone(), Some(stat), content);
        Ok((self.kept(key)?, names))
    }

    /// Records the links on the way, and under [`Kind::Raw`] why there is no
    /// such regular file; opens it for reading, and records nothing of it.
    ///
    /// # Errors
    /// The absence that was recorded.
    pub fn open(&mut self, path: &HostPath) -> Result<Opened, Absence> {
        let (path, stat, file) =
            self.visit(path, |tree, reached, _| content::open(tree, reached))?;
        Ok(Opened {
            file: file.into(),
            path,
            stat,
        })
    }

    /// Runs an operation that reads what was opened from the tree: it may
    /// hang, the caller does not.
    ///
    /// # Errors
    /// It took too long; this is recorded for the path, under [`Kind::Raw`].
    pub fn run<T: Send + 'static>(
        &mut self,
        path: &HostPath,
        operation: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Absence> {
        self.root
            .run(path, |_| operation())
            .map_err(|failure| self.miss(failure))
    }

    /// Records a file as [`Self::file`] does, what is kept of it being what
    /// `rules` make of its bytes; or a directory as [`Self::directory`] does.
    /// Returns the real path, and the names of a directory.
    pub(crate) fn item(
        &mut self,
        path: &HostPath,
        rules: &Rules,
    ) -> Result<(HostPath, Option<Vec<String>>), Absence> {
        let Rules {
            bytes,
            refuse,
            reduce,
        } = *rules;
        let (path, stat, held) = self.visit(path, move |tree, reached, progress| {
            match refuse(&reached.path) {
                Some(absence) => Err((None, absence)),
                None => content::held(tree, reached, bytes, progress),
            }
        })?;
        let key = EvidenceKey::new(Kind::Raw, path);
        let names = match held {
            Held::Bytes(_) if self.builder.bytes(&key).is_some() => None,
            Held::Bytes(taken) => {
                let Reduced { bytes, places } = reduce(taken.bytes);
                self.builder
                    .insert_redacted(key.clone(), Some(stat), bytes, None, places);
                None
            }
            Held::Names(names) => {
                let content = Content::Directory {
                    names: names.clone(),
                };
                self.builder.insert(key.clone(), Some(stat), content);
                Some(names)
            }
        };
        Ok((self.kept(key)?, names))
    }

    /// Records stat(2) of what a path leads to, unless it was taken already:
    /// who may write to a directory that nobody lists.
    pub(crate) fn permissions(&mut self, path: &HostPath) {
        let looked = |_: &Tree, reached: &Reached, _: &Progress| Ok((reached.stat.clone(), ()));
        if let Ok((path, stat, ())) = self.visit(path, looked) {
            let key = EvidenceKey::new(Kind::Raw, path.clone());
            if self.builder.entry(&key).is_none() {
                let detail = "nothing but its permissions was looked at";
                let absence = Absence::because(UnknownReason::NotCollected, detail);
                self.insert_missing(path, Some(stat), absence);
            }
        }
    }

    /// Records a link itself, without going where it leads. Returns its
    /// target, escaped.
    pub(crate) fn link(&mut self, path: &HostPath) -> Result<String, Absence> {
        let visit = self.root.visit(path, Last::Keep, |_, reached, _| {
            read_link(&reached.handle)
                .map(|target| (reached.stat.clone(), casefile_snapshot::escape(&target)))
                // The links of /proc lead to what has no path: the program
                // of a thread of the kernel is none (ENOENT).
                .map_err(|error| (None, absence_of(error)))
        });
        let (path, stat, target) = self.arrived(visit)?;
        let content = Content::Symlink {
            target: target.clone(),
        };
        self.builder
            .insert(EvidenceKey::new(Kind::Raw, path), Some(stat), content);
        Ok(target)
    }

    /// Reads a file of which something else than its bytes is recorded.
    pub(crate) fn read(
        &mut self,
        path: &HostPath,
        limit: u64,
    ) -> Result<(HostPath, Stat, Vec<u8>), Absence> {
        let (path, stat, taken) = self.visit(path, move |tree, reached, progress| {
            content::whole(tree, reached, limit, progress)
        })?;
        Ok((path, stat, taken.bytes))
    }

    /// Follows a path and does something there. Links and failures are
    /// recorded.
    pub(crate) fn visit<T: Send + 'static>(
        &mut self,
        path: &HostPath,
        then: impl FnOnce(&Tree, &Reached, &Progress) -> Taken<T> + Send + 'static,
    ) -> Result<(HostPath, Stat, T), Absence> {
        let visit = self.root.visit(path, Last::Follow, then);
        self.arrived(visit)
    }

    fn arrived<T>(&mut self, visit: Visit<T>) -> Result<(HostPath, Stat, T), Absence> {
        for link in visit.links {
            let content = Content::Symlink {
                target: link.target,
            };
            self.builder.insert(
                EvidenceKey::new(Kind::Raw, link.path),
                Some(link.stat),
                content,
            );
        }
        visit.outcome.map_err(|failure| self.miss(failure))
    }

    /// Records why something is missing, unless more is known of it already.
    fn miss(&mut self, failure: Failure) -> Absence {
        let Failure {
            mut path,
            stat,
            mut absence,
        } = failure;
        if let Some((process, why)) = self.out_of_reach(&path, &absence) {
            absence = why;
            path = process;
        }
        self.insert_missing(path, stat.map(|stat| *stat), absence.clone());
        absence
    }

    /// Records that there is nothing of a path, unless more is known already.
    pub(crate) fn insert_missing(&mut self, path: HostPath, stat: Option<Stat>, absence: Absence) {
        let key = EvidenceKey::new(Kind::Raw, path);
        let known = self.builder.entry(&key);
        if known.is_none_or(|entry| matches!(entry.content, Content::Missing(_))) {
            self.builder.insert(key, stat, Content::Missing(absence));
        }
    }

    /// Takes back what was recorded for a real path: it is not the whole
    /// truth.
    pub(crate) fn withdraw(&mut self, path: HostPath, absence: Absence) {
        let key = EvidenceKey::new(Kind::Raw, path);
        self.builder.insert(key, None, Content::Missing(absence));
    }

    /// The folder of a process that was there when /proc was listed, and is
    /// there no more; or of one that can't be told from others that are
    /// hidden.
    fn out_of_reach(&mut self, path: &HostPath, absence: &Absence) -> Option<(HostPath, Absence)> {
        if self.source == Source::Image || *absence != Absence::Absent {
            return None;
        }
        let mut components = path.components();
        let number = components.nth(1)?;
        if !path.as_str().starts_with("/proc/") || !number.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let proc = HostPath::new("/proc").ok()?;
        let process = proc.join(number).ok()?;
        let why = match self.content(&proc)? {
            Content::Directory { names } => {
                let listed = names.binary_search_by(|name| name.as_str().cmp(number));
                listed.ok()?;
                Absence::unknown(UnknownReason::Vanished)
            }
            Content::Missing(absence) => absence.clone(),
            _ => return None,
        };
        if components.next().is_some() {
            // Only this file is missing if its process is still there.
            let there = self
                .root
                .visit(&process, Last::Keep, |_, reached, _| {
                    Ok((reached.stat.clone(), ()))
                })
                .outcome;
            if there.is_ok() {
                return None;
            }
        }
        Some((process, why))
    }

    /// Records bytes under their real path, unless there are some already.
    pub(crate) fn keep_bytes(
        &mut self,
        path: HostPath,
        stat: Stat,
        taken: Bytes,
    ) -> Result<HostPath, Absence> {
        let key = EvidenceKey::new(Kind::Raw, path);
        if self.builder.bytes(&key).is_none() {
            let skipped = (taken.skipped > 0).then_some(taken.skipped);
            self.builder
                .insert_bytes(key.clone(), Some(stat), taken.bytes, skipped);
        }
        self.kept(key)
    }

    /// As [`Self::keep_bytes`] for what may hold private values.
    pub(crate) fn keep_reduced(
        &mut self,
        path: HostPath,
        stat: Stat,
        taken: Bytes,
        reduce: fn(Vec<u8>) -> Reduced,
    ) -> Result<HostPath, Absence> {
        let key = EvidenceKey::new(Kind::Raw, path);
        if self.builder.bytes(&key).is_none() {
            let skipped = (taken.skipped > 0).then_some(taken.skipped);
            let Reduced { bytes, places } = reduce(taken.bytes);
            self.builder
                .insert_redacted(key.clone(), Some(stat), bytes, skipped, places);
        }
        self.kept(key)
    }

    /// The snapshot's own limits may have refused it.
    fn kept(&self, key: EvidenceKey) -> Result<HostPath, Absence> {
        match self.builder.entry(&key).map(|entry| &entry.content) {
            Some(Content::Missing(absence)) => Err(absence.clone()),
            _ => Ok(key.path),
        }
    }

    /// Adds an extract under its real path.
    pub fn insert_extract<T: serde::Serialize>(
        &mut self,
        kind: Kind,
        path: HostPath,
        stat: Option<Stat>,
        extract: &T,
    ) {
        let key = EvidenceKey::new(kind, path);
        match serde_json::to_vec(extract) {
            Ok(bytes) => self.builder.insert_bytes(key, stat, bytes, None),
            Err(error) => {
                let absence = Absence::because(UnknownReason::Malformed, error.to_string());
                self.builder.insert(key, stat, Content::Missing(absence));
            }
        }
    }

    /// Records why there is no extract of a file, under its real path.
    pub(crate) fn insert_missing_extract(
        &mut self,
        kind: Kind,
        path: HostPath,
        stat: Option<Stat>,
        absence: Absence,
    ) {
        let key = EvidenceKey::new(kind, path);
        self.builder.insert(key, stat, Content::Missing(absence));
    }

    /// Raw bytes that were taken already, by their real path.
    #[must_use]
    pub fn bytes(&self, path: &HostPath) -> Option<&[u8]> {
        self.builder
            .bytes(&EvidenceKey::new(Kind::Raw, path.clone()))
    }

    /// Where a link leads that was recorded by [`Self::link`], escaped.
    pub(crate) fn link_target(&self, path: &HostPath) -> Option<&str> {
        match self.content(path)? {
            Content::Symlink { target } => Some(target),
            _ => None,
        }
    }

    /// The bytes of an extract that was taken already.
    pub(crate) fn extract_bytes(&self, kind: Kind, path: &HostPath) -> Option<&[u8]> {
        self.builder.bytes(&EvidenceKey::new(kind, path.clone()))
    }

    /// Whether there is an item of this kind and real path already.
    #[must_use]
    pub fn contains(&self, kind: Kind, path: &HostPath) -> bool {
        self.builder.contains(&EvidenceKey::new(kind, path.clone()))
    }

    /// Whether it is recorded that there is nothing at this real path, or why
    /// that is not known.
    pub(crate) fn is_missing(&self, path: &HostPath) -> bool {
        matches!(self.content(path), Some(Content::Missing(_)))
    }

    /// A running host, or an image.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    fn content(&self, path: &HostPath) -> Option<&Content> {
        let key = EvidenceKey::new(Kind::Raw, path.clone());
        self.builder.entry(&key).map(|entry| &entry.content)
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.builder.len()
    }

    /// Whether there is no item yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.builder.is_empty()
    }

    /// Seals what was taken.
    ///
    /// # Errors
    /// It is more than a snapshot may hold.
    pub fn finish(self, manifest: Manifest) -> Result<Snapshot, BuildError> {
        self.builder.finish(manifest)
    }
}
