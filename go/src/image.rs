//! An ELF file by the addresses that it is mapped at, with its sections where
//! it has any. Pointers in position-independent programs stand in relocations,
//! and are read through these.

use goblin::container::{Container, Ctx, Endian};
use goblin::elf::dynamic::{DT_NULL, DT_RELA, DT_RELASZ};
use goblin::elf::header::{
    EI_CLASS, EI_DATA, ELFCLASS32, ELFCLASS64, ELFDATA2LSB, ELFDATA2MSB, ELFMAG, EM_AARCH64,
    EM_PPC64, EM_RISCV, EM_X86_64, Header, SIZEOF_IDENT,
};
use goblin::elf::program_header::{PF_W, PT_DYNAMIC, PT_LOAD, ProgramHeader as Segment};
use goblin::elf::section_header::{SHT_NOBITS, SectionHeader};

use crate::{GoError, Source};

/// Program headers, as many as the kernel takes (fs/binfmt_elf.c).
const PROGRAM_HEADERS: u16 = 2048;
/// Section headers.
const SECTIONS: u16 = 4096;
/// Bytes of the names of sections.
const SECTION_NAME_BYTES: u64 = 1 << 20;
/// Bytes of a dynamic section.
const DYNAMIC_BYTES: u64 = 64 << 10;
/// Bytes of the relocations: those of ten million pointers.
const RELOCATION_BYTES: u64 = 256 << 20;
/// Bytes of Elf64_Rela.
const RELOCATION: u64 = 24;
/// Bytes that are searched for what no section tells the place of, in all.
const SEARCHED_BYTES: u64 = 2 << 30;
/// Bytes that are read at once while searching.
const CHUNK: u64 = 1 << 20;
/// Addresses above are the kernel's, on every machine (TASK_SIZE).
const ADDRESSES: u64 = 1 << 63;
/// EM_LOONGARCH of elf.h.
const EM_LOONGARCH: u16 = 258;

/// A section that is in the file.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

/// A part of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

/// An ELF file.
pub(crate) struct Image<S> {
    source: S,
    layout: Ctx,
    pub(crate) machine: u16,
    segments: Vec<Segment>,
    sections: Vec<Section>,
    /// Bytes that may still be searched.
    searched: u64,
}

impl<S: Source> Image<S> {
    /// Reads the headers. None where it is no ELF file.
    pub(crate) fn open(source: S) -> Result<Option<Self>, GoError> {
        let mut image = Self {
            source,
            layout: Ctx::new(Container::Big, Endian::Little),
            machine: 0,
            segments: Vec::new(),
            sections: Vec::new(),
            searched: SEARCHED_BYTES,
        };
        if image.source.size() < SIZEOF_IDENT as u64 {
            return Ok(None);
        }
        let ident = image.bytes("e_ident", 0, SIZEOF_IDENT as u64)?;
        if !ident.starts_with(ELFMAG) {
            return Ok(None);
        }
        let container = match ident[EI_CLASS] {
            ELFCLASS32 => Container::Little,
            ELFCLASS64 => Container::Big,
            other => return Err(GoError::Damaged(format!("EI_CLASS is {other}"))),
        };
        let endian = match ident[EI_DATA] {
            ELFDATA2LSB => Endian::Little,
            ELFDATA2MSB => Endian::Big,
            other => return Err(GoError::Damaged(format!("EI_DATA is {other}"))),
        };
        image.layout = Ctx::new(container, endian);
        let bytes = image.bytes("the ELF header", 0, Header::size(image.layout) as u64)?;
        let header = goblin::elf::Elf::parse_header(&bytes)
            .map_err(|error| GoError::Damaged(format!("ELF header: {error}")))?;
        image.machine = header.e_machine;
        image.segments = image.read_segments(&header)?;
        image.sections = image.read_sections(&header)?.unwrap_or_default();
        Ok(Some(image))
    }

    /// Whether it is of 64 bits and little endian: Go's tables are read of
    /// these alone.
    pub(crate) fn is_supported(&self) -> bool {
        self.layout.is_big() && self.layout.is_little_endian()
    }

    /// The section of a name.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Whether there are section headers that can be read.
    pub(crate) const fn has_sections(&self) -> bool {
        !self.sections.is_empty()
    }

    /// What the file holds of PT_LOAD segments: those that can be written
    /// first, or those that can't.
    pub(crate) fn loads(&self, writable_first: bool) -> Vec<Part> {
        let mut loads: Vec<&Segment> = self.mapped().collect();
        loads.sort_by_key(|segment| (segment.p_flags & PF_W != 0) != writable_first);
        let part = |segment: &Segment| Part {
            address: segment.p_vaddr,
            offset: segment.p_offset,
            size: segment.p_filesz,
        };
        loads.into_iter().map(part).collect()
    }

    /// Bytes somewhere in the file. The caller bounds their number.
    pub(crate) fn bytes(
        &mut self,
        what: &str,
        offset: u64,
        length: u64,
    ) -> Result<Vec<u8>, GoError> {
        let end = offset.checked_add(length);
        let is_there = end.is_some_and(|end| end <= self.source.size());
        let Some(length) = usize::try_from(length).ok().filter(|_| is_there) else {
            return Err(GoError::Damaged(format!(
                "{what} ({length} bytes at {offset:#x}) goes beyond the end of the file"
            )));
        };
        let mut bytes = vec![0; length];
        self.source.read_at(offset, &mut bytes)?;
        Ok(bytes)
    }

    /// Bytes at an address. The caller bounds their number.
    pub(crate) fn read(
        &mut self,
        what: &str,
        address: u64,
        length: u64,
    ) -> Result<Vec<u8>, GoError> {
        match self.place(address) {
            Some(part) if length <= part.size => self.bytes(what, part.offset, length),
            _ => Err(GoError::Damaged(format!(
                "{what} ({length} bytes at address {address:#x}) is in no PT_LOAD segment"
            ))),
        }
    }

    /// What the file holds from an address to the end of its segment.
    pub(crate) fn place(&self, address: u64) -> Option<Part> {
        // Where segments overlap, the last one is mapped over the others.
        self.mapped().rev().find_map(|segment| {
            let skipped = address.checked_sub(segment.p_vaddr)?;
            let size = segment
                .p_filesz
                .checked_sub(skipped)
                .filter(|size| *size > 0)?;
            Some(Part {
                address,
                offset: segment.p_offset.checked_add(skipped)?,
                size,
            })
        })
    }

    /// Words of 64 bits at an address, relocated as the loader does it for a
    /// program that is mapped at the addresses that it names.
    pub(crate) fn words(
        &mut self,
        what: &str,
        address: u64,
        count: u64,
    ) -> Result<Vec<u64>, GoError> {
        let bytes = self.read(what, address, count * 8)?;
        let (chunks, _) = bytes.as_chunks::<8>();
        let mut words: Vec<u64> = chunks
            .iter()
            .map(|word| u64::from_le_bytes(*word))
            .collect();
        self.relocations(|place, addend| {
            let index = place
                .checked_sub(address)
                .filter(|skipped| skipped % 8 == 0)
                .and_then(|skipped| usize::try_from(skipped / 8).ok());
            if let Some(word) = index.and_then(|index| words.get_mut(index)) {
                *word = addend;
            }
        })?;
        Ok(words)
    }

    /// Where pointers to an address may stand: at most `limit` places, those
    /// that relocations tell before those of data that can be written.
    pub(crate) fn pointers_to(&mut self, target: u64, limit: usize) -> Result<Vec<u64>, GoError> {
        let mut places = Vec::new();
        self.relocations(|place, addend| {
            if addend == target && places.len() < limit {
                places.push(place);
            }
        })?;
        let pattern = target.to_le_bytes();
        for part in self.loads(true) {
            if places.len() >= limit {
                break;
            }
            let left = limit - places.len();
            places.extend(self.search(part, 8, left, |window| window.starts_with(&pattern))?);
        }
        Ok(places)
    }

    /// Addresses in a part of the file at which windows of 8 bytes match: at
    /// most `limit`, at multiples of `align` (at least 8).
    pub(crate) fn search(
        &mut self,
        part: Part,
        align: u64,
        limit: usize,
        mut matches: impl FnMut(&[u8]) -> bool,
    ) -> Result<Vec<u64>, GoError> {
        let mut found = Vec::new();
        // Sections may say anything: the kernel does not look at them.
        let end = part.address.checked_add(part.size);
        if end.is_none_or(|end| end > ADDRESSES) {
            return Ok(found);
        }
        let mut at = part.address.next_multiple_of(align) - part.address;
        let step = usize::try_from(align).unwrap_or(usize::MAX);
        while at + 8 <= part.size && found.len() < limit {
            let length = CHUNK.min(part.size - at);
            self.searched = self.searched.checked_sub(length).ok_or_else(|| {
                GoError::TooLarge(format!("more than {SEARCHED_BYTES} bytes to search"))
            })?;
            let bytes = self.bytes("a segment", part.offset.saturating_add(at), length)?;
            for (index, window) in bytes.chunks(step).enumerate() {
                if window.len() >= 8 && matches(window) {
                    found.push((part.address + at).saturating_add(index as u64 * align));
                    if found.len() == limit {
                        break;
                    }
                }
            }
            at += CHUNK;
        }
        Ok(found)
    }

    /// Hands over every relative relocation: the address that it is for, and
    /// the address that is put there. (Those of DT_RELR have theirs in place.)
    fn relocations(&mut self, mut each: impl FnMut(u64, u64)) -> Result<(), GoError> {
        let wanted = match self.machine {
            EM_X86_64 => 8,
            EM_AARCH64 => 1027,
            EM_RISCV | EM_LOONGARCH => 3,
            EM_PPC64 => 22,
            _ => return Ok(()),
        };
        let Some((address, size)) = self.relocation_table()? else {
            return Ok(());
        };
        let chunk = CHUNK / RELOCATION * RELOCATION;
        let mut at = 0;
        while at < size {
            let length = chunk.min(size - at);
            let place = address.saturating_add(at);
            let bytes = self.read("the relocations", place, length)?;
            let (words, _) = bytes.as_chunks::<8>();
            for entry in words.chunks_exact(3) {
                let [place, info, addend] = [0, 1, 2].map(|at| u64::from_le_bytes(entry[at]));
                if info == wanted {
                    each(place, addend);
                }
            }
            at += length;
        }
        Ok(())
    }

    /// Where the relocations are, and how many bytes; whole entries.
    fn relocation_table(&mut self) -> Result<Option<(u64, u64)>, GoError> {
        let dynamic = |segment: &&Segment| segment.p_type == PT_DYNAMIC;
        let Some(segment) = self.segments.iter().find(dynamic) else {
            return Ok(None);
        };
        let (offset, length) = (segment.p_offset, segment.p_filesz.min(DYNAMIC_BYTES));
        let bytes = self.bytes("the dynamic section", offset, length)?;
        let (words, _) = bytes.as_chunks::<8>();
        let (mut address, mut size) = (None, None);
        for entry in words.chunks_exact(2) {
            let [tag, value] = [0, 1].map(|at| u64::from_le_bytes(entry[at]));
            match tag {
                DT_NULL => break,
                DT_RELA => address = Some(value),
                DT_RELASZ => size = Some(value),
                _ => {}
            }
        }
        match (address, size) {
            (Some(_), Some(size)) if size > RELOCATION_BYTES => Err(GoError::TooLarge(format!(
                "{size} bytes of relocations, more than {RELOCATION_BYTES}"
            ))),
            (Some(address), Some(size)) => Ok(Some((address, size / RELOCATION * RELOCATION))),
            _ => Ok(None),
        }
    }

    /// PT_LOAD segments that a process can have, and with something of the
    /// file in them.
    fn mapped(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        let loads = self.segments.iter();
        loads.filter(|segment| {
            let end = segment.p_vaddr.checked_add(segment.p_filesz);
            segment.p_type == PT_LOAD
                && segment.p_filesz > 0
                && end.is_some_and(|end| end <= ADDRESSES)
        })
    }

    fn read_segments(&mut self, header: &Header) -> Result<Vec<Segment>, GoError> {
        let size = Segment::size(self.layout);
        if header.e_phnum == 0 {
            return Ok(Vec::new());
        }
        if usize::from(header.e_phentsize) != size {
            let found = header.e_phentsize;
            return Err(GoError::Damaged(format!("e_phentsize is {found}")));
        }
        if header.e_phnum > PROGRAM_HEADERS {
            let found = header.e_phnum;
            return Err(GoError::TooLarge(format!("{found} program headers")));
        }
        let count = usize::from(header.e_phnum);
        let length = (count * size) as u64;
        let bytes = self.bytes("the program headers", header.e_phoff, length)?;
        Segment::parse(&bytes, 0, count, self.layout)
            .map_err(|error| GoError::Damaged(format!("program headers: {error}")))
    }

    /// None where they are damaged or missing: all is found without them.
    fn read_sections(&mut self, header: &Header) -> Result<Option<Vec<Section>>, GoError> {
        let size = SectionHeader::size(self.layout);
        let count = header.e_shnum;
        if header.e_shoff == 0
            || !(1..=SECTIONS).contains(&count)
            || usize::from(header.e_shentsize) != size
        {
            return Ok(None);
        }
        let count = usize::from(count);
        let length = (count * size) as u64;
        let Some(bytes) = self.if_there(header.e_shoff, length)? else {
            return Ok(None);
        };
        let Ok(headers) = SectionHeader::parse_from(&bytes, 0, count, self.layout) else {
            return Ok(None);
        };
        let Some(names) = headers.get(usize::from(header.e_shstrndx)) else {
            return Ok(None);
        };
        if names.sh_size > SECTION_NAME_BYTES {
            return Ok(None);
        }
        let Some(names) = self.if_there(names.sh_offset, names.sh_size)? else {
            return Ok(None);
        };
        let sections = headers
            .iter()
            .filter(|header| header.sh_type != SHT_NOBITS)
            .map(|header| {
                let name = names.get(header.sh_name..).unwrap_or_default();
                let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                Section {
                    name: String::from_utf8_lossy(name).into_owned(),
                    address: header.sh_addr,
                    offset: header.sh_offset,
                    size: header.sh_size,
                }
            });
        Ok(Some(sections.collect()))
    }

    fn if_there(&mut self, offset: u64, length: u64) -> Result<Option<Vec<u8>>, GoError> {
        match self.bytes("sections", offset, length) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(GoError::Damaged(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    /// A program of one PT_LOAD segment, all of it in the file.
    fn program(address: u64) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(16, 0);
        for half in [2_u16, EM_X86_64] {
            file.extend(half.to_le_bytes());
        }
        file.extend(1_u32.to_le_bytes());
        for word in [address, 64, 0] {
            file.extend(word.to_le_bytes());
        }
        file.extend(0_u32.to_le_bytes());
        for half in [64_u16, 56, 1, 0, 0, 0] {
            file.extend(half.to_le_bytes());
        }
        for word in [PT_LOAD, 6] {
            file.extend(word.to_le_bytes());
        }
        for word in [0, address, address, 128, 128, 4096] {
            file.extend(word.to_le_bytes());
        }
        file.resize(128, 0xab);
        file
    }

    #[test]
    fn what_no_process_has_is_not_searched() {
        let places = |address: u64| {
            let file = program(address);
            let mut image = Image::open(file.as_slice()).unwrap().unwrap();
            let pattern = 0xabab_abab_abab_abab;
            image.pointers_to(pattern, 10).unwrap()
        };
        assert_eq!(places(0x40_0000), [0x40_0078]);
        // Found by fuzzing: the next multiple of eight is beyond the last.
        for address in [u64::MAX - 2, u64::MAX - 127, ADDRESSES] {
            assert_eq!(places(address), [0_u64; 0], "{address:#x}");
            // As a section may say it of its place.
            let file = program(0x40_0000);
            let mut image = Image::open(file.as_slice()).unwrap().unwrap();
            let part = Part {
                address,
                offset: 0,
                size: 128,
            };
            let found = image.search(part, 16, 16, |_| true).unwrap();
            assert_eq!(found, [0_u64; 0], "{address:#x}");
        }
    }
}
