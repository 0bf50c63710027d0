//! The items of a case's host. One that no host can have is an error: a case
//! about it would show nothing. `docs/cases.md` has the keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::extract::mappings::Mappings;
use casefile_snapshot::extract::sockets::Sockets;
use casefile_snapshot::extract::space::Space;
use casefile_snapshot::{
    Absence, Content, EvidenceKey, HostPath, Kind, Snapshot, SnapshotBuilder, Stat, UnknownReason,
    limits,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::base::{Given, Overlay};
use crate::error::{At as _, bail, ensure};
use crate::{CaseError, elf, files, go, time};

/// The first inode of a case's own items.
const FIRST_INODE: u64 = 1000;

/// The items of a host, as a case describes them.
pub(crate) struct Items<'a> {
    /// Where files that items name are.
    folder: &'a Path,
    /// Files there that are not written yet.
    beside: &'a BTreeMap<PathBuf, Vec<u8>>,
    /// Every file was changed when the snapshot was taken, unless the case
    /// says otherwise.
    time: i64,
    /// The device that holds them.
    device: u64,
    items: Vec<Item>,
}

struct Item {
    key: EvidenceKey,
    stat: Option<Stat>,
    held: Held,
}

/// What is held of an item.
enum Held {
    Bytes {
        bytes: Vec<u8>,
        skipped: Option<u64>,
        redacted: Option<u64>,
    },
    Link(String),
    Names(Vec<String>),
    Missing(Absence),
}

/// What stands beside an item's content.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    absent: Option<bool>,
    unknown: Option<UnknownReason>,
    detail: Option<String>,
    stat: Option<bool>,
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    size: Option<u64>,
    modified: Option<String>,
    device: Option<u64>,
    inode: Option<u64>,
    xattrs: Option<BTreeMap<String, String>>,
}

const FRAME: [&str; 12] = [
    "absent", "unknown", "detail", "stat", "mode", "uid", "gid", "size", "modified", "device",
    "inode", "xattrs",
];

/// The content of a raw item: one of these.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    text: Option<String>,
    file: Option<PathBuf>,
    link: Option<String>,
    names: Option<Vec<String>>,
    skipped: Option<u64>,
    redacted: Option<u64>,
}

impl<'a> Items<'a> {
    /// None yet. `folder` is where files that items name are; those in
    /// `beside` need not be there.
    #[must_use]
    pub(crate) fn new(
        folder: &'a Path,
        beside: &'a BTreeMap<PathBuf, Vec<u8>>,
        time: i64,
        over_a_base: bool,
    ) -> Self {
        Self {
            folder,
            beside,
            time,
            // No file of a base is on device 0: the loader tells files apart
            // by device and inode.
            device: u64::from(!over_a_base),
            items: Vec::new(),
        }
    }

    /// Whether there is an item already.
    #[must_use]
    pub(crate) fn has(&self, kind: Kind, path: &str) -> bool {
        self.items
            .iter()
            .any(|item| item.key.kind == kind && item.key.path.as_str() == path)
    }

    /// The paths of all items.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.key.path.as_str())
    }

    /// Whether the case leaves room for an item at a path: nothing that it
    /// gives above the path says otherwise, be it a link, a listing without
    /// the name, or that there is nothing.
    #[must_use]
    pub(crate) fn leaves_room_for(&self, path: &str) -> bool {
        self.items.iter().all(|item| {
            let rest = path.strip_prefix(item.key.path.as_str().trim_end_matches('/'));
            let Some(rest) = rest.and_then(|rest| rest.strip_prefix('/')) else {
                return true;
            };
            match &item.held {
                Held::Names(names) => {
                    let name = rest.split('/').next();
                    names.iter().any(|other| Some(other.as_str()) == name)
                }
                Held::Missing(Absence::Absent) | Held::Link(_) | Held::Bytes { .. } => false,
                Held::Missing(_) => true,
            }
        })
    }

    /// Adds a file of these bytes.
    ///
    /// # Errors
    /// The path is none.
    pub(crate) fn bytes(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), CaseError> {
        self.add(Kind::Raw, path, Table::new(), |_, _| {
            Ok(Held::Bytes {
                bytes,
                skipped: None,
                redacted: None,
            })
        })
    }

    /// Adds a raw item.
    ///
    /// # Errors
    /// The table is no raw item.
    pub(crate) fn raw(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.add(Kind::Raw, path, table, |items, rest| {
            let raw: Raw = rest.try_into()?;
            raw.held(items)
        })
    }

    /// Adds an ELF extract.
    ///
    /// # Errors
    /// The table is no ELF extract.
    pub(crate) fn elf(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.add(Kind::Elf, path, table, |items, rest| {
            match items.extract_in_file(&rest)? {
                Some(held) => Ok(held),
                None => json(&elf::extract(rest)?),
            }
        })
    }

    /// Adds a program of Go, and what a loader reads of it where the case does
    /// not say.
    ///
    /// # Errors
    /// The table is no program of Go.
    pub(crate) fn go(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.add(Kind::Go, path, table, |items, rest| {
            match items.extract_in_file(&rest)? {
                Some(held) => Ok(held),
                None => json(&go::extract(rest)?),
            }
        })?;
        let is_there = matches!(self.items.last(), Some(item) if !item.is_missing());
        if is_there && !self.has(Kind::Elf, path) {
            self.elf(path, go::loaded())?;
        }
        Ok(())
    }

    /// Adds an extract of a process's environment.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn environment(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.extract::<Environment>(Kind::Environment, path, table)
    }

    /// Adds an extract of a process's descriptors.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn descriptors(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.extract::<Descriptors>(Kind::Descriptors, path, table)
    }

    /// Adds an extract of a process's mappings.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn mappings(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.extract::<Mappings>(Kind::Mappings, path, table)
    }

    /// Adds an extract of sockets.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn sockets(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.extract::<Sockets>(Kind::Sockets, path, table)
    }

    /// Adds an extract of the room in a file system.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn space(&mut self, path: &str, table: Table) -> Result<(), CaseError> {
        self.extract::<Space>(Kind::Space, path, table)
    }

    fn extract<T: DeserializeOwned + serde::Serialize>(
        &mut self,
        kind: Kind,
        path: &str,
        table: Table,
    ) -> Result<(), CaseError> {
        self.add(kind, path, table, |items, rest| {
            match items.extract_in_file(&rest)? {
                Some(held) => Ok(held),
                None => json(&rest.try_into::<T>()?),
            }
        })
    }

    /// An extract's bytes where the table has nothing but the name of a file.
    fn extract_in_file(&self, table: &Table) -> Result<Option<Held>, CaseError> {
        let Some(Value::String(file)) = table.get("file") else {
            return Ok(None);
        };
        ensure!(
            table.len() == 1,
            "an extract is in a file, or in the case itself"
        );
        let bytes = self.file(Path::new(file))?;
        Ok(Some(Held::Bytes {
            bytes,
            skipped: None,
            redacted: None,
        }))
    }

    /// The bytes of a file beside the case.
    fn file(&self, name: &Path) -> Result<Vec<u8>, CaseError> {
        match self.beside.get(name) {
            Some(bytes) => Ok(bytes.clone()),
            None => files::bytes(&self.folder.join(name), limits::ITEM_BYTES),
        }
    }

    fn add(
        &mut self,
        kind: Kind,
        path: &str,
        mut table: Table,
        content: impl FnOnce(&Self, Table) -> Result<Held, CaseError>,
    ) -> Result<(), CaseError> {
        let mut frame = Table::new();
        for name in FRAME {
            frame.extend(table.remove_entry(name));
        }
        let frame: Frame = frame.try_into()?;
        let held = match frame.absence()? {
            Some(absence) => {
                let rest: Vec<&str> = table.keys().map(String::as_str).collect();
                ensure!(
                    rest.is_empty(),
                    "what is not there has no {}",
                    rest.join(", ")
                );
                Held::Missing(absence)
            }
            None => content(self, table)?,
        };
        let key = EvidenceKey::new(kind, HostPath::new(path)?);
        let stat = self.stat(&key, &held, frame)?;
        self.items.push(Item { key, stat, held });
        Ok(())
    }

    /// What stat(2) would say. Of what is missing nothing is known unless
    /// the case gives it.
    fn stat(
        &self,
        key: &EvidenceKey,
        held: &Held,
        frame: Frame,
    ) -> Result<Option<Stat>, CaseError> {
        if let Some(stat) = frame.stat {
            ensure!(!stat, "stat is false, or left out");
            return Ok(None);
        }
        let Some((mode, size)) = usual_stat(key.kind, held) else {
            return match frame.mode {
                Some(_) => self.stat_of(0o100_644, 0, frame).map(Some),
                None => Ok(None),
            };
        };
        self.stat_of(mode, size, frame).map(Some)
    }

    fn stat_of(&self, mode: u32, size: u64, frame: Frame) -> Result<Stat, CaseError> {
        // A mode without a type leaves the type as it is.
        let mode = match frame.mode {
            Some(given) if given & 0o170_000 == 0 => mode & 0o170_000 | given,
            Some(given) => given,
            None => mode,
        };
        let modified = frame.modified.as_deref().map(time::nanoseconds);
        Ok(Stat {
            mode,
            uid: frame.uid.unwrap_or(0),
            gid: frame.gid.unwrap_or(0),
            size: frame.size.unwrap_or(size),
            mtime_ns: modified.transpose()?.unwrap_or(self.time),
            ctime_ns: self.time,
            device: frame.device.unwrap_or(self.device),
            inode: frame.inode.unwrap_or(FIRST_INODE + self.items.len() as u64),
            xattrs: frame.xattrs.unwrap_or_default(),
        })
    }

    /// Puts all items into a snapshot, over a base where there is one.
    ///
    /// # Errors
    /// Two items contradict each other.
    pub(crate) fn finish(self, base: Option<&Snapshot>) -> Result<SnapshotBuilder, CaseError> {
        let raw: BTreeMap<&str, &Held> = self
            .items
            .iter()
            .filter(|item| item.key.kind == Kind::Raw)
            .map(|item| (item.key.path.as_str(), &item.held))
            .collect();
        for item in &self.items {
            check(item, &raw).at(&item.key)?;
        }
        let mut builder = SnapshotBuilder::new();
        if let Some(base) = base {
            let given = self.items.iter().map(|item| (&item.key, item.given()));
            Overlay::new(base, given)?.build(&mut builder);
        }
        for item in self.items {
            item.insert(&mut builder);
        }
        Ok(builder)
    }
}

impl Item {
    /// What it says of its path.
    fn given(&self) -> Given<'_> {
        match (&self.key.kind, &self.held) {
            (Kind::Raw, Held::Names(names)) => Given::Names(names),
            (Kind::Raw, Held::Missing(Absence::Absent)) => Given::Absent,
            (Kind::Raw, _) => Given::Closed,
            _ => Given::Extract,
        }
    }

    const fn is_missing(&self) -> bool {
        matches!(self.held, Held::Missing(_))
    }

    fn insert(self, builder: &mut SnapshotBuilder) {
        let Self { key, stat, held } = self;
        match held {
            Held::Bytes {
                bytes,
                redacted: Some(places),
                skipped,
            } => builder.insert_redacted(key, stat, bytes, skipped, places),
            Held::Bytes { bytes, skipped, .. } => builder.insert_bytes(key, stat, bytes, skipped),
            Held::Link(target) => builder.insert(key, stat, Content::Symlink { target }),
            Held::Names(names) => builder.insert(key, stat, Content::Directory { names }),
            Held::Missing(absence) => builder.insert(key, stat, Content::Missing(absence)),
        }
    }
}

/// Mode and size of an item that is there, where the case gives none.
fn usual_stat(kind: Kind, held: &Held) -> Option<(u32, u64)> {
    match held {
        Held::Bytes { bytes, .. } if kind == Kind::Elf => Some((0o100_755, bytes.len() as u64)),
        Held::Bytes { bytes, .. } => Some((0o100_644, bytes.len() as u64)),
        Held::Link(target) => Some((0o120_777, target.len() as u64)),
        Held::Names(_) => Some((0o040_755, 0)),
        Held::Missing(_) => None,
    }
}

/// An item that nothing leads to would be there in vain.
fn check(item: &Item, raw: &BTreeMap<&str, &Held>) -> Result<(), CaseError> {
    let mut folder = String::new();
    for name in item.key.path.components() {
        let path = if folder.is_empty() { "/" } else { &folder };
        match raw.get(path) {
            Some(Held::Names(names)) => {
                // What is not there may be missing from the names as well.
                let absent = matches!(item.held, Held::Missing(Absence::Absent));
                ensure!(
                    absent || names.iter().any(|other| other == name),
                    "{name:?} is not among the names of {path}"
                );
            }
            Some(Held::Link(target)) => bail!("{path} is a link, to {target}"),
            Some(Held::Bytes { .. }) => bail!("{path} is a file"),
            Some(Held::Missing(Absence::Absent)) => bail!("{path} is absent"),
            Some(Held::Missing(_)) | None => {}
        }
        folder = format!("{folder}/{name}");
    }
    Ok(())
}

impl Frame {
    fn absence(&self) -> Result<Option<Absence>, CaseError> {
        let detail = self.detail.clone().unwrap_or_default();
        match (self.absent, self.unknown) {
            (None, Some(reason)) => Ok(Some(Absence::because(reason, detail))),
            (_, _) if self.detail.is_some() => bail!("a detail belongs to what is unknown"),
            (Some(true), None) => Ok(Some(Absence::Absent)),
            (None, None) => Ok(None),
            (Some(false), _) => bail!("absent is true, or left out"),
            (Some(true), Some(_)) => bail!("it is either absent or unknown"),
        }
    }
}

impl Raw {
    fn held(self, items: &Items<'_>) -> Result<Held, CaseError> {
        let Self {
            text,
            file,
            link,
            names,
            skipped,
            redacted,
        } = self;
        ensure!(
            skipped.is_none() && redacted.is_none() || text.is_some() || file.is_some(),
            "only of a file bytes can be skipped or redacted"
        );
        let bytes = match (text, file, link, names) {
            (Some(text), None, None, None) => text.into_bytes(),
            (None, Some(file), None, None) => items.file(&file)?,
            (None, None, Some(target), None) => return Ok(Held::Link(target)),
            (None, None, None, Some(names)) => return Ok(Held::Names(names)),
            _ => bail!("it needs one of text, file, link, names, absent, unknown"),
        };
        Ok(Held::Bytes {
            bytes,
            skipped,
            redacted,
        })
    }
}

/// An extract's bytes.
fn json(extract: &impl serde::Serialize) -> Result<Held, CaseError> {
    Ok(Held::Bytes {
        bytes: serde_json::to_vec(extract)?,
        skipped: None,
        redacted: None,
    })
}
