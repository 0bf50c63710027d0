//! rpm's database with a few packages: one table in one page of an SQLite
//! database (sqlite.org/fileformat2.html), and in it the header of each
//! package (rpm's docs/manual/format.md).

use super::Package;
use crate::CaseError;
use crate::error::{OrWrong as _, ensure};

/// Bytes of a page: the most that there can be.
const PAGE: usize = 65_536;
const SCHEMA: &str = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)";

/// The database.
///
/// # Errors
/// The packages do not fit into one page.
pub(super) fn database(packages: &[Package<'_>]) -> Result<Vec<u8>, CaseError> {
    let text = |text: &str| (13 + 2 * text.len() as u64, text.as_bytes().to_vec());
    let schema = record(&[
        text("table"),
        text("Packages"),
        text("Packages"),
        // The page of its rows.
        (1, vec![2]),
        text(SCHEMA),
    ]);
    let mut rows = Vec::new();
    for package in packages {
        let blob = header(package)?;
        // The number of the row stands for the first column.
        rows.push(record(&[
            (0, Vec::new()),
            (12 + 2 * blob.len() as u64, blob),
        ]));
    }
    let mut pages = file_header();
    pages.extend(leaf(&[schema], pages.len())?);
    pages.extend(leaf(&rows, 0)?);
    Ok(pages)
}

/// The header of the file: two pages, a format without a log, UTF-8.
fn file_header() -> Vec<u8> {
    let mut header = b"SQLite format 3\0".to_vec();
    header.extend([0, 1, 1, 1, 0, 64, 32, 32]);
    for number in [
        1,
        2,
        0,
        0,
        1,
        4,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        3_040_001_u32,
    ] {
        header.extend(number.to_be_bytes());
    }
    header
}

/// A leaf of a table behind so many bytes of other things: places of the rows
/// at its beginning, the rows at its end.
fn leaf(rows: &[Vec<u8>], before: usize) -> Result<Vec<u8>, CaseError> {
    let mut places = Vec::new();
    let mut page = vec![0; PAGE];
    let mut end = PAGE;
    for (number, row) in (1..).zip(rows) {
        let mut cell = variable_length(row.len() as u64);
        cell.extend(variable_length(number));
        cell.extend(row);
        let used = before + 8 + 2 * rows.len();
        let start = end.checked_sub(cell.len()).filter(|start| *start >= used);
        let start = start.or_wrong("more packages than fit into one page")?;
        page.splice(start..end, cell);
        places.extend(half(start)?);
        end = start;
    }
    let mut header = vec![13, 0, 0];
    header.extend(half(rows.len())?);
    // 0 stands for the whole page.
    header.extend(half(end % PAGE)?);
    header.push(0);
    header.extend(places);
    page.drain(..before);
    page.splice(..header.len(), header);
    Ok(page)
}

/// A row: the types of its values, then the values.
fn record(values: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let types: Vec<u8> = values
        .iter()
        .flat_map(|(kind, _)| variable_length(*kind))
        .collect();
    // Its own length is one byte as long as the types are few.
    let mut record = variable_length(types.len() as u64 + 1);
    record.extend(types);
    record.extend(values.iter().flat_map(|(_, value)| value));
    record
}

/// Seven bits in each byte, the greatest first.
fn variable_length(number: u64) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7f) as u8];
    let mut rest = number >> 7;
    while rest > 0 {
        bytes.push(0x80 | (rest & 0x7f) as u8);
        rest >>= 7;
    }
    bytes.reverse();
    bytes
}

fn half(number: usize) -> Result<[u8; 2], CaseError> {
    let number = u16::try_from(number).ok();
    Ok(number.or_wrong("a place beyond the page")?.to_be_bytes())
}

fn word(number: usize) -> Result<[u8; 4], CaseError> {
    let number = u32::try_from(number).ok();
    Ok(number.or_wrong("a header that is too long")?.to_be_bytes())
}

/// The header of a package: an index of tags, then their data.
fn header(package: &Package<'_>) -> Result<Vec<u8>, CaseError> {
    const STRING: u32 = 6;
    const STRINGS: u32 = 8;
    const NUMBERS: u32 = 4;
    let (epoch, rest) = match package.version.split_once(':') {
        Some((epoch, rest)) => (Some(epoch), rest),
        None => (None, package.version),
    };
    let (version, release) = rest
        .split_once('-')
        .or_wrong(format_args!("{} has no release", package.version))?;
    let source = package.source.unwrap_or(package.name);
    let source = format!("{source}-{version}-{release}.src.rpm");
    let string = |text: &str| [text.as_bytes(), b"\0"].concat();
    let mut tags = vec![
        (1000, STRING, 1, string(package.name)),
        (1001, STRING, 1, string(version)),
        (1002, STRING, 1, string(release)),
        (1022, STRING, 1, string(package.architecture)),
        (1044, STRING, 1, string(&source)),
    ];
    if let Some(epoch) = epoch {
        let number: u32 = epoch.parse().ok().or_wrong("the epoch is no number")?;
        tags.push((1003, NUMBERS, 1, number.to_be_bytes().to_vec()));
    }
    let files: Vec<(&str, &str)> = package.split_files().collect();
    if !files.is_empty() {
        let count = files.len();
        let mut numbers = Vec::new();
        for number in 0..count {
            numbers.extend(word(number)?);
        }
        let folders = files
            .iter()
            .flat_map(|(folder, _)| string(folder))
            .collect();
        let names = files.iter().flat_map(|(_, name)| string(name)).collect();
        tags.push((1116, NUMBERS, count, numbers));
        tags.push((1117, STRINGS, count, names));
        tags.push((1118, STRINGS, count, folders));
    }
    tags.sort_by_key(|(tag, ..)| *tag);
    let (mut index, mut data) = (Vec::new(), Vec::new());
    for (tag, kind, count, value) in &tags {
        if *kind == NUMBERS {
            data.resize(data.len().next_multiple_of(4), 0);
        }
        let (tag, kind): (u32, u32) = (*tag, *kind);
        index.extend(
            [
                tag.to_be_bytes(),
                kind.to_be_bytes(),
                word(data.len())?,
                word(*count)?,
            ]
            .concat(),
        );
        data.extend(value);
    }
    ensure!(data.len() < PAGE, "a header that is too long");
    Ok([
        &word(tags.len())?[..],
        &word(data.len())?[..],
        &index,
        &data,
    ]
    .concat())
}
