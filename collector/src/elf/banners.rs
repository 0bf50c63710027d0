//! What tools and libraries of TLS say of themselves in their read-only data.
//! The versions of libraries stand nowhere else in an ELF file, and packages
//! are not on every host.

use std::io;

use casefile_go::Source;
use casefile_snapshot::extract::elf::{Elf, Section};

/// Bytes of read-only data that are read of one file. libcrypto has less than
/// one MiB, a static curl a few.
const DATA_BYTES: u64 = 16 << 20;

/// Looks for banners in the read-only data of a file. None where the file
/// does not say where its data is, or has too much of it.
///
/// # Errors
/// The file can't be read.
pub(crate) fn read(source: &mut impl Source, elf: &Elf) -> io::Result<Option<Vec<String>>> {
    let is_data = |section: &&Section| section.name.starts_with(".rodata");
    let sections: Vec<&Section> = elf.sections.iter().filter(is_data).collect();
    let size = sections
        .iter()
        .fold(0, |size: u64, section| size.saturating_add(section.size));
    if sections.is_empty() || size > DATA_BYTES {
        return Ok(None);
    }
    let mut data = Vec::new();
    for section in sections {
        let left = source.size().saturating_sub(section.offset);
        let length = usize::try_from(section.size.min(left)).unwrap_or(usize::MAX);
        let before = data.len();
        data.resize(before.saturating_add(length), 0);
        source.read_at(section.offset, &mut data[before..])?;
        // What ends with a section is no part of what begins the next one.
        data.push(0);
    }
    Ok(Some(casefile_packages::tools::banners(&data)))
}
