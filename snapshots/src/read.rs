//! Reads a snapshot, strictly: what is not exactly what the writer writes is
//! refused, so that no two readers can see different evidence in one file.
//! Sizes, counts and ratios are checked before memory is spent on them.

use std::io::Read;

use serde::Deserialize;

use crate::archive::{ArchiveError, ArchiveReader, Form, check_limit};
use crate::host_path::is_escaped;
use crate::json::json_error;
use crate::snapshot::{IndexLine, Item};
use crate::{
    Content, EvidenceKey, FORMAT, FormatVersion, Kind, Manifest, Snapshot, limits, member,
};

/// Why a file is no snapshot that can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The archive is damaged, or none.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A newer format.
    #[error("snapshot format {format} is newer than format {known}, which this version reads; casefile {reader} or later reads it", known = FORMAT)]
    Newer {
        /// The file's format.
        format: FormatVersion,
        /// The oldest version that reads it, as the file says.
        reader: String,
    },
    /// The manifest is not as format 1 has it.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// A line of the index is not as format 1 has it.
    #[error("index.jsonl, line {line}: {problem}")]
    Index {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}

/// Reads a snapshot and verifies every digest in it.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read_snapshot(input: impl Read) -> Result<Snapshot, ReadError> {
    let form = Form {
        noun: "snapshot",
        version: FORMAT.0,
    };
    let mut unpacked = ArchiveReader::open(input, form)?;
    let manifest_bytes = unpacked.first_member(member::MANIFEST, limits::MANIFEST_BYTES)?;
    let manifest = parse_manifest(&manifest_bytes)?;
    let summary = manifest.index;
    check_limit("the index", summary.bytes, limits::INDEX_BYTES)?;
    check_limit(
        "the number of items",
        summary.entries,
        limits::ENTRIES as u64,
    )?;
    check_limit("the content", summary.content_bytes, limits::TOTAL_BYTES)?;
    let index_bytes = unpacked.member(member::INDEX, summary.bytes, summary.sha256)?;
    let mut items = parse_index(&index_bytes, &manifest)?;
    for item in &mut items {
        if let Content::Bytes { size, sha256, .. } = item.entry.content {
            item.bytes = Some(unpacked.member(&item.key.member(), size, sha256)?.into());
        }
    }
    unpacked.finish()?;
    Ok(Snapshot::assemble(
        manifest,
        manifest_bytes.into(),
        index_bytes.into(),
        items,
    ))
}

#[derive(Deserialize)]
struct FormatProbe {
    format: FormatVersion,
    #[serde(default)]
    reader: String,
}

fn parse_manifest(bytes: &[u8]) -> Result<Manifest, ReadError> {
    let wrong = |error: serde_json::Error| ReadError::Manifest(json_error(&error));
    let probe: FormatProbe = serde_json::from_slice(bytes).map_err(wrong)?;
    if probe.format > FORMAT {
        let plain = probe.reader.len() <= 32
            && !probe.reader.is_empty()
            && probe
                .reader
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
        return Err(ReadError::Newer {
            format: probe.format,
            reader: if plain {
                probe.reader
            } else {
                "of a newer release".to_owned()
            },
        });
    }
    if probe.format < FORMAT {
        return Err(ReadError::Manifest(format!(
            "there is no format {}",
            probe.format
        )));
    }
    serde_json::from_slice(bytes).map_err(wrong)
}

fn parse_index(bytes: &[u8], manifest: &Manifest) -> Result<Vec<Item>, ReadError> {
    let mut items: Vec<Item> = Vec::new();
    let mut names = 0;
    let mut content_bytes: u64 = 0;
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
    lines.try_for_each(|(number, line)| {
        let item = parse_line(line)
            .and_then(|item| match items.last() {
                Some(last) if last.key == item.key => Err(format!("duplicate item {}", item.key)),
                Some(last) if last.key > item.key => {
                    Err(format!("item {} is out of order", item.key))
                }
                _ => Ok(item),
            })
            .map_err(|problem| ReadError::Index {
                line: number + 1,
                problem,
            })?;
        match &item.entry.content {
            Content::Bytes { size, .. } => {
                check_limit(
                    &format!("the size of {}", item.key),
                    *size,
                    limits::ITEM_BYTES,
                )?;
                content_bytes = content_bytes.saturating_add(*size);
            }
            Content::Directory { names: here } => names += here.len(),
            Content::Symlink { .. } | Content::Missing(_) => {}
        }
        check_limit(
            "the number of names",
            names as u64,
            limits::DIRECTORY_NAMES as u64,
        )?;
        check_limit(
            "the number of items",
            number as u64 + 1,
            limits::ENTRIES as u64,
        )?;
        items.push(item);
        Ok::<(), ReadError>(())
    })?;
    let summary = manifest.index;
    if (items.len() as u64, content_bytes) != (summary.entries, summary.content_bytes) {
        return Err(ReadError::Manifest(format!(
            "{} items with {} bytes are announced, the index has {} with {content_bytes}",
            summary.entries,
            summary.content_bytes,
            items.len(),
        )));
    }
    Ok(items)
}

fn parse_line(line: &[u8]) -> Result<Item, String> {
    let Some(line) = line.strip_suffix(b"\n") else {
        return Err("the last line has no end".to_owned());
    };
    if line.len() > limits::INDEX_LINE_BYTES {
        return Err(format!("over {} bytes", limits::INDEX_LINE_BYTES));
    }
    let IndexLine { kind, path, entry } =
        serde_json::from_slice(line).map_err(|error| json_error(&error))?;
    match &entry.content {
        Content::Directory { names } => {
            if names.iter().any(|name| !is_name(name)) {
                return Err("a directory with a name that is none".to_owned());
            }
            if !names.is_sorted_by(|left, right| left < right) {
                return Err("a directory whose names are not sorted, or not unique".to_owned());
            }
        }
        Content::Symlink { target }
            if target.is_empty()
                || target.len() > 3 * limits::PATH_BYTES
                || !is_escaped(target) =>
        {
            return Err("a link without a target that could be one".to_owned());
        }
        Content::Symlink { .. } if kind != Kind::Raw => {
            return Err("an extract can't be a link".to_owned());
        }
        _ => {}
    }
    Ok(Item {
        key: EvidenceKey::new(kind, path),
        entry,
        bytes: None,
    })
}

/// Whether a directory can have such a name, and it is spelled as names are.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains('/') && is_escaped(name)
}
