//! Tries one file as the loader does before it maps it: is it there, and is
//! it one to load? (`open_verify` in glibc's elf/dl-load.c.)

use std::sync::Arc;

use casefile_loader::Abi;
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, EvidenceId};

use crate::facts::files::from_hexadecimal;
use crate::facts::{Facts, Missing};

/// A file that the loader may map.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The path that was tried.
    pub(super) path: String,
    /// What was read of it.
    pub(super) extract: Arc<Extract>,
    /// The item that holds it.
    pub(super) id: EvidenceId,
}

/// What came of one try.
pub(super) enum Probe {
    /// It can be loaded.
    Loadable(Candidate),
    /// There is no such file.
    Nothing,
    /// It is for another class (glibc goes on, and says so at the end).
    OtherClass(String),
    /// It is for another machine (glibc goes on in silence).
    OtherMachine(String),
    /// It can't be loaded, and the loader does not look any further.
    Stop(String),
    /// It is not known what is there.
    Unknown(Missing),
}

/// ET_EXEC and ET_DYN: what can be loaded.
const ET_EXEC: u16 = 2;
const ET_DYN: u16 = 3;

/// Tries a file for a loader of this ABI. Whatever shows the answer is
/// handed to `read`.
pub(super) fn probe(
    facts: &Facts,
    abi: &Abi,
    path: &str,
    read: &mut dyn FnMut(&[EvidenceId]),
) -> Probe {
    let fact = match facts.elf_file(path) {
        Ok(fact) => fact,
        Err(missing) => {
            read(&missing.sources);
            return match missing.absence {
                Absence::Absent => Probe::Nothing,
                Absence::Unknown { .. } => Probe::Unknown(Missing {
                    path: path.to_owned(),
                    ..missing
                }),
            };
        }
    };
    read(&fact.sources);
    let Some(id) = fact.source() else {
        // A file always has the item that it was read from.
        return Probe::Nothing;
    };
    match &*fact.value {
        Extract::Elf(elf) => judge(abi, elf, path).unwrap_or(Probe::Loadable(Candidate {
            path: path.to_owned(),
            extract: Arc::clone(&fact.value),
            id,
        })),
        Extract::Script { .. } | Extract::Other { .. } => {
            Probe::Stop(format!("{path}: invalid ELF header"))
        }
        Extract::Malformed { problem, header } => {
            let own = from_hexadecimal(header).and_then(|header| abi_of_header(&header));
            own.and_then(|own| passed_over(abi, &own, path))
                .unwrap_or_else(|| Probe::Stop(format!("{path}: {problem}")))
        }
    }
}

/// Why an ELF file is not loaded; none where it is.
fn judge(abi: &Abi, elf: &Elf, path: &str) -> Option<Probe> {
    let own = Abi::of(elf);
    if let Some(probe) = passed_over(abi, &own, path) {
        return Some(probe);
    }
    if !matches!(elf.object_type, ET_EXEC | ET_DYN) {
        return Some(Probe::Stop(format!(
            "{path}: only ET_DYN and ET_EXEC can be loaded"
        )));
    }
    None
}

/// Why a file of this ABI is not loaded, whatever else is in it: class, byte
/// order and machine are looked at first.
fn passed_over(abi: &Abi, own: &Abi, path: &str) -> Option<Probe> {
    if own.class != abi.class {
        let class = if own.class == 1 {
            "ELFCLASS32"
        } else {
            "ELFCLASS64"
        };
        return Some(Probe::OtherClass(format!(
            "{path} is {class}, {}",
            own.name()
        )));
    }
    if own.data != abi.data {
        return Some(Probe::Stop(format!(
            "{path}: ELF file data encoding is not that of the program"
        )));
    }
    if own.machine != abi.machine {
        return Some(Probe::OtherMachine(format!("{path} is for {}", own.name())));
    }
    None
}

/// What the first bytes of a file say that is damaged further on.
fn abi_of_header(header: &[u8]) -> Option<Abi> {
    let (class, data) = (*header.get(4)?, *header.get(5)?);
    let machine = [*header.get(18)?, *header.get(19)?];
    Some(Abi {
        class,
        data,
        machine: if data == 2 {
            u16::from_be_bytes(machine)
        } else {
            u16::from_le_bytes(machine)
        },
        flags: 0,
    })
}
