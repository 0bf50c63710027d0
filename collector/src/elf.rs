//! What the loader reads of an ELF file: its headers, its dynamic section,
//! versions and notes, and beside them its sections. A few small reads where
//! the headers point, whatever the size of the file.
//!
//! # What is malformed
//!
//! A file that begins as ELF and that glibc refuses as a library whatever the
//! host (`open_verify` and `_dl_map_object_from_fd` in elf/dl-load.c), or can't
//! read to its end: headers of another version or size, segments beyond the
//! end of the file, strings and versions that are not there
//! (`_dl_check_map_versions` in elf/dl-version.c). What depends on the host
//! (class, byte order, machine, OSABI, type) is told and not judged. Addresses
//! are mapped through PT_LOAD as the loader maps them, the last segment first.
//!
//! Section headers are not read by the loader: where they are damaged, or too
//! many, there are none. A damaged note ends the notes of its segment, as for
//! glibc and binutils. Go's linker puts the GNU build-id of a program into a
//! section that is in no PT_NOTE segment: notes of mapped sections come after
//! those of the segments.
//!
//! # Which library
//!
//! goblin knows the layout of the ELF header and of program headers, for both
//! classes and byte orders; it is handed buffers of the right size. The rest is
//! read here:
//! `goblin::elf::Elf::parse` wants the whole file in memory, and follows
//! symbols and relocations as well; its dynamic section takes a count for an
//! address (DT_VERDEFNUM); its versions are found by sections, which the loader
//! does not look at, and end without a word where they are damaged; its notes
//! must have owners in UTF-8.

pub(crate) mod banners;
mod blocks;
mod dynamic;
mod header;
mod notes;
mod object;
mod script;
mod sections;
mod strings;
mod versions;

use std::io;

pub use casefile_go::{OpenFile, Source};
use casefile_snapshot::extract::elf::{Elf, Extract};
use data_encoding::HEXLOWER;
use goblin::elf::program_header::PT_DYNAMIC;

use self::blocks::Blocks;
use self::notes::Notes;
use self::object::Object;

/// Bytes that are read of one file, in all. A large program needs some
/// hundred thousand.
const READ_BYTES: u64 = 4 << 20;

/// Bytes that are shown of a damaged file: the larger ELF header.
const HEADER_BYTES: usize = 64;

/// Bytes of a name or a path (PATH_MAX).
const STRING_BYTES: usize = 4096;

/// Bytes of a search path: DT_RPATH, DT_RUNPATH. Some distributions list a
/// directory for every library.
const SEARCH_PATH_BYTES: usize = 64 << 10;

/// Bytes of all strings together: many entries may name one long string.
const TEXT_BYTES: usize = 1 << 20;

/// Program headers. The kernel takes 64 KiB of them, which is 1170, and 2048
/// of 32 bits (fs/binfmt_elf.c).
const PROGRAM_HEADERS: u16 = 2048;

/// Entries of the dynamic section.
const DYNAMIC_ENTRIES: usize = 4096;

/// Records of versions that are needed and defined, each kind for itself.
const VERSION_RECORDS: usize = 4096;

/// Notes of all segments.
const NOTES: usize = 1024;

/// Bytes of all segments of notes.
const NOTE_BYTES: u64 = 256 << 10;

/// Bytes of a note's description that are kept.
const DESCRIPTION_BYTES: usize = 4096;

/// Section headers.
const SECTIONS: u64 = 4096;

/// Why there is no extract of a file, good or bad.
#[derive(Debug, thiserror::Error)]
pub enum ElfError {
    /// The file can't be read, or became shorter meanwhile.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A table or a string is larger than any that a program has.
    #[error("{0}")]
    TooLarge(String),
}

/// Why reading ends early.
#[derive(Debug)]
enum Stop {
    /// The file is not as it should be.
    Damaged(String),
    /// See [`ElfError::TooLarge`].
    TooLarge(String),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads what the loader reads of a file: at most 4 MiB of it.
///
/// Strings are escaped like host paths ([`casefile_snapshot::escape`]). A file
/// that is damaged is [`Extract::Malformed`], which is no error.
///
/// # Errors
/// The file can't be read, or has tables beyond the limits.
pub fn extract(source: &mut impl Source) -> Result<Extract, ElfError> {
    let mut blocks = Blocks::new(source);
    let start = match blocks.start(script::LINE_BYTES) {
        Ok(start) => start,
        Err(stop) => return refuse(stop, &[]),
    };
    if !start.starts_with(goblin::elf::header::ELFMAG) {
        return Ok(match script::interpreter(start) {
            Some(interpreter) => Extract::Script {
                interpreter: casefile_snapshot::escape(interpreter),
            },
            None => Extract::Other {
                magic: hexadecimal(start, 16),
            },
        });
    }
    // For the case that something is wrong with it.
    let start = start[..start.len().min(HEADER_BYTES)].to_vec();
    match elf(blocks) {
        Ok(elf) => Ok(Extract::Elf(Box::new(elf))),
        Err(stop) => refuse(stop, &start),
    }
}

fn refuse(stop: Stop, start: &[u8]) -> Result<Extract, ElfError> {
    match stop {
        Stop::Damaged(problem) => Ok(Extract::Malformed {
            problem,
            header: hexadecimal(start, HEADER_BYTES),
        }),
        Stop::TooLarge(what) => Err(ElfError::TooLarge(what)),
        Stop::Io(error) => Err(ElfError::Io(error)),
    }
}

fn elf<S: Source>(mut blocks: Blocks<'_, S>) -> Result<Elf, Stop> {
    let header = header::read(&mut blocks)?;
    let segments = header::segments(&mut blocks, &header)?;
    let mut object = Object::new(blocks, header.layout, &segments);
    let interpreter = header::interpreter(&mut object, &segments)?;
    // In small programs both are at the end.
    if let Some(dynamic) = segments
        .iter()
        .rfind(|segment| segment.p_type == PT_DYNAMIC)
    {
        object
            .blocks
            .expect(dynamic.p_offset, sections::end(&header.fields))?;
    }
    let dynamic = dynamic::read(&mut object, &segments)?;
    let mut notes = Notes::of_segments(&mut object, &segments)?;
    // Last, so that nothing that is wrong with them costs anything else.
    let sections = sections::read(&mut object, &header.fields)?;
    notes.add_sections(&mut object, &sections.notes)?;
    Ok(Elf {
        class: header.class,
        data: header.data,
        os_abi: header.os_abi,
        abi_version: header.abi_version,
        object_type: header.fields.e_type,
        machine: header.fields.e_machine,
        flags: header.fields.e_flags,
        interpreter,
        stack_flags: header::stack_flags(&segments),
        dynamic,
        notes: notes.kept,
        sections: sections.kept,
        // Read of some files alone: see `crate::libraries`.
        system_directories: Vec::new(),
        banners: None,
        release: None,
    })
}

/// The first bytes of a text, in hexadecimal.
fn hexadecimal(bytes: &[u8], limit: usize) -> String {
    HEXLOWER.encode(&bytes[..bytes.len().min(limit)])
}

#[cfg(test)]
mod tests;
