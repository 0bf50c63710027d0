//! Section headers and their names. The loader reads none of them: what is
//! damaged here is left out, all of it, since a part would pass for the whole.

use std::ffi::CStr;

use casefile_go::Source;
use casefile_snapshot::extract::elf::Section;
use goblin::elf::header::Header;
use goblin::elf::section_header::{SHF_ALLOC, SHN_XINDEX, SHT_NOTE, SectionHeader};
use smol_str::SmolStr;

use super::notes::Place;
use super::object::{Object, Text};
use super::{SECTIONS, STRING_BYTES, Stop};

/// The section headers of a file.
#[derive(Default)]
pub(super) struct Sections {
    /// As the extract has them.
    pub(super) kept: Vec<Section>,
    /// Where mapped notes are.
    pub(super) notes: Vec<Place>,
}

/// Reads the section headers, and the name of each.
pub(super) fn read<S: Source>(
    object: &mut Object<'_, S>,
    header: &Header,
) -> Result<Sections, Stop> {
    match table(object, header) {
        Err(Stop::Damaged(_) | Stop::TooLarge(_)) => Ok(Sections::default()),
        other => other,
    }
}

/// Where the section headers end, as the ELF header has it.
pub(super) fn end(header: &Header) -> u64 {
    let size = u64::from(header.e_shentsize) * u64::from(header.e_shnum);
    header.e_shoff.saturating_add(size)
}

fn table<S: Source>(object: &mut Object<'_, S>, header: &Header) -> Result<Sections, Stop> {
    let size = SectionHeader::size(object.layout);
    if header.e_shoff == 0 || usize::from(header.e_shentsize) != size {
        return Ok(Sections::default());
    }
    let mut count = u64::from(header.e_shnum);
    let mut names = u32::from(header.e_shstrndx);
    if count == 0 || names == SHN_XINDEX {
        // Numbers that do not fit into the ELF header are in the first section
        // header.
        let first = headers(object, header.e_shoff, 1)?;
        let first = first.first().ok_or_else(none)?;
        if count == 0 {
            count = first.sh_size;
        }
        if names == SHN_XINDEX {
            names = first.sh_link;
        }
    }
    if count > SECTIONS {
        return Err(none());
    }
    let headers = headers(object, header.e_shoff, count)?;
    let names = usize::try_from(names).ok().and_then(|at| headers.get(at));
    let names = names.ok_or_else(none)?;
    let what = "names of sections";
    let names = object.blocks.read(what, names.sh_offset, names.sh_size)?;
    let names = Names {
        bytes: names,
        plain: casefile_snapshot::plain_names(names),
    };
    let mut sections = Sections {
        kept: Vec::with_capacity(headers.len()),
        notes: Vec::new(),
    };
    for header in &headers {
        sections.kept.push(Section {
            name: names.get(header.sh_name, &mut object.text)?,
            kind: header.sh_type,
            flags: header.sh_flags,
            address: header.sh_addr,
            offset: header.sh_offset,
            size: header.sh_size,
        });
        if header.sh_type == SHT_NOTE && header.sh_flags & u64::from(SHF_ALLOC) != 0 {
            sections.notes.push(Place {
                offset: header.sh_offset,
                size: header.sh_size,
                alignment: header.sh_addralign,
            });
        }
    }
    Ok(sections)
}

fn headers<S: Source>(
    object: &mut Object<'_, S>,
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
    SectionHeader::parse_from(bytes, 0, count, object.layout)
        .map_err(|error| Stop::Damaged(format!("section headers: {error}")))
}

/// The section that holds the names.
struct Names<'a> {
    bytes: &'a [u8],
    /// The same, where nothing in it is to be escaped.
    plain: Option<&'a str>,
}

impl Names<'_> {
    fn get(&self, start: usize, text: &mut Text) -> Result<SmolStr, Stop> {
        let rest = self.bytes.get(start..).ok_or_else(none)?;
        let name = CStr::from_bytes_until_nul(rest).map_err(|_| none())?;
        let length = name.count_bytes();
        if length > STRING_BYTES {
            return Err(none());
        }
        match self
            .plain
            .and_then(|names| names.get(start..start + length))
        {
            Some(name) => text.take(length).map(|()| SmolStr::new(name)),
            None => Ok(text.keep(name.to_bytes())?.into()),
        }
    }
}

fn none() -> Stop {
    Stop::Damaged("section headers".to_owned())
}
