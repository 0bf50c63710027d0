//! Notes that bear on loading: the level of the processor, the oldest kernel,
//! and what may be loaded later on.

use casefile_snapshot::escape;
use casefile_snapshot::extract::elf::{Elf, Note};
use serde::Deserialize;

/// The owner of GNU's notes.
const GNU: &str = "GNU";
/// NT_GNU_ABI_TAG.
const ABI_TAG: u32 = 1;
/// NT_GNU_PROPERTY_TYPE_0.
const PROPERTIES: u32 = 5;
/// GNU_PROPERTY_X86_ISA_1_NEEDED.
const LEVELS_NEEDED: u32 = 0xc000_8002;
/// The owner and the type of `.note.dlopen` (systemd's ELF_DLOPEN_METADATA
/// specification).
const FREE_DESKTOP: &str = "FDO";
const LATER: u32 = 0x407c_0c0a;

/// Entries of one note, and names in one entry.
const ENTRIES: usize = 64;

/// Bytes that a note has as pairs of hexadecimal digits.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()
        })
        .collect()
}

fn word(bytes: &[u8], at: usize, is_big: bool) -> Option<u32> {
    let word = bytes.get(at..)?.first_chunk().copied()?;
    Some(if is_big {
        u32::from_be_bytes(word)
    } else {
        u32::from_le_bytes(word)
    })
}

/// The notes of an object by owner and type.
fn of<'a>(elf: &'a Elf, owner: &str, kind: u32) -> impl Iterator<Item = &'a Note> {
    let owner = owner.to_owned();
    elf.notes
        .iter()
        .filter(move |note| note.kind == kind && note.owner == owner)
}

/// The oldest kernel that a file is for (NT_GNU_ABI_TAG): major, minor, patch.
/// The words are read as little endian: a kernel is not compared on others.
pub(super) fn kernel_version(note: &Note) -> Option<[u32; 3]> {
    /// ELF_NOTE_OS_LINUX.
    const LINUX: u32 = 0;
    if note.owner != GNU || note.kind != ABI_TAG {
        return None;
    }
    let bytes = bytes(&note.description)?;
    let number = |at| word(&bytes, at, false);
    (number(0)? == LINUX).then_some([number(4)? & 0xff, number(8)? & 0xff, number(12)? & 0xff])
}

/// The levels of x86-64 that a file needs, a bit for each: the baseline
/// lowest. 0 where it says nothing (`_dl_process_pt_gnu_property` in glibc's
/// elf/dl-load.c: the first note counts, and properties ascend by type).
pub(super) fn levels_needed(elf: &Elf) -> u32 {
    let step = if elf.class == 1 { 4 } else { 8 };
    let mut notes = elf.notes.iter();
    let note = notes.find(|note| note.owner == GNU && note.kind == PROPERTIES);
    let Some(bytes) = note.and_then(|note| bytes(&note.description)) else {
        return 0;
    };
    let (mut at, mut last) = (0, 0);
    while let (Some(kind), Some(size)) = (
        word(&bytes, at, elf.data == 2),
        word(&bytes, at + 4, elf.data == 2),
    ) {
        if kind < last {
            break;
        }
        if kind == LEVELS_NEEDED && size == 4 {
            return word(&bytes, at + 8, elf.data == 2).unwrap_or(0);
        }
        last = kind;
        let Some(next) = (size as usize)
            .checked_next_multiple_of(step)
            .and_then(|size| at.checked_add(8)?.checked_add(size))
        else {
            break;
        };
        at = next;
    }
    0
}

/// An entry of `.note.dlopen`: what an object may load later on, by its own
/// account. Texts are escaped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Later {
    /// The libraries of which one is enough, best first.
    pub soname: Vec<String>,
    /// What it is good for, in one word; empty where it is not said.
    #[serde(default)]
    pub feature: String,
    /// What it is good for; empty where it is not said.
    #[serde(default)]
    pub description: String,
    /// `required`, `recommended` or `suggested`.
    #[serde(default = "recommended")]
    pub priority: String,
}

/// The priority of an entry that names none.
fn recommended() -> String {
    "recommended".to_owned()
}

/// A text as texts of the host are written.
fn escaped(text: &str) -> String {
    escape(text.as_bytes())
}

/// What an object may load later on; what can't be read is left out: it is
/// for tools alone.
#[must_use]
pub fn later(elf: &Elf) -> Vec<Later> {
    let notes = of(elf, FREE_DESKTOP, LATER);
    notes
        .filter_map(|note| bytes(&note.description))
        .filter_map(|bytes| {
            // The text may be ended by NULs, which the size counts.
            let end = bytes.iter().rposition(|byte| *byte != 0)?;
            serde_json::from_slice::<Vec<Later>>(&bytes[..=end]).ok()
        })
        .flatten()
        .take(ENTRIES)
        .map(|entry| Later {
            soname: entry
                .soname
                .iter()
                .take(ENTRIES)
                .map(|name| escaped(name))
                .collect(),
            feature: escaped(&entry.feature),
            description: escaped(&entry.description),
            priority: escaped(&entry.priority),
        })
        .collect()
}
