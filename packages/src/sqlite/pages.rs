//! Pages: where they are, and what those of a table's tree hold.

use std::borrow::Cow;

use super::record::{page_number, variable_length};
use super::{Log, MAGIC, SqliteError, big_endian, big_endian_half};

/// Bytes of the header of the database, which the first page begins with.
const HEADER_BYTES: usize = 100;
/// Types of pages in the tree of a table.
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

/// Where the pages of a database are.
pub(super) struct Pages<'a> {
    bytes: &'a [u8],
    log: Log<'a>,
    /// Bytes of a page.
    size: usize,
    /// Bytes of a page without those that are kept for extensions.
    usable: usize,
}

impl<'a> Pages<'a> {
    /// Reads the header.
    pub(super) fn open(bytes: &'a [u8], log: &'a [u8]) -> Result<Self, SqliteError> {
        if !bytes.starts_with(MAGIC) {
            return Err(SqliteError::Magic);
        }
        let size = match big_endian_half(bytes, 16) {
            Some(1) => 65_536,
            Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err(SqliteError::Header("the size of its pages")),
        };
        let reserved = usize::from(bytes.get(20).copied().unwrap_or(0));
        let usable = size - reserved;
        if usable < 480 {
            return Err(SqliteError::Header("the bytes that pages reserve"));
        }
        if bytes.len() < size {
            return Err(SqliteError::Header("its first page is cut"));
        }
        // Of the two format numbers, the one for reading: 2 is for databases
        // with a log.
        let log = match bytes.get(19) {
            Some(1) => Log::default(),
            Some(2) => Log::read(log, size),
            _ => return Err(SqliteError::Header("the version of its format")),
        };
        let pages = Self {
            bytes,
            log,
            size,
            usable,
        };
        let first = pages.get(1).ok_or(SqliteError::Header("no first page"))?;
        // 0 stands in a database that nothing was written to yet.
        match big_endian(first, 56) {
            Some(0 | 1) => Ok(pages),
            Some(2 | 3) => Err(SqliteError::Encoding),
            _ => Err(SqliteError::Header("the encoding of its text")),
        }
    }

    /// The newest content of a page.
    fn get(&self, number: u32) -> Option<&'a [u8]> {
        if let Some(page) = self.log.page(number) {
            return Some(page);
        }
        let start = usize::try_from(number.checked_sub(1)?)
            .ok()?
            .checked_mul(self.size)?;
        self.bytes.get(start..start.checked_add(self.size)?)
    }

    /// How many pages there can be.
    fn count(&self) -> usize {
        self.bytes.len() / self.size + self.log.len()
    }

    /// Begins to read a tree.
    pub(super) fn begin(&self) -> Reading<'_, 'a> {
        Reading {
            pages: self,
            seen: std::collections::HashSet::new(),
            payload_left: self.count().saturating_mul(self.size),
        }
    }
}

/// A tree that is being read: what was used of it already.
pub(super) struct Reading<'p, 'a> {
    pages: &'p Pages<'a>,
    /// Pages that were read: in a sound database none comes twice.
    seen: std::collections::HashSet<u32>,
    /// Bytes that rows may still have: many cells may claim the same bytes.
    payload_left: usize,
}

/// A page of a table's tree.
pub(super) struct TreePage<'a> {
    number: u32,
    bytes: &'a [u8],
    leaf: bool,
    cells: u16,
    /// Where the places of the cells stand.
    pointers: usize,
    /// Where the header of the page begins.
    start: usize,
}

/// A row as it is stored.
pub(super) struct Cell<'a> {
    pub(super) row: i64,
    pub(super) payload: Cow<'a, [u8]>,
}

impl<'a> TreePage<'a> {
    pub(super) const fn is_leaf(&self) -> bool {
        self.leaf
    }

    pub(super) const fn cells(&self) -> u16 {
        self.cells
    }

    /// The pages below one of the interior, in order.
    pub(super) fn children(&self) -> Result<Vec<u32>, SqliteError> {
        let damaged = |problem| damaged(self.number, problem);
        let mut children = Vec::with_capacity(usize::from(self.cells) + 1);
        for place in 0..self.cells {
            let at = self.place(place).ok_or(damaged(CELL))?;
            children.push(page_number(self.bytes, at).ok_or(damaged(CELL))?);
        }
        let last = page_number(self.bytes, self.start + 8);
        children.push(last.ok_or(damaged(CELL))?);
        Ok(children)
    }

    /// Where a cell is.
    fn place(&self, number: u16) -> Option<usize> {
        let pointer = self.pointers + 2 * usize::from(number);
        big_endian_half(self.bytes, pointer).map(usize::from)
    }
}

impl<'a> Reading<'_, 'a> {
    /// A page that was not read yet.
    fn page(&mut self, number: u32) -> Result<&'a [u8], SqliteError> {
        if !self.seen.insert(number) {
            return Err(damaged(number, "it is used twice"));
        }
        let page = self.pages.get(number);
        page.ok_or(damaged(number, "the file ends before it"))
    }

    pub(super) fn tree_page(&mut self, number: u32) -> Result<TreePage<'a>, SqliteError> {
        let bytes = self.page(number)?;
        let start = if number == 1 { HEADER_BYTES } else { 0 };
        let damaged = |problem| damaged(number, problem);
        let leaf = match bytes.get(start) {
            Some(&LEAF) => true,
            Some(&INTERIOR) => false,
            _ => return Err(damaged("it belongs to no table")),
        };
        let cells = big_endian_half(bytes, start + 3).ok_or(damaged(CELL))?;
        let pointers = start + if leaf { 8 } else { 12 };
        if pointers + 2 * usize::from(cells) > bytes.len() {
            return Err(damaged("it has more rows than room"));
        }
        Ok(TreePage {
            number,
            bytes,
            leaf,
            cells,
            pointers,
            start,
        })
    }

    /// A row on a leaf.
    pub(super) fn cell(
        &mut self,
        page: &TreePage<'a>,
        place: u16,
    ) -> Result<Cell<'a>, SqliteError> {
        let damaged = || damaged(page.number, CELL);
        let at = page.place(place).ok_or(damaged())?;
        let cell = page.bytes.get(at..).ok_or(damaged())?;
        let (length, used) = variable_length(cell).ok_or(damaged())?;
        let cell = cell.get(used..).ok_or(damaged())?;
        let (row, used) = variable_length(cell).ok_or(damaged())?;
        let cell = cell.get(used..).ok_or(damaged())?;
        let length = usize::try_from(length).map_err(|_| damaged())?;
        self.payload_left = (self.payload_left.checked_sub(length)).ok_or(SqliteError::Page {
            page: page.number,
            problem: "its rows are longer than the database",
        })?;
        let local = self.local(length);
        let here = cell.get(..local).ok_or(damaged())?;
        let payload = if local == length {
            Cow::Borrowed(here)
        } else {
            let next = page_number(cell, local).ok_or(damaged())?;
            Cow::Owned(self.overflow(here, length, next)?)
        };
        Ok(Cell {
            // The same bits, with a sign.
            row: row.cast_signed(),
            payload,
        })
    }

    /// Bytes of a row that stand on the leaf itself (section 1.6 of the
    /// format, the calculation for table leaves).
    const fn local(&self, length: usize) -> usize {
        let usable = self.pages.usable;
        let most = usable - 35;
        if length <= most {
            return length;
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let wanted = least + (length - least) % (usable - 4);
        if wanted <= most { wanted } else { least }
    }

    /// A row that goes on in a chain of pages.
    fn overflow(&mut self, here: &[u8], length: usize, first: u32) -> Result<Vec<u8>, SqliteError> {
        let mut payload = here.to_vec();
        let mut next = first;
        loop {
            let page = self.page(next)?;
            let part = page.get(4..self.pages.usable).unwrap_or_default();
            let wanted = length - payload.len();
            payload.extend_from_slice(part.get(..wanted).unwrap_or(part));
            if payload.len() == length {
                return Ok(payload);
            }
            let chain = "the chain of a long row ends on it";
            next = page_number(page, 0).ok_or(damaged(next, chain))?;
        }
    }
}

const CELL: &str = "a row is not where it should be";

const fn damaged(page: u32, problem: &'static str) -> SqliteError {
    SqliteError::Page { page, problem }
}
