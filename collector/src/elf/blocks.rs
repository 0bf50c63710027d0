//! A file read in blocks, each of them once.
//! Small fields that lie close together cost one read, and all of them
//! together no more than [`READ_BYTES`]. What was read is lent, not copied.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::ops::Range;

use casefile_go::Source;

use super::{READ_BYTES, Stop};

/// Bytes of a block: a page, below which a read costs the same.
const BLOCK_BYTES: u64 = 4 << 10;

/// Bytes for which there is room before more memory is asked for: what is read
/// of most files.
const ROOM_BYTES: usize = 16 << 10;

/// Bytes that are read in one go rather than in two.
const TOGETHER_BYTES: u64 = 3 * BLOCK_BYTES;

/// A file and what was read of it.
pub(super) struct Blocks<'a, S> {
    source: &'a mut S,
    /// All that was read, run after run as they came.
    bytes: Vec<u8>,
    /// In the order of the file, none of them overlapping.
    runs: Vec<Run>,
    /// The one that was asked for last: what follows is near, as a rule.
    last: Run,
    /// What was put together of several runs last.
    joined: Vec<u8>,
}

/// Blocks that were read in one go.
#[derive(Clone, Copy, Default)]
struct Run {
    /// Where they are in the file.
    start: u64,
    end: u64,
    /// Where they begin in what was read.
    held: usize,
}

impl<'a, S: Source> Blocks<'a, S> {
    /// Nothing is read yet.
    pub(super) fn new(source: &'a mut S) -> Self {
        Self {
            source,
            bytes: Vec::with_capacity(ROOM_BYTES),
            runs: Vec::with_capacity(8),
            last: Run::default(),
            joined: Vec::new(),
        }
    }

    /// The first bytes, or all that there are.
    pub(super) fn start(&mut self, length: u64) -> Result<&[u8], Stop> {
        self.read("the beginning", 0, length.min(self.source.size()))
    }

    /// Where bytes end that begin at an offset, if they are in the file.
    pub(super) fn end(&self, what: impl Display, offset: u64, length: u64) -> Result<u64, Stop> {
        let end = offset
            .checked_add(length)
            .filter(|end| *end <= self.source.size());
        end.ok_or_else(|| {
            Stop::Damaged(format!(
                "{what} ({length} bytes at {offset:#x}) goes beyond the end of the file ({} bytes)",
                self.source.size()
            ))
        })
    }

    /// Reads what will be asked for in one go, where it lies close together:
    /// from one place to another, if that is no more than [`TOGETHER_BYTES`].
    pub(super) fn expect(&mut self, from: u64, to: u64) -> Result<(), Stop> {
        let is_close = to
            .checked_sub(from)
            .is_some_and(|length| length <= TOGETHER_BYTES);
        if is_close && from < to && to <= self.source.size() {
            self.run(from, from, to)?;
        }
        Ok(())
    }

    /// Bytes somewhere in the file; `what` they are is told where they are
    /// not there. The caller bounds their number.
    pub(super) fn read(&mut self, what: &str, offset: u64, length: u64) -> Result<&[u8], Stop> {
        let end = self.end(what, offset, length)?;
        if length > READ_BYTES {
            return Err(too_much());
        }
        if length == 0 {
            return Ok(&[]);
        }
        let run = self.run(block(offset), offset, end)?;
        if end <= run.end {
            return self.lend(run, offset, end);
        }
        self.joined.clear();
        let mut at = offset;
        while at < end {
            let run = self.run(block(at), at, end)?;
            let behind = end.min(run.end);
            let part = run.within(at, behind).and_then(|part| self.bytes.get(part));
            self.joined.extend_from_slice(part.ok_or_else(shorter)?);
            at = behind;
        }
        Ok(&self.joined)
    }

    /// The bytes up to the first NUL, which comes before `end`, a place in the
    /// file.
    pub(super) fn string(
        &mut self,
        what: &str,
        offset: u64,
        end: u64,
        limit: usize,
    ) -> Result<&[u8], Stop> {
        let end = end.min(self.source.size());
        let mut at = offset;
        while at < end {
            let run = self.run(block(at), at, at + 1)?;
            let part = self.lend(run, at, end.min(run.end))?;
            // Most strings are too short for a search by words.
            let length = part.iter().position(|byte| *byte == 0);
            at += length.unwrap_or(part.len()) as u64;
            if at - offset > limit as u64 {
                return Err(Stop::TooLarge(format!(
                    "{what} at {offset:#x} is longer than {limit} bytes"
                )));
            }
            if length.is_some() {
                return if run.start <= offset {
                    self.lend(run, offset, at)
                } else {
                    self.read(what, offset, at - offset)
                };
            }
        }
        Err(Stop::Damaged(format!(
            "{what} at {offset:#x} has no end within its segment or section"
        )))
    }

    /// The run that holds a place of the file, which lies before its end. One
    /// that has to be read goes on as far as is wanted, or to what was read
    /// already.
    fn run(&mut self, start: u64, at: u64, wanted: u64) -> Result<Run, Stop> {
        if self.last.start <= at && at < self.last.end {
            return Ok(self.last);
        }
        let behind = self.runs.partition_point(|run| run.start <= at);
        let before = behind.checked_sub(1).and_then(|last| self.runs.get(last));
        if let Some(run) = before
            && at < run.end
        {
            self.last = *run;
            return Ok(*run);
        }
        let start = start.max(before.map_or(0, |run| run.end));
        let end = wanted.checked_next_multiple_of(BLOCK_BYTES);
        let end = end.unwrap_or(self.source.size()).min(self.source.size());
        let next = self.runs.get(behind);
        let end = next.map_or(end, |next| end.min(next.start));
        let held = self.bytes.len();
        if held as u64 + (end - start) > READ_BYTES {
            return Err(too_much());
        }
        let room = usize::try_from(end - start).unwrap_or(usize::MAX);
        self.bytes.resize(held.saturating_add(room), 0);
        self.source.read_at(start, &mut self.bytes[held..])?;
        let run = Run { start, end, held };
        self.runs.insert(behind, run);
        self.last = run;
        Ok(run)
    }

    /// A part of a run.
    fn lend(&self, run: Run, from: u64, to: u64) -> Result<&[u8], Stop> {
        let part = run.within(from, to).and_then(|part| self.bytes.get(part));
        part.ok_or_else(shorter)
    }
}

impl Run {
    /// Where a part of the file that this holds is in what was read.
    fn within(self, from: u64, to: u64) -> Option<Range<usize>> {
        let from = usize::try_from(from.checked_sub(self.start)?).ok()?;
        let to = usize::try_from(to.checked_sub(self.start)?).ok()?;
        Some(self.held.checked_add(from)?..self.held.checked_add(to)?)
    }
}

/// Where the block begins that holds a place.
const fn block(at: u64) -> u64 {
    at - at % BLOCK_BYTES
}

fn shorter() -> Stop {
    io::Error::from(ErrorKind::UnexpectedEof).into()
}

fn too_much() -> Stop {
    Stop::TooLarge(format!(
        "more than {READ_BYTES} bytes would have to be read"
    ))
}
