//! A file read in blocks, each of them once.
//! Small fields that lie close together cost one read, and all of them
//! together no more than [`READ_BYTES`].

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use super::{READ_BYTES, Stop};

/// Bytes of a block.
const BLOCK_BYTES: u64 = 16 << 10;

/// A file and what was read of it.
pub(super) struct Blocks<'a, F> {
    file: &'a mut F,
    size: u64,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl<'a, F: Read + Seek> Blocks<'a, F> {
    /// Nothing is read yet.
    pub(super) fn new(file: &'a mut F, size: u64) -> Self {
        Self {
            file,
            size,
            blocks: BTreeMap::new(),
        }
    }

    /// The first bytes, or all that there are.
    pub(super) fn start(&mut self, length: u64) -> Result<Vec<u8>, Stop> {
        self.read("the beginning", 0, length.min(self.size))
    }

    /// Where bytes end that begin at an offset, if they are in the file.
    pub(super) fn end(&self, what: &str, offset: u64, length: u64) -> Result<u64, Stop> {
        let end = offset.checked_add(length).filter(|end| *end <= self.size);
        end.ok_or_else(|| {
            Stop::Damaged(format!(
                "{what} ({length} bytes at {offset:#x}) goes beyond the end of the file ({} bytes)",
                self.size
            ))
        })
    }

    /// Bytes somewhere in the file; `what` they are is told where they are
    /// not there. The caller bounds their number.
    pub(super) fn read(&mut self, what: &str, offset: u64, length: u64) -> Result<Vec<u8>, Stop> {
        let end = self.end(what, offset, length)?;
        if length > READ_BYTES {
            return Err(too_much());
        }
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let rest = self.rest_of_block(at)?;
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let part = &rest[..rest.len().min(wanted)];
            bytes.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(bytes)
    }

    /// The bytes up to the first NUL, which comes before `end`, a place in the
    /// file.
    pub(super) fn string(
        &mut self,
        what: &str,
        offset: u64,
        end: u64,
        limit: usize,
    ) -> Result<Vec<u8>, Stop> {
        let end = end.min(self.size);
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let rest = self.rest_of_block(at)?;
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let part = &rest[..rest.len().min(wanted)];
            let length = part.iter().position(|byte| *byte == 0);
            bytes.extend_from_slice(&part[..length.unwrap_or(part.len())]);
            at += part.len() as u64;
            if bytes.len() > limit {
                return Err(Stop::TooLarge(format!(
                    "{what} at {offset:#x} is longer than {limit} bytes"
                )));
            }
            if length.is_some() {
                return Ok(bytes);
            }
        }
        Err(Stop::Damaged(format!(
            "{what} at {offset:#x} has no end within its segment or section"
        )))
    }

    /// What is behind a place of the file in the block that holds it: at
    /// least one byte, as the place lies before the end of the file.
    fn rest_of_block(&mut self, at: u64) -> Result<&[u8], Stop> {
        let number = at / BLOCK_BYTES;
        if !self.blocks.contains_key(&number) {
            let block = self.load(number)?;
            self.blocks.insert(number, block);
        }
        let skipped = usize::try_from(at % BLOCK_BYTES).unwrap_or(usize::MAX);
        self.blocks
            .get(&number)
            .and_then(|block| block.get(skipped..))
            .filter(|rest| !rest.is_empty())
            .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into())
    }

    fn load(&mut self, number: u64) -> Result<Vec<u8>, Stop> {
        if self.blocks.len() as u64 * BLOCK_BYTES >= READ_BYTES {
            return Err(too_much());
        }
        let offset = number * BLOCK_BYTES;
        let length = BLOCK_BYTES.min(self.size.saturating_sub(offset));
        let mut block = vec![0; usize::try_from(length).unwrap_or(0)];
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(&mut block)?;
        Ok(block)
    }
}

fn too_much() -> Stop {
    Stop::TooLarge(format!(
        "more than {READ_BYTES} bytes would have to be read"
    ))
}
