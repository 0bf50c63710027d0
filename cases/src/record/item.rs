//! An item of a snapshot in the words of cases. Of what stat(2) says a case
//! has what the policy could have read, where it is not what cases have anyway.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use casefile_engine::sandbox::{Interface, Policy};
use casefile_engine::timestamp;
use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::extract::mappings::Mappings;
use casefile_snapshot::extract::sockets::Sockets;
use casefile_snapshot::extract::space::Space;
use casefile_snapshot::{Absence, Content, Entry, EvidenceId, Kind, Snapshot, Stat};
use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::RecordError;
use super::text::{self, Beside};
use crate::elf;

/// Bytes of what is written into the case itself; what is longer goes into a
/// file beside it.
const INLINE_BYTES: usize = 16 << 10;

/// Which parts of stat(2) matter.
pub(crate) struct Frame {
    /// The findings may depend on them, since the policy can ask for them.
    files: bool,
    /// The loader's rules look at device and inode.
    loader: bool,
    /// Items of which there are several names: device and inode tell so.
    several: BTreeSet<EvidenceId>,
    /// When the snapshot was taken, in seconds since 1970-01-01 UTC: files
    /// of cases were changed then.
    time: i64,
}

impl Frame {
    /// What matters to a policy; `stat` where its findings may depend on what
    /// stat(2) says of files.
    pub(crate) fn new(
        policy: &Policy,
        snapshot: &Snapshot,
        items: &BTreeSet<EvidenceId>,
        stat: bool,
    ) -> Self {
        let imports = |interface| policy.needs().contains(interface);
        let mut names: BTreeMap<(u64, u64), Vec<EvidenceId>> = BTreeMap::new();
        for id in items {
            if let Some(stat) = &snapshot.entry(*id).stat {
                let inode = (stat.device, stat.inode);
                names.entry(inode).or_default().push(*id);
            }
        }
        let several = names.into_values().filter(|ids| ids.len() > 1).flatten();
        let loader = imports(Interface::Elf);
        Self {
            files: stat && imports(Interface::Files),
            loader,
            several: several.filter(|_| loader).collect(),
            time: seconds(snapshot.manifest().clock.realtime_ns),
        }
    }

    /// The item's table, without its heading; extracts of programs may have
    /// tables of their own below.
    pub(crate) fn table(
        &self,
        snapshot: &Snapshot,
        id: EvidenceId,
        heading: &str,
        beside: &mut Beside,
    ) -> String {
        let entry = snapshot.entry(id);
        let key = snapshot.key(id);
        let mut text = format!("[{heading}]\n");
        self.stat(&mut text, key.kind, id, entry);
        match (&entry.content, snapshot.bytes(id)) {
            (
                Content::Bytes {
                    skipped, redacted, ..
                },
                bytes,
            ) => {
                for (name, number) in [("skipped", skipped), ("redacted", redacted)] {
                    if let Some(number) = number {
                        line(&mut text, name, &number.to_string());
                    }
                }
                let bytes = bytes.unwrap_or_default();
                match key.kind {
                    Kind::Raw => raw(&mut text, key.path.name(), bytes, beside),
                    Kind::Elf => extract::<Extract>(&mut text, heading, bytes, elf_table),
                    Kind::Environment => extract::<Environment>(&mut text, heading, bytes, same),
                    Kind::Descriptors => extract::<Descriptors>(&mut text, heading, bytes, same),
                    // In the words of a case it would be another extract.
                    Kind::Go => Err(()),
                    Kind::Mappings => extract::<Mappings>(&mut text, heading, bytes, same),
                    Kind::Sockets => extract::<Sockets>(&mut text, heading, bytes, same),
                    Kind::Space => extract::<Space>(&mut text, heading, bytes, same),
                }
                .unwrap_or_else(|()| {
                    let file = beside.put(key.path.name(), bytes);
                    line(&mut text, "file", &text::quoted(&file));
                });
            }
            (Content::Symlink { target }, _) => line(&mut text, "link", &text::quoted(target)),
            (Content::Directory { names }, _) => {
                line(&mut text, "names", &text::list(names));
            }
            (Content::Missing(Absence::Absent), _) => line(&mut text, "absent", "true"),
            (Content::Missing(Absence::Unknown { reason, detail }), _) => {
                line(&mut text, "unknown", &text::quoted(reason.as_str()));
                if !detail.is_empty() {
                    line(&mut text, "detail", &text::quoted(detail));
                }
            }
        }
        text
    }

    fn stat(&self, text: &mut String, kind: Kind, id: EvidenceId, entry: &Entry) {
        let Entry { content, stat } = entry;
        let is_missing = matches!(content, Content::Missing(_));
        // Of other extracts nobody can ask for that.
        let files = self.files && matches!(kind, Kind::Raw | Kind::Elf);
        let Some(stat) = stat else {
            if !is_missing && (files || self.loader) {
                line(text, "stat", "false");
            }
            return;
        };
        let (usual_mode, usual_size) = match content {
            // What a case says nothing of is a program, where it is ELF.
            Content::Bytes { size, .. } if kind == Kind::Elf => (0o100_755, *size),
            Content::Bytes { size, .. } => (0o100_644, *size),
            Content::Symlink { target } => (0o120_777, target.len() as u64),
            Content::Directory { .. } => (0o040_755, 0),
            Content::Missing(_) => (0, 0),
        };
        // What is missing has a stat because of its mode alone.
        if is_missing || files && stat.mode != usual_mode {
            line(text, "mode", &format!("0o{:06o}", stat.mode));
        }
        if files {
            for (name, value, usual) in [
                ("uid", u64::from(stat.uid), 0),
                ("gid", u64::from(stat.gid), 0),
                ("size", stat.size, usual_size),
            ] {
                if value != usual {
                    line(text, name, &value.to_string());
                }
            }
            let modified = seconds(stat.mtime_ns);
            if modified != self.time {
                let modified = timestamp::rfc3339(modified);
                line(text, "modified", &text::quoted(&modified));
            }
            if !stat.xattrs.is_empty() {
                let attributes: Table = stat
                    .xattrs
                    .iter()
                    .map(|(name, value)| (name.clone(), Value::from(value.clone())))
                    .collect();
                line(text, "xattrs", &text::value(&Value::Table(attributes)));
            }
        }
        if self.several.contains(&id) {
            line(text, "device", &stat.device.to_string());
            line(text, "inode", &stat.inode.to_string());
        }
    }

    /// Makes sure that a case has an item as it was.
    ///
    /// # Errors
    /// Something of it was lost.
    pub(crate) fn compare(
        &self,
        original: &Snapshot,
        id: EvidenceId,
        case: &Snapshot,
    ) -> Result<(), RecordError> {
        let key = original.key(id);
        let lost = |problem: &str| {
            Err(RecordError::Inexpressible {
                item: key.clone(),
                problem: problem.to_owned(),
            })
        };
        let Some(other) = case.get(key) else {
            return lost("there is no such item in the case");
        };
        let (entry, entry_again) = (original.entry(id), case.entry(other));
        if entry.content != entry_again.content || original.bytes(id) != case.bytes(other) {
            return lost("its content is another one in the case");
        }
        let files = self.files && key.kind == Kind::Raw;
        let (stat, again) = match (&entry.stat, &entry_again.stat) {
            (Some(stat), Some(again)) => (stat, again),
            (None, None) => return Ok(()),
            _ if !files && !self.loader => return Ok(()),
            _ => return lost("it is not known in the case who owns it, or it is"),
        };
        let visible = |stat: &Stat| {
            let Stat { uid, gid, size, .. } = *stat;
            let modified = seconds(stat.mtime_ns);
            (stat.mode, uid, gid, size, modified, stat.xattrs.clone())
        };
        if files && visible(stat) != visible(again) {
            return lost("mode, owner, size, time or attributes are others in the case");
        }
        let inode = |stat: &Stat| (stat.device, stat.inode);
        if self.several.contains(&id) && inode(stat) != inode(again) {
            return lost("device or inode are others in the case");
        }
        Ok(())
    }
}

/// Whole seconds, as policies see them.
const fn seconds(nanoseconds: i64) -> i64 {
    nanoseconds.div_euclid(1_000_000_000)
}

/// A key and its value.
fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a String can't fail.
    let _ = writeln!(text, "{name} = {value}");
}

/// A file's bytes: as text, if they are one that can be read.
fn raw(text: &mut String, name: &str, bytes: &[u8], beside: &mut Beside) -> Result<(), ()> {
    match std::str::from_utf8(bytes) {
        Ok(content) if bytes.len() <= INLINE_BYTES && text::is_text(content) => {
            line(text, "text", &text::string(content));
        }
        _ => {
            let file = beside.put(name, bytes);
            line(text, "file", &text::quoted(&file));
        }
    }
    Ok(())
}

/// An extract's fields, if they make the same bytes again.
fn extract<T: Serialize + DeserializeOwned>(
    text: &mut String,
    heading: &str,
    bytes: &[u8],
    words: impl Fn(Table) -> Table,
) -> Result<(), ()> {
    let value: T = serde_json::from_slice(bytes).map_err(drop)?;
    if serde_json::to_vec(&value).map_err(drop)? != bytes {
        return Err(());
    }
    let fields = words(Table::try_from(&value).map_err(drop)?);
    let mut written = String::new();
    let mut below = String::new();
    for (name, value) in &fields {
        match value {
            Value::Table(table) if name == "dynamic" => {
                let _ = writeln!(below, "[{heading}.{name}]");
                for (name, value) in table {
                    line(&mut below, name, &text::value(value));
                }
            }
            value => line(&mut written, name, &text::value(value)),
        }
    }
    if written.len() + below.len() > INLINE_BYTES {
        return Err(());
    }
    text.push_str(&written);
    text.push_str(&below);
    Ok(())
}

fn same(table: Table) -> Table {
    table
}

/// An ELF extract without what cases leave out.
fn elf_table(mut table: Table) -> Table {
    if table.get("is").and_then(Value::as_str) != Some("elf") {
        return table;
    }
    table.remove("is");
    for (name, usual) in elf::HEADER {
        if table.get(name).and_then(Value::as_integer) == Some(usual) {
            table.remove(name);
        }
    }
    if let Some(Value::Table(dynamic)) = table.get_mut("dynamic") {
        if let Some(Value::Array(needs)) = dynamic.get_mut("version_needs") {
            for need in needs.iter_mut().filter_map(Value::as_table_mut) {
                need.get_mut("versions").map(shorten);
            }
        }
        dynamic.get_mut("version_definitions").map(shorten);
    }
    table
}

/// Versions without hashes that follow from their names.
fn shorten(versions: &mut Value) {
    let Value::Array(versions) = versions else {
        return;
    };
    for version in versions {
        let Value::Table(table) = version else {
            continue;
        };
        let Some(name) = table.get("name").and_then(Value::as_str).map(str::to_owned) else {
            continue;
        };
        let hash = i64::from(elf::hash(&name));
        if table.get("hash").and_then(Value::as_integer) == Some(hash) {
            table.remove("hash");
        }
        if table.len() == 1 {
            *version = Value::from(name);
        }
    }
}

#[cfg(test)]
mod tests;
