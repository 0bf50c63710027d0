//! Section headers and their names. The loader reads none of them: what is
//! damaged here is left out, all of it, since a part would pass for the whole.

use std::io::{Read, Seek};

use casefile_snapshot::extract::elf::Section;
use goblin::elf::header::Header;
use goblin::elf::section_header::{SHN_XINDEX, SectionHeader};

use super::object::Object;
use super::{SECTIONS, STRING_BYTES, Stop};

/// Reads the section headers, and the name of each.
pub(super) fn read<F: Read + Seek>(
    object: &mut Object<'_, F>,
    header: &Header,
) -> Result<Vec<(SectionHeader, String)>, Stop> {
    match table(object, header) {
        Err(Stop::Damaged(_) | Stop::TooLarge(_)) => Ok(Vec::new()),
        other => other,
    }
}

/// A section as the extract has it.
pub(super) fn section((header, name): (SectionHeader, String)) -> Section {
    Section {
        name,
        kind: header.sh_type,
        flags: header.sh_flags,
        address: header.sh_addr,
        offset: header.sh_offset,
        size: header.sh_size,
    }
}

fn table<F: Read + Seek>(
    object: &mut Object<'_, F>,
    header: &Header,
) -> Result<Vec<(SectionHeader, String)>, Stop> {
    let size = SectionHeader::size(object.layout);
    if header.e_shoff == 0 || usize::from(header.e_shentsize) != size {
        return Ok(Vec::new());
    }
    // Numbers that do not fit into the ELF header are in the first section
    // header.
    let first = headers(object, header.e_shoff, 1)?;
    let first = first.first().ok_or_else(none)?;
    let count = match header.e_shnum {
        0 => first.sh_size,
        count => count.into(),
    };
    if count > SECTIONS {
        return Err(none());
    }
    let names = match u32::from(header.e_shstrndx) {
        SHN_XINDEX => first.sh_link,
        index => index,
    };
    let headers = headers(object, header.e_shoff, count)?;
    let names = usize::try_from(names).ok().and_then(|at| headers.get(at));
    let names = names.ok_or_else(none)?.clone();
    headers
        .into_iter()
        .map(|header| {
            let name = name(object, &names, header.sh_name as u64)?;
            Ok((header, name))
        })
        .collect()
}

fn headers<F: Read + Seek>(
    object: &mut Object<'_, F>,
    offset: u64,
    count: u64,
) -> Result<Vec<SectionHeader>, Stop> {
    let size = SectionHeader::size(object.layout) as u64;
    let what = "the section header table";
    let bytes = object.blocks.read(what, offset, count * size)?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count == 0 {
        // It would be taken for a number in the first header.
        return Ok(Vec::new());
    }
    SectionHeader::parse_from(&bytes, 0, count, object.layout)
        .map_err(|error| Stop::Damaged(format!("section headers: {error}")))
}

/// A name in the section that holds the names.
fn name<F: Read + Seek>(
    object: &mut Object<'_, F>,
    names: &SectionHeader,
    start: u64,
) -> Result<String, Stop> {
    let offset = names.sh_offset.checked_add(start).ok_or_else(none)?;
    let end = names.sh_offset.saturating_add(names.sh_size);
    let what = "the name of a section";
    let bytes = object.blocks.string(what, offset, end, STRING_BYTES)?;
    object.keep(&bytes)
}

fn none() -> Stop {
    Stop::Damaged("section headers".to_owned())
}
