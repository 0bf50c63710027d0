//! An ELF file as the loader sees it: by addresses, through its PT_LOAD
//! segments.

use std::io::{Read, Seek};

use goblin::container::Ctx;
use goblin::elf::program_header::{PT_LOAD, ProgramHeader as Segment};

use super::blocks::Blocks;
use super::{Stop, TEXT_BYTES};

/// A file, how its fields are laid out, and where its addresses are in it.
pub(super) struct Object<'a, F> {
    pub(super) blocks: Blocks<'a, F>,
    pub(super) layout: Ctx,
    loads: Vec<Segment>,
    /// Bytes that strings may still have.
    text: usize,
}

impl<'a, F: Read + Seek> Object<'a, F> {
    pub(super) fn new(blocks: Blocks<'a, F>, layout: Ctx, segments: &[Segment]) -> Self {
        let loads = segments.iter().filter(|segment| segment.p_type == PT_LOAD);
        Self {
            blocks,
            layout,
            loads: loads.cloned().collect(),
            text: TEXT_BYTES,
        }
    }

    /// Bytes at an address. The caller bounds their number.
    pub(super) fn read(&mut self, what: &str, address: u64, length: u64) -> Result<Vec<u8>, Stop> {
        match self.place(address) {
            Some((offset, end)) if length <= end - offset => self.blocks.read(what, offset, length),
            _ => Err(Stop::Damaged(format!(
                "{what} ({length} bytes at address {address:#x}) is in no PT_LOAD segment"
            ))),
        }
    }

    /// The string at an address, escaped.
    pub(super) fn string(
        &mut self,
        what: &str,
        address: u64,
        limit: usize,
    ) -> Result<String, Stop> {
        let Some((offset, end)) = self.place(address) else {
            return Err(Stop::Damaged(format!(
                "{what} (at address {address:#x}) is in no PT_LOAD segment"
            )));
        };
        let bytes = self.blocks.string(what, offset, end, limit)?;
        self.keep(&bytes)
    }

    /// Escapes a string, if there are not too many already.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> Result<String, Stop> {
        match self.text.checked_sub(bytes.len()) {
            Some(left) => self.text = left,
            None => {
                return Err(Stop::TooLarge(format!(
                    "more than {TEXT_BYTES} bytes of strings"
                )));
            }
        }
        Ok(casefile_snapshot::escape(bytes))
    }

    /// Where an address is in the file, and where its segment ends there.
    /// Where segments overlap, the last one is mapped over the others.
    fn place(&self, address: u64) -> Option<(u64, u64)> {
        self.loads.iter().rev().find_map(|segment| {
            let skipped = address.checked_sub(segment.p_vaddr)?;
            let end = segment.p_offset.checked_add(segment.p_filesz)?;
            (skipped < segment.p_filesz).then_some((segment.p_offset + skipped, end))
        })
    }
}

/// Takes fields off the beginning of a record, one after the other.
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    layout: Ctx,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(bytes: &'a [u8], layout: Ctx) -> Self {
        Self { bytes, layout }
    }

    /// A half word.
    pub(super) fn half(&mut self) -> Option<u16> {
        let bytes = self.take()?;
        Some(if self.layout.is_little_endian() {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    /// A word of 32 bits.
    pub(super) fn word(&mut self) -> Option<u32> {
        let bytes = self.take()?;
        Some(if self.layout.is_little_endian() {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    /// An address or a number of the file's class: 32 or 64 bits.
    pub(super) fn address(&mut self) -> Option<u64> {
        if !self.layout.is_big() {
            return self.word().map(u64::from);
        }
        let bytes = self.take()?;
        Some(if self.layout.is_little_endian() {
            u64::from_le_bytes(bytes)
        } else {
            u64::from_be_bytes(bytes)
        })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*bytes)
    }
}
