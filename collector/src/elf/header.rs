//! The ELF header and the program headers.

use casefile_go::Source;
use goblin::container::{Container, Ctx, Endian};
use goblin::elf::header::{
    EI_ABIVERSION, EI_CLASS, EI_DATA, EI_OSABI, EI_VERSION, ELFCLASS32, ELFCLASS64, ELFDATA2LSB,
    ELFDATA2MSB, ET_DYN, ET_EXEC, EV_CURRENT, Header as Fields, SIZEOF_IDENT,
};
use goblin::elf::program_header::{
    PT_DYNAMIC, PT_GNU_STACK, PT_INTERP, PT_LOAD, ProgramHeader as Segment,
};

use super::blocks::Blocks;
use super::object::Object;
use super::{PROGRAM_HEADERS, STRING_BYTES, Stop};

/// Where padding begins in e_ident (EI_PAD of elf.h).
const EI_PAD: usize = 9;

/// Bytes of the smallest page of any machine.
const PAGE_BYTES: u64 = 4096;

/// The ELF header.
pub(super) struct Header {
    pub(super) class: u8,
    pub(super) data: u8,
    pub(super) os_abi: u8,
    pub(super) abi_version: u8,
    /// Word size and byte order.
    pub(super) layout: Ctx,
    /// All that comes after e_ident.
    pub(super) fields: Fields,
}

/// Reads the ELF header, and checks what the loader checks.
pub(super) fn read<S: Source>(blocks: &mut Blocks<'_, S>) -> Result<Header, Stop> {
    let ident = blocks.read("e_ident", 0, SIZEOF_IDENT as u64)?;
    let Some(ident) = ident.first_chunk::<SIZEOF_IDENT>().copied() else {
        return damaged("e_ident is cut off".to_owned());
    };
    let container = match ident[EI_CLASS] {
        ELFCLASS32 => Container::Little,
        ELFCLASS64 => Container::Big,
        other => return damaged(format!("EI_CLASS is {other}, and neither 1 nor 2")),
    };
    let endian = match ident[EI_DATA] {
        ELFDATA2LSB => Endian::Little,
        ELFDATA2MSB => Endian::Big,
        other => return damaged(format!("EI_DATA is {other}, and neither 1 nor 2")),
    };
    let layout = Ctx::new(container, endian);
    if ident[EI_VERSION] != EV_CURRENT {
        return damaged(format!("EI_VERSION is {}, and not 1", ident[EI_VERSION]));
    }
    if ident[EI_PAD..].iter().any(|byte| *byte != 0) {
        return damaged("the padding of e_ident is not zero".to_owned());
    }
    let bytes = blocks.read("the ELF header", 0, Fields::size(layout) as u64)?;
    let fields = goblin::elf::Elf::parse_header(bytes)
        .map_err(|error| Stop::Damaged(format!("ELF header: {error}")))?;
    if fields.e_version != u32::from(EV_CURRENT) {
        return damaged(format!("e_version is {}, and not 1", fields.e_version));
    }
    Ok(Header {
        class: ident[EI_CLASS],
        data: ident[EI_DATA],
        os_abi: ident[EI_OSABI],
        abi_version: ident[EI_ABIVERSION],
        layout,
        fields,
    })
}

/// Reads the program headers, and checks what a loader maps.
pub(super) fn segments<S: Source>(
    blocks: &mut Blocks<'_, S>,
    header: &Header,
) -> Result<Vec<Segment>, Stop> {
    let fields = &header.fields;
    let is_loaded = matches!(fields.e_type, ET_EXEC | ET_DYN);
    if fields.e_phnum == 0 && !is_loaded {
        return Ok(Vec::new());
    }
    let size = Segment::size(header.layout);
    if usize::from(fields.e_phentsize) != size {
        let found = fields.e_phentsize;
        return damaged(format!("e_phentsize is {found}, and not {size}"));
    }
    let what = "the program header table";
    let count = usize::from(fields.e_phnum);
    let length = (count * size) as u64;
    blocks.end(what, fields.e_phoff, length)?;
    if fields.e_phnum > PROGRAM_HEADERS {
        let found = fields.e_phnum;
        return Err(Stop::TooLarge(format!(
            "{found} program headers, more than {PROGRAM_HEADERS}"
        )));
    }
    let bytes = blocks.read(what, fields.e_phoff, length)?;
    let segments = Segment::parse(bytes, 0, count, header.layout)
        .map_err(|error| Stop::Damaged(format!("program headers: {error}")))?;
    check(blocks, &segments)?;
    if is_loaded && !segments.iter().any(|segment| segment.p_type == PT_LOAD) {
        return damaged("there is no PT_LOAD segment".to_owned());
    }
    Ok(segments)
}

/// Whether what is to be mapped is there, and can be mapped.
fn check<S: Source>(blocks: &Blocks<'_, S>, segments: &[Segment]) -> Result<(), Stop> {
    // Firmware and kernels are put into memory otherwise.
    let is_mapped = segments
        .iter()
        .any(|segment| matches!(segment.p_type, PT_DYNAMIC | PT_INTERP));
    for (index, segment) in segments.iter().enumerate() {
        if segment.p_type != PT_LOAD {
            continue;
        }
        let what = format_args!("program header {index}: PT_LOAD");
        blocks.end(what, segment.p_offset, segment.p_filesz)?;
        let difference = segment.p_vaddr.wrapping_sub(segment.p_offset);
        if is_mapped && !difference.is_multiple_of(PAGE_BYTES) {
            return damaged(format!(
                "{what} can't be mapped, address {:#x} and offset {:#x} are not alike in a page",
                segment.p_vaddr, segment.p_offset
            ));
        }
    }
    Ok(())
}

/// PT_INTERP, the first one, as the kernel reads it (fs/binfmt_elf.c).
pub(super) fn interpreter<S: Source>(
    object: &mut Object<'_, S>,
    segments: &[Segment],
) -> Result<Option<String>, Stop> {
    let Some(segment) = segments.iter().find(|segment| segment.p_type == PT_INTERP) else {
        return Ok(None);
    };
    let length = segment.p_filesz;
    if !(2..=STRING_BYTES as u64).contains(&length) {
        return damaged(format!(
            "PT_INTERP has {length} bytes, and not 2 to {STRING_BYTES}"
        ));
    }
    let bytes = object
        .blocks
        .read("the path in PT_INTERP", segment.p_offset, length)?;
    if bytes.last() != Some(&0) {
        return damaged("the path in PT_INTERP does not end with a NUL".to_owned());
    }
    let path = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(Some(casefile_snapshot::escape(path)))
}

/// Flags of PT_GNU_STACK, the last one.
pub(super) fn stack_flags(segments: &[Segment]) -> Option<u32> {
    segments
        .iter()
        .rfind(|segment| segment.p_type == PT_GNU_STACK)
        .map(|segment| segment.p_flags)
}

fn damaged<T>(problem: String) -> Result<T, Stop> {
    Err(Stop::Damaged(problem))
}
