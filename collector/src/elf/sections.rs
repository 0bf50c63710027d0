//! Section headers and their names. The loader reads none of them: what is
//! damaged here is left out, all of it, since a part would pass for the whole.

use casefile_go::Source;
use casefile_snapshot::extract::elf::Section;
use goblin::container::Ctx;
use goblin::elf::header::Header;
use goblin::elf::section_header::{SHF_ALLOC, SHN_XINDEX, SHT_NOTE, SectionHeader};
use smol_str::SmolStr;

use super::blocks::Blocks;
use super::notes::Place;
use super::object::{Fields, Object, Text};
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
    let layout = object.layout;
    let size = SectionHeader::size(layout);
    if header.e_shoff == 0 || usize::from(header.e_shentsize) != size {
        return Ok(Sections::default());
    }
    let mut count = u64::from(header.e_shnum);
    let mut names = u32::from(header.e_shstrndx);
    if count == 0 || names == SHN_XINDEX {
        // Numbers that do not fit into the ELF header are in the first section
        // header.
        let first = headers(&mut object.blocks, layout, header.e_shoff, 1)?;
        let first = Found::read(first, layout).ok_or_else(none)?;
        if count == 0 {
            count = first.section.size;
        }
        if names == SHN_XINDEX {
            names = first.link;
        }
    }
    if count > SECTIONS {
        return Err(none());
    }
    let table = headers(&mut object.blocks, layout, header.e_shoff, count)?;
    let at = usize::try_from(names).map_err(|_| none())?;
    let names = table.chunks_exact(size).nth(at).ok_or_else(none)?;
    let names = Found::read(names, layout).ok_or_else(none)?.section;
    let what = "names of sections";
    let names = object.blocks.read(what, names.offset, names.size)?.to_vec();
    let names = Names {
        bytes: &names,
        plain: casefile_snapshot::plain_names(&names),
    };
    let table = headers(&mut object.blocks, layout, header.e_shoff, count)?;
    let mut sections = Sections {
        kept: Vec::with_capacity(table.len() / size),
        notes: Vec::new(),
    };
    for header in table.chunks_exact(size) {
        let found = Found::read(header, layout).ok_or_else(none)?;
        let section = found.section;
        if section.kind == SHT_NOTE && section.flags & u64::from(SHF_ALLOC) != 0 {
            sections.notes.push(Place {
                offset: section.offset,
                size: section.size,
                alignment: found.alignment,
            });
        }
        sections.kept.push(Section {
            name: names.get(found.name, &mut object.text)?,
            ..section
        });
    }
    Ok(sections)
}

/// The bytes of section headers.
fn headers<'b, S: Source>(
    blocks: &'b mut Blocks<'_, S>,
    layout: Ctx,
    offset: u64,
    count: u64,
) -> Result<&'b [u8], Stop> {
    let size = SectionHeader::size(layout) as u64;
    blocks.read("the section header table", offset, count * size)
}

/// A section header as it is in the file.
struct Found {
    /// Without its name.
    section: Section,
    /// sh_name.
    name: usize,
    /// sh_link.
    link: u32,
    /// sh_addralign.
    alignment: u64,
}

impl Found {
    /// Reads Elf32_Shdr or Elf64_Shdr (elf.h).
    #[inline]
    fn read(header: &[u8], layout: Ctx) -> Option<Self> {
        let mut fields = Fields::new(header, layout);
        let name = usize::try_from(fields.word()?).ok()?;
        let section = Section {
            name: SmolStr::default(),
            kind: fields.word()?,
            flags: fields.address()?,
            address: fields.address()?,
            offset: fields.address()?,
            size: fields.address()?,
        };
        let link = fields.word()?;
        let _info = fields.word()?;
        Some(Self {
            section,
            name,
            link,
            alignment: fields.address()?,
        })
    }
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
        let rest = &rest[..rest.len().min(STRING_BYTES + 1)];
        // Names are too short for a search by words.
        let length = rest.iter().position(|byte| *byte == 0);
        let length = length.ok_or_else(none)?;
        match self
            .plain
            .and_then(|names| names.get(start..start + length))
        {
            Some(name) => text.take(length).map(|()| SmolStr::new(name)),
            None => Ok(text.keep(&rest[..length])?.into()),
        }
    }
}

fn none() -> Stop {
    Stop::Damaged("section headers".to_owned())
}
