//! The items of a case's host. One that no host can have is an error: a case
//! about it would show nothing.
//!
//! An item has one of these keys:
//!
//! | key | meaning |
//! |---|---|
//! | `text` | a file's bytes |
//! | `file` | the same, from a file beside the case |
//! | `link` | a symbolic link, and where it leads |
//! | `names` | a directory, and all names in it |
//! | `absent = true` | the kernel said that there is none |
//! | `unknown` | why it is not known: `denied`, `vanished` ...; `detail` adds words |
//!
//! and besides, where it matters, `mode` (`0o644`), `uid`, `gid`, `device`,
//! `inode`; for a log `skipped`, the bytes before its tail.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::{
    Absence, Content, EvidenceKey, HostPath, Kind, SnapshotBuilder, Stat, UnknownReason,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::elf;

/// The items of a host, as a case describes them.
pub(crate) struct Items {
    /// Where files that items name are.
    folder: PathBuf,
    /// Every file was changed when the snapshot was taken.
    time: i64,
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
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    device: Option<u64>,
    inode: Option<u64>,
}

const FRAME: [&str; 8] = [
    "absent", "unknown", "detail", "mode", "uid", "gid", "device", "inode",
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
}

impl Items {
    /// None yet. `folder` is where files that items name are.
    #[must_use]
    pub(crate) fn new(folder: &Path, time: i64) -> Self {
        Self {
            folder: folder.to_owned(),
            time,
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

    /// Adds a raw item.
    ///
    /// # Errors
    /// The table is no raw item.
    pub(crate) fn raw(&mut self, path: &str, table: Table) -> anyhow::Result<()> {
        let folder = self.folder.clone();
        self.add(Kind::Raw, path, table, |rest| {
            let raw: Raw = rest.try_into()?;
            raw.held(&folder)
        })
    }

    /// Adds an ELF extract.
    ///
    /// # Errors
    /// The table is no ELF extract.
    pub(crate) fn elf(&mut self, path: &str, table: Table) -> anyhow::Result<()> {
        self.add(Kind::Elf, path, table, |rest| json(&elf::extract(rest)?))
    }

    /// Adds an extract of a process's environment.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn environment(&mut self, path: &str, table: Table) -> anyhow::Result<()> {
        self.extract::<Environment>(Kind::Environment, path, table)
    }

    /// Adds an extract of a process's descriptors.
    ///
    /// # Errors
    /// The table is no such extract.
    pub(crate) fn descriptors(&mut self, path: &str, table: Table) -> anyhow::Result<()> {
        self.extract::<Descriptors>(Kind::Descriptors, path, table)
    }

    fn extract<T: DeserializeOwned + serde::Serialize>(
        &mut self,
        kind: Kind,
        path: &str,
        table: Table,
    ) -> anyhow::Result<()> {
        self.add(kind, path, table, |rest| json(&rest.try_into::<T>()?))
    }

    fn add(
        &mut self,
        kind: Kind,
        path: &str,
        mut table: Table,
        content: impl FnOnce(Table) -> anyhow::Result<Held>,
    ) -> anyhow::Result<()> {
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
            None => content(table)?,
        };
        let key = EvidenceKey::new(kind, HostPath::new(path)?);
        let stat = self.stat(&key, &held, &frame);
        self.items.push(Item { key, stat, held });
        Ok(())
    }

    /// What stat(2) would say. Of what is missing nothing is known unless
    /// the case gives it.
    fn stat(&self, key: &EvidenceKey, held: &Held, frame: &Frame) -> Option<Stat> {
        let (mode, size) = match held {
            Held::Bytes { bytes, .. } if key.kind == Kind::Elf => (0o100_755, bytes.len()),
            Held::Bytes { bytes, .. } => (0o100_644, bytes.len()),
            Held::Link(target) => (0o120_777, target.len()),
            Held::Names(_) => (0o040_755, 0),
            Held::Missing(_) => {
                frame.mode?;
                (0o100_644, 0)
            }
        };
        // A mode without a type leaves the type as it is.
        let mode = match frame.mode {
            Some(given) if given & 0o170_000 == 0 => mode & 0o170_000 | given,
            Some(given) => given,
            None => mode,
        };
        Some(Stat {
            mode,
            uid: frame.uid.unwrap_or(0),
            gid: frame.gid.unwrap_or(0),
            size: size as u64,
            mtime_ns: self.time,
            ctime_ns: self.time,
            device: frame.device.unwrap_or(1),
            inode: frame.inode.unwrap_or(1000 + self.items.len() as u64),
            xattrs: std::collections::BTreeMap::new(),
        })
    }

    /// Puts all items into a snapshot.
    ///
    /// # Errors
    /// Two items contradict each other.
    pub(crate) fn finish(self, builder: &mut SnapshotBuilder) -> anyhow::Result<()> {
        for item in &self.items {
            self.check(item).context(item.key.to_string())?;
        }
        for Item { key, stat, held } in self.items {
            match held {
                Held::Bytes { bytes, skipped } => builder.insert_bytes(key, stat, bytes, skipped),
                Held::Link(target) => builder.insert(key, stat, Content::Symlink { target }),
                Held::Names(names) => builder.insert(key, stat, Content::Directory { names }),
                Held::Missing(absence) => builder.insert(key, stat, Content::Missing(absence)),
            }
        }
        Ok(())
    }

    /// An item that nothing leads to would be there in vain.
    fn check(&self, item: &Item) -> anyhow::Result<()> {
        let mut folder = String::new();
        for name in item.key.path.components() {
            let path = if folder.is_empty() { "/" } else { &folder };
            let above = self
                .items
                .iter()
                .find(|other| other.key.kind == Kind::Raw && other.key.path.as_str() == path);
            match above.map(|above| &above.held) {
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
}

impl Frame {
    fn absence(&self) -> anyhow::Result<Option<Absence>> {
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
    fn held(self, folder: &Path) -> anyhow::Result<Held> {
        let Self {
            text,
            file,
            link,
            names,
            skipped,
        } = self;
        ensure!(
            skipped.is_none() || text.is_some() || file.is_some(),
            "only of a file bytes can be skipped"
        );
        match (text, file, link, names) {
            (Some(text), None, None, None) => Ok(Held::Bytes {
                bytes: text.into_bytes(),
                skipped,
            }),
            (None, Some(file), None, None) => {
                let path = folder.join(file);
                let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
                Ok(Held::Bytes { bytes, skipped })
            }
            (None, None, Some(target), None) => Ok(Held::Link(target)),
            (None, None, None, Some(names)) => Ok(Held::Names(names)),
            _ => bail!("it needs one of text, file, link, names, absent, unknown"),
        }
    }
}

/// An extract's bytes.
fn json(extract: &impl serde::Serialize) -> anyhow::Result<Held> {
    Ok(Held::Bytes {
        bytes: serde_json::to_vec(extract)?,
        skipped: None,
    })
}

/// A table from keys and values.
pub(crate) fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
