//! The table of functions, pclntab (debug/gosym/pclntab.go; runtime/symtab.go),
//! in its forms of Go 1.18 to 1.19 and of Go 1.20 and later.

use std::borrow::Cow;

use crate::image::{Image, Part};
use crate::{GoError, Source};

/// Functions of a program. The largest have some hundred thousand.
const FUNCTIONS: u64 = 1 << 20;
/// Bytes of all names.
const NAME_BYTES: u64 = 64 << 20;
/// Bytes of the records of all functions.
const RECORD_BYTES: u64 = 128 << 20;
/// Bytes of the last record: its fixed fields, and 4 for each of its tables.
const LAST_RECORD_BYTES: u64 = 2048;
/// Places that look like a table, of which one is.
const CANDIDATES: usize = 64;
/// Bytes of the header.
const HEADER: u64 = 72;
/// Bytes of a pair in the list of functions.
const PAIR: usize = 8;

/// Sections that hold the table: the second in position-independent programs
/// before Go 1.26. The C linker may put it into a section with others.
const SECTIONS: [&str; 2] = [".gopclntab", ".data.rel.ro.gopclntab"];

/// Forms of the table, by the numbers that they begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Go 1.18 and 1.19.
    Go118,
    /// Go 1.20 and later.
    Go120,
}

impl Form {
    /// Bytes of a function's record, without the tables behind it.
    pub(crate) const fn record_bytes(self) -> usize {
        match self {
            Self::Go118 => 40,
            // The line at which the function begins was added.
            Self::Go120 => 44,
        }
    }
}

/// What the beginning of the table says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// Where it is mapped.
    pub(crate) address: u64,
    pub(crate) form: Form,
    /// Bytes that addresses of instructions are multiples of.
    pub(crate) quantum: u32,
    pub(crate) functions: u64,
    /// From the header on: the names of functions, where they end, tables by
    /// addresses, the list of functions and their records.
    pub(crate) names: u64,
    pub(crate) names_end: u64,
    pub(crate) values: u64,
    pub(crate) records: u64,
    /// Bytes from the header to the end of its segment.
    size: u64,
}

/// A function with code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Where its code begins, from the beginning of Go's code on.
    pub entry: u32,
    /// Where the next function's code begins.
    pub end: u32,
    /// Which name it has: see [`Functions::name`].
    pub name: u32,
    /// Where its record is among the records.
    pub(crate) record: u32,
}

/// All functions of a program, by address.
#[derive(Clone, Debug)]
pub struct Functions {
    pub(crate) header: Header,
    names: Vec<u8>,
    records: Vec<u8>,
    functions: Vec<Function>,
}

impl Functions {
    /// Reads the table, wherever it is.
    pub(crate) fn read<S: Source>(image: &mut Image<S>) -> Result<Self, GoError> {
        let header = find(image)?;
        let at = |offset: u64| header.address + offset;
        let length = header.names_end - header.names;
        if length > NAME_BYTES {
            return Err(GoError::TooLarge(format!(
                "{length} bytes of names of functions, more than {NAME_BYTES}"
            )));
        }
        let names = image.read("the names of functions", at(header.names), length)?;
        let records = records(image, &header)?;
        let mut functions = Self {
            header,
            names,
            records,
            functions: Vec::new(),
        };
        functions.functions = functions.list()?;
        Ok(functions)
    }

    /// The functions, by address.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Function> {
        self.functions.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// A name by its number, as Go's linker writes it but for the arguments of
    /// types, which are `[...]`. Bytes that are no UTF-8 stand as the
    /// replacement character.
    #[must_use]
    pub fn name(&self, name: u32) -> Cow<'_, str> {
        let bytes = usize::try_from(name).ok();
        let bytes = bytes.and_then(|name| self.names.get(name..));
        let bytes = bytes.unwrap_or_default().split(|byte| *byte == 0).next();
        String::from_utf8_lossy(bytes.unwrap_or_default())
    }

    /// Whether a number is that of a name.
    pub(crate) fn is_name(&self, name: u32) -> bool {
        let Ok(name) = usize::try_from(name) else {
            return false;
        };
        name < self.names.len() && (name == 0 || self.names[name - 1] == 0)
    }

    /// The function whose code begins at an offset.
    pub(crate) fn at(&self, entry: u64) -> Option<&Function> {
        let entry = u32::try_from(entry).ok()?;
        let index = self
            .functions
            .binary_search_by_key(&entry, |function| function.entry)
            .ok()?;
        self.functions.get(index)
    }

    /// The record of a function, and all records behind it.
    pub(crate) fn record(&self, function: &Function) -> &[u8] {
        let start = usize::try_from(function.record).ok();
        start
            .and_then(|start| self.records.get(start..))
            .unwrap_or_default()
    }

    fn list(&self) -> Result<Vec<Function>, GoError> {
        let count = usize::try_from(self.header.functions).unwrap_or(0);
        let mut functions: Vec<Function> = Vec::with_capacity(count);
        for index in 0..count {
            let [entry, record, end] = [0, 4, 8].map(|at| word(&self.records, index * PAIR + at));
            let (Some(entry), Some(record), Some(end)) = (entry, record, end) else {
                return Err(GoError::damaged("the list of functions is cut off"));
            };
            let mut function = Function {
                entry,
                end,
                name: 0,
                record,
            };
            let fields = self.record(&function);
            let is_its_own =
                word(fields, 0) == Some(entry) && fields.len() >= self.header.form.record_bytes();
            let name = word(fields, 4).filter(|name| is_its_own && self.is_name(*name));
            let Some(name) = name.filter(|_| entry <= end) else {
                return Err(GoError::Damaged(format!(
                    "function {index} of {count} has no sound record"
                )));
            };
            function.name = name;
            functions.push(function);
        }
        Ok(functions)
    }
}

/// A number of 32 bits at an offset.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

/// The list of functions, and their records behind it.
fn records<S: Source>(image: &mut Image<S>, header: &Header) -> Result<Vec<u8>, GoError> {
    let start = header.address + header.records;
    let available = header.size - header.records;
    let list = header.functions * PAIR as u64 + 4;
    if list > available {
        return Err(GoError::damaged("the list of functions is cut off"));
    }
    let what = "the list of functions";
    let bytes = image.read(what, start, list)?;
    let (pairs, _) = bytes.as_chunks::<PAIR>();
    let last = pairs.iter().filter_map(|pair| word(pair, 4)).max();
    let length = (u64::from(last.unwrap_or(0)) + LAST_RECORD_BYTES).min(available);
    if length > RECORD_BYTES {
        return Err(GoError::TooLarge(format!(
            "{length} bytes of records of functions, more than {RECORD_BYTES}"
        )));
    }
    image.read("the records of functions", start, length.max(list))
}

/// Finds the table: in its section, or by what it looks like.
fn find<S: Source>(image: &mut Image<S>) -> Result<Header, GoError> {
    if !image.is_supported() {
        let what = "programs of 32 bits, and of big endian machines";
        return Err(GoError::Unsupported(what.to_owned()));
    }
    let sections = SECTIONS.iter().filter_map(|name| image.section(name));
    let sections: Vec<u64> = sections.map(|section| section.address).collect();
    let mut old = false;
    for address in sections {
        match header(image, address)? {
            Beginning::Read(header) => return Ok(header),
            Beginning::Old => old = true,
            Beginning::Other => {}
        }
    }
    for part in image.loads(false) {
        for address in candidates(image, part)? {
            match header(image, address)? {
                Beginning::Read(header) => return Ok(header),
                Beginning::Old => old = true,
                Beginning::Other => {}
            }
        }
    }
    if old {
        let what = "the table of functions of Go before 1.18";
        return Err(GoError::Unsupported(what.to_owned()));
    }
    Err(GoError::damaged("no table of functions was found"))
}

fn candidates<S: Source>(image: &mut Image<S>, part: Part) -> Result<Vec<u64>, GoError> {
    image.search(part, 8, CANDIDATES, |bytes| {
        matches!(bytes[0], 0xf0 | 0xf1 | 0xfa | 0xfb)
            && bytes[1..4] == [0xff; 3]
            && bytes[4..6] == [0; 2]
            && matches!(bytes[6], 1 | 2 | 4)
            && bytes[7] == 8
    })
}

/// What a place is that looks like the table.
enum Beginning {
    Read(Header),
    /// Of Go before 1.18.
    Old,
    Other,
}

fn header<S: Source>(image: &mut Image<S>, address: u64) -> Result<Beginning, GoError> {
    let Some(place) = image.place(address).filter(|place| place.size >= HEADER) else {
        return Ok(Beginning::Other);
    };
    let bytes = image.bytes("the table of functions", place.offset, HEADER)?;
    let form = match bytes[..8] {
        [0xf0, 0xff, 0xff, 0xff, 0, 0, 1 | 2 | 4, 8] => Form::Go118,
        [0xf1, 0xff, 0xff, 0xff, 0, 0, 1 | 2 | 4, 8] => Form::Go120,
        [0xfa | 0xfb, 0xff, 0xff, 0xff, 0, 0, ..] => return Ok(Beginning::Old),
        _ => return Ok(Beginning::Other),
    };
    let (words, _) = bytes[8..].as_chunks::<8>();
    let mut numbers = [0; 8];
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = u64::from_le_bytes(*word);
    }
    let [functions, _, _, names, units, files, values, records] = numbers;
    let rises = [HEADER, names, units, files, values, records, place.size];
    if !rises.is_sorted() || !(1..=place.size).contains(&functions) {
        return Ok(Beginning::Other);
    }
    if functions > FUNCTIONS {
        return Err(GoError::TooLarge(format!(
            "{functions} functions, more than {FUNCTIONS}"
        )));
    }
    Ok(Beginning::Read(Header {
        address,
        form,
        quantum: u32::from(bytes[6]),
        functions,
        names,
        names_end: units,
        values,
        records,
        size: place.size,
    }))
}
