//! One table of an SQLite database in memory, read as the file format has it
//! (sqlite.org/fileformat2.html), with what its write-ahead log adds. No
//! queries, no indices, nothing is written.
//!
//! A page is read once at most, and all rows together are no longer than the
//! database: that bounds time and memory, whatever the file says.

mod log;
mod pages;
mod record;

pub(crate) use self::log::Log;
use self::pages::{Cell, Pages};
pub(crate) use self::record::Value;

/// What a database begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Levels of a tree; SQLite's own limit (btreeInt.h, `BTCURSOR_MAX_DEPTH`).
const DEPTH: usize = 20;
/// Rows of the schema: tables, indices, views.
const SCHEMA_ROWS: usize = 10_000;

/// A database can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqliteError {
    /// It does not begin as one.
    #[error("not an SQLite database")]
    Magic,
    /// Its header has impossible values.
    #[error("the header of the database is damaged: {0}")]
    Header(&'static str),
    /// The text of the schema is in UTF-16.
    #[error("the database has its text in UTF-16, which is not read")]
    Encoding,
    /// A page is not there, comes twice, or is damaged.
    #[error("page {page} of the database is damaged: {problem}")]
    Page {
        /// Its number, from 1.
        page: u32,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// There is no such table.
    #[error("the database has no table {0}")]
    NoTable(&'static str),
    /// More than a reader takes.
    #[error("the schema of the database has more than {SCHEMA_ROWS} rows")]
    Schema,
}

/// A database, and the part of its write-ahead log that was committed.
pub(crate) struct Database<'a> {
    pages: Pages<'a>,
}

impl<'a> Database<'a> {
    /// A database whose log is empty, or is given with it. Nothing of it is
    /// read but its header.
    ///
    /// # Errors
    /// It is no database.
    pub(crate) fn open(bytes: &'a [u8], log: &'a [u8]) -> Result<Self, SqliteError> {
        Ok(Self {
            pages: Pages::open(bytes, log)?,
        })
    }

    /// Calls `each` with the number and the values of every row of a table,
    /// in the table's order; it may end the reading by an error.
    ///
    /// # Errors
    /// There is no such table, a page is damaged, or `each` says so.
    pub(crate) fn rows<E: From<SqliteError>>(
        &self,
        table: &'static str,
        mut each: impl FnMut(i64, &[Value<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let root = self.root(table)?;
        self.walk(root, |row, payload| {
            let values = record::read(payload);
            let values = values.ok_or(SqliteError::Page {
                page: root,
                problem: "a row of its table has no such form",
            })?;
            each(row, &values)
        })
    }

    /// The first page of a table, as the schema has it: `type`, `name`,
    /// `tbl_name`, `rootpage`, `sql`.
    fn root(&self, table: &'static str) -> Result<u32, SqliteError> {
        let mut root = None;
        let mut rows = 0;
        self.walk(1, |_, payload| {
            rows += 1;
            if rows > SCHEMA_ROWS {
                return Err(SqliteError::Schema);
            }
            let values = record::read(payload).unwrap_or_default();
            if let [
                Value::Text(kind),
                Value::Text(name),
                _,
                Value::Integer(page),
                ..,
            ] = values.as_slice()
                && *kind == b"table"
                && name.eq_ignore_ascii_case(table.as_bytes())
            {
                root = u32::try_from(*page).ok();
            }
            Ok(())
        })?;
        root.ok_or(SqliteError::NoTable(table))
    }

    /// Calls `each` with every row of the tree that begins at a page.
    fn walk<E: From<SqliteError>>(
        &self,
        root: u32,
        mut each: impl FnMut(i64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut reading = self.pages.begin();
        // Pages still to be read, the next one last, each with its level.
        let mut rest = vec![(root, 0)];
        while let Some((number, level)) = rest.pop() {
            let page = reading.tree_page(number)?;
            if page.is_leaf() {
                for place in 0..page.cells() {
                    let Cell { row, payload } = reading.cell(&page, place)?;
                    each(row, &payload)?;
                }
            } else {
                if level == DEPTH {
                    let problem = "its tree is too deep";
                    let page = number;
                    return Err(SqliteError::Page { page, problem }.into());
                }
                let children = page.children()?;
                rest.extend(children.into_iter().rev().map(|child| (child, level + 1)));
            }
        }
        Ok(())
    }
}

/// Bytes as a number, the greatest first.
fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

/// The same of two bytes.
fn big_endian_half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests;
