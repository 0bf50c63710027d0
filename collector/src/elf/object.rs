//! An ELF file as the loader sees it: by addresses, through its PT_LOAD
//! segments.

use std::borrow::Cow;

use casefile_go::Source;
use goblin::container::Ctx;
use goblin::elf::program_header::{PT_LOAD, ProgramHeader as Segment};

use super::blocks::Blocks;
use super::{Stop, TEXT_BYTES};

/// A file, how its fields are laid out, and where its addresses are in it.
pub(super) struct Object<'a, S> {
    pub(super) blocks: Blocks<'a, S>,
    pub(super) layout: Ctx,
    loads: Vec<Segment>,
    pub(super) text: Text,
}

/// How much text may still be kept.
pub(super) struct Text {
    /// Bytes.
    left: usize,
}

impl Text {
    /// Escapes a string, if there are not too many already.
    pub(super) fn keep<'b>(&mut self, bytes: &'b [u8]) -> Result<Cow<'b, str>, Stop> {
        self.take(bytes.len())?;
        Ok(casefile_snapshot::escaped(bytes))
    }

    /// Counts what is kept.
    pub(super) fn take(&mut self, length: usize) -> Result<(), Stop> {
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => {
                return Err(Stop::TooLarge(format!(
                    "more than {TEXT_BYTES} bytes of strings"
                )));
            }
        }
        Ok(())
    }
}

impl<'a, S: Source> Object<'a, S> {
    pub(super) fn new(blocks: Blocks<'a, S>, layout: Ctx, segments: &[Segment]) -> Self {
        let loads = segments.iter().filter(|segment| segment.p_type == PT_LOAD);
        Self {
            blocks,
            layout,
            loads: loads.cloned().collect(),
            text: Text { left: TEXT_BYTES },
        }
    }

    /// Bytes at an address. The caller bounds their number.
    pub(super) fn read(&mut self, what: &str, address: u64, length: u64) -> Result<&[u8], Stop> {
        match self.place(address) {
            Some((offset, end)) if length <= end - offset => self.blocks.read(what, offset, length),
            _ => Err(Stop::Damaged(format!(
                "{what} ({length} bytes at address {address:#x}) is in no PT_LOAD segment"
            ))),
        }
    }

    /// As many bytes at an address as are there, between two numbers.
    pub(super) fn read_some(
        &mut self,
        what: &str,
        address: u64,
        least: u64,
        most: u64,
    ) -> Result<&[u8], Stop> {
        let there = self.place(address).map_or(0, |(offset, end)| end - offset);
        self.read(what, address, there.clamp(least, most))
    }

    /// The string at an address, escaped.
    pub(super) fn string(
        &mut self,
        what: &str,
        address: u64,
        limit: usize,
    ) -> Result<Cow<'_, str>, Stop> {
        let Some((offset, end)) = self.place(address) else {
            return Err(Stop::Damaged(format!(
                "{what} (at address {address:#x}) is in no PT_LOAD segment"
            )));
        };
        self.text
            .keep(self.blocks.string(what, offset, end, limit)?)
    }

    /// Where an address is in the file, and where what is mapped with it ends
    /// there. Where segments overlap, the last one is mapped over the others.
    fn place(&self, address: u64) -> Option<(u64, u64)> {
        let mut covered = u64::MAX;
        for segment in self.loads.iter().rev() {
            match address.checked_sub(segment.p_vaddr) {
                Some(skipped) if skipped < segment.p_filesz => {
                    let offset = segment.p_offset.checked_add(skipped)?;
                    let left = (segment.p_filesz - skipped).min(covered - address);
                    return Some((offset, offset.checked_add(left)?));
                }
                Some(_) => {}
                None if segment.p_filesz > 0 => covered = covered.min(segment.p_vaddr),
                None => {}
            }
        }
        None
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
    #[inline]
    pub(super) fn half(&mut self) -> Option<u16> {
        let bytes = self.take()?;
        Some(if self.layout.is_little_endian() {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    /// A word of 32 bits.
    #[inline]
    pub(super) fn word(&mut self) -> Option<u32> {
        let bytes = self.take()?;
        Some(if self.layout.is_little_endian() {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    /// An address or a number of the file's class: 32 or 64 bits.
    #[inline]
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

    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*bytes)
    }
}
