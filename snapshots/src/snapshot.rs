//! All evidence of one host in memory, ordered by key.
//! A live check builds one from the collector, a saved check reads one from a
//! file; from here on nothing can tell them apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Absence, Content, Digest, Entry, EvidenceKey, IndexSummary, Kind, Manifest, Stat,
    UnknownReason, limits,
};

/// The number of an item in a snapshot's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceId(pub u32);

impl EvidenceId {
    const fn position(self) -> usize {
        // Indices are far below u32::MAX (`limits::ENTRIES`).
        self.0 as usize
    }
}

/// All evidence of one host.
#[derive(Clone, Debug)]
pub struct Snapshot {
    manifest: Manifest,
    manifest_bytes: Box<[u8]>,
    index_bytes: Box<[u8]>,
    digest: Digest,
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) key: EvidenceKey,
    pub(crate) entry: Entry,
    pub(crate) bytes: Option<Box<[u8]>>,
}

impl Snapshot {
    /// Puts together what the reader or the builder has made sure of: the
    /// items are sorted, the bytes belong to the entries, the index to the
    /// manifest.
    pub(crate) fn assemble(
        manifest: Manifest,
        manifest_bytes: Box<[u8]>,
        index_bytes: Box<[u8]>,
        items: Vec<Item>,
    ) -> Self {
        let digest = Digest::of(&manifest_bytes);
        Self {
            manifest,
            manifest_bytes,
            index_bytes,
            digest,
            items,
        }
    }

    /// The manifest.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The digest of the manifest's bytes. The manifest seals the index, and
    /// the index every item: equal digests mean equal evidence, whatever the
    /// compression.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    pub(crate) fn manifest_bytes(&self) -> &[u8] {
        &self.manifest_bytes
    }

    pub(crate) fn index_bytes(&self) -> &[u8] {
        &self.index_bytes
    }

    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of exactly this key; no link is followed.
    #[must_use]
    pub fn get(&self, key: &EvidenceKey) -> Option<EvidenceId> {
        let position = self.items.binary_search_by(|item| item.key.cmp(key)).ok()?;
        u32::try_from(position).ok().map(EvidenceId)
    }

    /// The key of an item.
    ///
    /// # Panics
    /// The id is of another snapshot.
    #[must_use]
    pub fn key(&self, id: EvidenceId) -> &EvidenceKey {
        &self.items[id.position()].key
    }

    /// What the index says of an item.
    ///
    /// # Panics
    /// The id is of another snapshot.
    #[must_use]
    pub fn entry(&self, id: EvidenceId) -> &Entry {
        &self.items[id.position()].entry
    }

    /// An item's bytes, where its content is [`Content::Bytes`].
    ///
    /// # Panics
    /// The id is of another snapshot.
    #[must_use]
    pub fn bytes(&self, id: EvidenceId) -> Option<&[u8]> {
        self.items[id.position()].bytes.as_deref()
    }

    /// All items in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = EvidenceId> + use<> {
        // Checked when the snapshot was built or read: see `limits::ENTRIES`.
        (0..u32::try_from(self.items.len()).unwrap_or(u32::MAX)).map(EvidenceId)
    }

    /// Items of a kind whose path begins with this text (`/proc/sys/`), in
    /// order of their paths.
    pub fn below<'a>(
        &'a self,
        kind: Kind,
        prefix: &'a str,
    ) -> impl Iterator<Item = (EvidenceId, &'a EvidenceKey)> {
        let start = self
            .items
            .partition_point(|item| (item.key.kind, item.key.path.as_str()) < (kind, prefix));
        self.items[start..]
            .iter()
            .enumerate()
            .take_while(move |(_, item)| {
                item.key.kind == kind && item.key.path.as_str().starts_with(prefix)
            })
            .filter_map(move |(offset, item)| {
                Some((EvidenceId(u32::try_from(start + offset).ok()?), &item.key))
            })
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }
}

/// One line of the index.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexLine {
    pub(crate) kind: Kind,
    pub(crate) path: crate::HostPath,
    pub(crate) entry: Entry,
}

/// What the builder holds of an item: its entry, and its bytes where it has
/// any.
type Held = (Entry, Option<Box<[u8]>>);

/// Gathers evidence into a [`Snapshot`].
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    items: BTreeMap<EvidenceKey, Held>,
    total_bytes: u64,
    names: usize,
}

/// The evidence does not make a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Over [`limits::ENTRIES`].
    #[error("{0} items are over the limit of {max}", max = limits::ENTRIES)]
    TooManyEntries(usize),
    /// Over [`limits::INDEX_BYTES`] or [`limits::MANIFEST_BYTES`].
    #[error("{what} of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Index or manifest.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// JSON could not be written.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

impl SnapshotBuilder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is an item of this key already.
    #[must_use]
    pub fn contains(&self, key: &EvidenceKey) -> bool {
        self.items.contains_key(key)
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &EvidenceKey) -> Option<&Entry> {
        self.items.get(key).map(|(entry, _)| entry)
    }

    /// The bytes of a key.
    #[must_use]
    pub fn bytes(&self, key: &EvidenceKey) -> Option<&[u8]> {
        self.items.get(key)?.1.as_deref()
    }

    /// Adds an item's bytes. Over the limits on one item or on all of them,
    /// the item becomes `unknown(too-large)`. A later item of the same key
    /// takes the place of the earlier one.
    pub fn insert_bytes(
        &mut self,
        key: EvidenceKey,
        stat: Option<Stat>,
        bytes: impl Into<Box<[u8]>>,
        skipped: Option<u64>,
    ) {
        self.insert_content(key, stat, bytes.into(), skipped, None);
    }

    /// Adds an item's bytes in which private values were replaced in so many
    /// places. Otherwise as [`Self::insert_bytes`].
    pub fn insert_redacted(
        &mut self,
        key: EvidenceKey,
        stat: Option<Stat>,
        bytes: impl Into<Box<[u8]>>,
        skipped: Option<u64>,
        places: u64,
    ) {
        let redacted = (places > 0).then_some(places);
        self.insert_content(key, stat, bytes.into(), skipped, redacted);
    }

    fn insert_content(
        &mut self,
        key: EvidenceKey,
        stat: Option<Stat>,
        bytes: Box<[u8]>,
        skipped: Option<u64>,
        redacted: Option<u64>,
    ) {
        let size = bytes.len() as u64;
        if size > limits::ITEM_BYTES || self.total_bytes + size > limits::TOTAL_BYTES {
            let absence = Absence::because(
                UnknownReason::TooLarge,
                format!("{size} bytes do not fit into the snapshot"),
            );
            return self.insert(key, stat, Content::Missing(absence));
        }
        if size > limits::REPEATING_BYTES && repeats_itself(&bytes) {
            let absence = Absence::because(
                UnknownReason::TooLarge,
                format!("{size} bytes repeat themselves like those of a decompression bomb"),
            );
            return self.insert(key, stat, Content::Missing(absence));
        }
        let content = Content::Bytes {
            size,
            sha256: Digest::of(&bytes),
            skipped,
            redacted,
        };
        self.put(key, Entry { stat, content }, Some(bytes));
    }

    /// Adds a link, a directory or an absence. A later item of the same key
    /// takes the place of the earlier one.
    ///
    /// [`Content::Bytes`] without its bytes can't be kept: such an item
    /// becomes `unknown(not-collected)`.
    pub fn insert(&mut self, key: EvidenceKey, stat: Option<Stat>, content: Content) {
        let content = match content {
            Content::Bytes { .. } => {
                Content::Missing(Absence::unknown(UnknownReason::NotCollected))
            }
            Content::Directory { mut names } => {
                names.sort_unstable();
                names.dedup();
                if self.names + names.len() > limits::DIRECTORY_NAMES {
                    Content::Missing(Absence::because(
                        UnknownReason::TooLarge,
                        format!("{} names do not fit into the snapshot", names.len()),
                    ))
                } else {
                    Content::Directory { names }
                }
            }
            other => other,
        };
        self.put(key, Entry { stat, content }, None);
    }

    fn put(&mut self, key: EvidenceKey, entry: Entry, bytes: Option<Box<[u8]>>) {
        self.total_bytes += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        self.names += names_of(&entry);
        if let Some((old, old_bytes)) = self.items.insert(key, (entry, bytes)) {
            self.total_bytes -= old_bytes.map_or(0, |bytes| bytes.len() as u64);
            self.names -= names_of(&old);
        }
    }

    /// Seals the evidence. `manifest.index` is computed here.
    ///
    /// # Errors
    /// There are more items than a snapshot may hold.
    pub fn finish(self, mut manifest: Manifest) -> Result<Snapshot, BuildError> {
        if self.items.len() > limits::ENTRIES {
            return Err(BuildError::TooManyEntries(self.items.len()));
        }
        let mut index_bytes = Vec::new();
        let mut items = Vec::with_capacity(self.items.len());
        for (key, (entry, bytes)) in self.items {
            let line = IndexLine {
                kind: key.kind,
                path: key.path,
                entry,
            };
            serde_json::to_writer(&mut index_bytes, &line)?;
            index_bytes.push(b'\n');
            items.push(Item {
                key: EvidenceKey::new(line.kind, line.path),
                entry: line.entry,
                bytes,
            });
        }
        check_size("the index", index_bytes.len(), limits::INDEX_BYTES)?;
        manifest.index = IndexSummary {
            entries: items.len() as u64,
            content_bytes: self.total_bytes,
            bytes: index_bytes.len() as u64,
            sha256: Digest::of(&index_bytes),
        };
        let mut manifest_bytes = serde_json::to_vec_pretty(&manifest)?;
        manifest_bytes.push(b'\n');
        check_size("the manifest", manifest_bytes.len(), limits::MANIFEST_BYTES)?;
        Ok(Snapshot::assemble(
            manifest,
            manifest_bytes.into(),
            index_bytes.into(),
            items,
        ))
    }
}

fn names_of(entry: &Entry) -> usize {
    match &entry.content {
        Content::Directory { names } => names.len(),
        _ => 0,
    }
}

const fn check_size(what: &'static str, bytes: usize, limit: u64) -> Result<(), BuildError> {
    let bytes = bytes as u64;
    if bytes > limit {
        return Err(BuildError::TooLarge { what, bytes, limit });
    }
    Ok(())
}

/// Whether bytes pack to so few that a reader would take the snapshot for a
/// decompression bomb. What can't be packed does not.
fn repeats_itself(bytes: &[u8]) -> bool {
    /// The fastest, which finds all that repeats itself so much.
    const LEVEL: i32 = 1;
    let packed = zstd::bulk::compress(bytes, LEVEL);
    packed.is_ok_and(|packed| bytes.len() as u64 > packed.len() as u64 * limits::REPEATING_RATIO)
}
