//! The write-ahead log: pages that were committed and are not in the database
//! yet (section 4 of the format). What comes behind the last commit, or does
//! not match its checksum, does not count, as for SQLite itself.

use std::collections::HashMap;

use super::big_endian;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// The format's own version.
const VERSION: u32 = 3_007_000;
/// Begins a log whose checksums are of little-endian words; with 1 added, of
/// big-endian ones.
const MAGIC: u32 = 0x377f_0682;

/// The newest committed content of pages.
#[derive(Default)]
pub(crate) struct Log<'a> {
    pages: HashMap<u32, &'a [u8]>,
}

impl<'a> Log<'a> {
    /// Reads a log; one that is empty or of another database holds nothing.
    pub(super) fn read(bytes: &'a [u8], page_size: usize) -> Self {
        read(bytes, page_size).unwrap_or_default()
    }

    pub(super) fn page(&self, number: u32) -> Option<&'a [u8]> {
        self.pages.get(&number).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }
}

fn read(bytes: &[u8], page_size: usize) -> Option<Log<'_>> {
    let (header, mut rest) = bytes.split_at_checked(HEADER_BYTES)?;
    let magic = big_endian(header, 0)?;
    if magic & !1 != MAGIC
        || big_endian(header, 4)? != VERSION
        || usize::try_from(big_endian(header, 8)?).ok()? != page_size
    {
        return None;
    }
    let word = if magic == MAGIC {
        u32::from_le_bytes
    } else {
        u32::from_be_bytes
    };
    let mut sum = checksum((0, 0), header.get(..24)?, word);
    if sum != (big_endian(header, 24)?, big_endian(header, 28)?) {
        return None;
    }
    let salts = header.get(16..24)?;
    let mut log = Log::default();
    let mut uncommitted = HashMap::new();
    while let Some((frame, behind)) = rest.split_at_checked(FRAME_HEADER_BYTES + page_size) {
        rest = behind;
        let (header, page) = frame.split_at_checked(FRAME_HEADER_BYTES)?;
        sum = checksum(sum, header.get(..8)?, word);
        sum = checksum(sum, page, word);
        if header.get(8..16)? != salts || sum != (big_endian(header, 16)?, big_endian(header, 20)?)
        {
            break;
        }
        uncommitted.insert(big_endian(header, 0)?, page);
        // The size of the database in pages stands in the frame that commits.
        if big_endian(header, 4)? != 0 {
            log.pages.extend(uncommitted.drain());
        }
    }
    Some(log)
}

/// Goes on with a checksum over pairs of words.
fn checksum(
    (mut first, mut second): (u32, u32),
    bytes: &[u8],
    word: fn([u8; 4]) -> u32,
) -> (u32, u32) {
    for pair in bytes.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *pair;
        first = first.wrapping_add(word([a, b, c, d])).wrapping_add(second);
        second = second.wrapping_add(word([e, f, g, h])).wrapping_add(first);
    }
    (first, second)
}
