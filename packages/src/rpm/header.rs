//! The header of a package, as rpm stores it: an index of tags, and the data
//! that they point into (lib/header.c; the file format is in rpm's
//! docs/manual/format.md, the database leaves out the magic number). Numbers
//! have their greatest byte first.

/// Bytes of an entry of the index.
const ENTRY_BYTES: usize = 16;

/// Types of data.
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRINGS: u32 = 8;
/// A string for each language; the first is that of none.
const INTERNATIONAL: u32 = 9;

/// Tags that name files, as numbers of folders, names, and folders.
const DIRECTORY_INDICES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIRECTORY_NAMES: u32 = 1118;

const DAMAGED: &str = "its header is damaged";

/// The type of a tag, how many values it has, and its data with all that
/// follows.
type Tag<'a> = (u32, usize, &'a [u8]);

/// A header whose index and data are there.
pub(super) struct Header<'a> {
    entries: &'a [[u8; ENTRY_BYTES]],
    data: &'a [u8],
}

impl<'a> Header<'a> {
    pub(super) fn read(blob: &'a [u8]) -> Result<Self, &'static str> {
        let (count, rest) = number(blob).ok_or(DAMAGED)?;
        let (length, rest) = number(rest).ok_or(DAMAGED)?;
        let index = (count as usize).checked_mul(ENTRY_BYTES).ok_or(DAMAGED)?;
        let (index, data) = rest.split_at_checked(index).ok_or(DAMAGED)?;
        Ok(Self {
            entries: index.as_chunks().0,
            data: data.get(..length as usize).ok_or(DAMAGED)?,
        })
    }

    /// The one string of a tag.
    pub(super) fn string(&self, tag: u32) -> Result<Option<&'a [u8]>, &'static str> {
        match self.find(tag)? {
            None => Ok(None),
            Some((STRING | INTERNATIONAL, _, data)) => Ok(Some(string(data).ok_or(DAMAGED)?.0)),
            Some(_) => Err(DAMAGED),
        }
    }

    /// The one number of a tag.
    pub(super) fn number(&self, tag: u32) -> Result<Option<u32>, &'static str> {
        match self.find(tag)? {
            None => Ok(None),
            Some((INT32, _, data)) => Ok(Some(number(data).ok_or(DAMAGED)?.0)),
            Some(_) => Err(DAMAGED),
        }
    }

    /// Whether the package has a file of this absolute path.
    pub(super) fn has_file(&self, path: &str) -> Result<bool, &'static str> {
        let Some(slash) = path.rfind('/') else {
            return Ok(false);
        };
        let (folder, name) = path.split_at(slash + 1);
        // Few packages have the folder at all.
        let mut folders = self.strings(DIRECTORY_NAMES)?;
        let Some(folder) = folders.position(|other| other == folder.as_bytes()) else {
            return Ok(false);
        };
        let indices = match self.find(DIRECTORY_INDICES)? {
            Some((INT32, count, data)) => data.as_chunks::<4>().0.iter().take(count),
            _ => return Err(DAMAGED),
        };
        let names = self.strings(BASE_NAMES)?;
        let mut files = indices.zip(names);
        Ok(files.any(|(index, other)| {
            u32::from_be_bytes(*index) as usize == folder && other == name.as_bytes()
        }))
    }

    /// The strings of a tag; none where there is no such tag.
    fn strings(&self, tag: u32) -> Result<impl Iterator<Item = &'a [u8]>, &'static str> {
        let (count, mut data) = match self.find(tag)? {
            None => (0, &[][..]),
            Some((STRINGS, count, data)) => (count, data),
            Some(_) => return Err(DAMAGED),
        };
        // Each takes a byte at least: a count beyond the data ends with it.
        Ok(std::iter::from_fn(move || {
            let first;
            (first, data) = string(data)?;
            Some(first)
        })
        .take(count))
    }

    /// A tag; none where the header has no such tag. What rpm changes as it
    /// installs stands behind what the package had, and replaces it
    /// (lib/header.c, the dribbles behind an immutable region).
    fn find(&self, tag: u32) -> Result<Option<Tag<'a>>, &'static str> {
        let entry = self.entries.iter().rfind(|entry| {
            let first: Option<&[u8; 4]> = entry.first_chunk();
            first.is_some_and(|bytes| u32::from_be_bytes(*bytes) == tag)
        });
        let Some(entry) = entry else {
            return Ok(None);
        };
        let mut fields = entry
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| u32::from_be_bytes(*bytes));
        let (Some(_), Some(kind), Some(offset), Some(count)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(DAMAGED);
        };
        let data = self.data.get(offset as usize..).ok_or(DAMAGED)?;
        Ok(Some((kind, count as usize, data)))
    }
}

/// A number, and what follows.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (first, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*first), rest))
}

/// A string up to its NUL, and what follows.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}
