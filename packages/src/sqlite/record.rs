//! Rows: a header of types, then the values of these types.

use super::big_endian;

/// Columns of one row; what a reader wants stands before that.
const COLUMNS: usize = 64;

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    /// A floating point number, which no table that is read has.
    Float,
    /// In the encoding of the database.
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

/// The values of a row; none where its header says what can't be.
pub(super) fn read(payload: &[u8]) -> Option<Vec<Value<'_>>> {
    let (length, begin) = variable_length(payload)?;
    let length = usize::try_from(length).ok()?;
    let mut header = payload.get(begin..length)?;
    let mut body = payload.get(length..)?;
    let mut values = Vec::new();
    while !header.is_empty() {
        if values.len() == COLUMNS {
            return None;
        }
        let (kind, used) = variable_length(header)?;
        header = header.get(used..)?;
        let size = size_of(kind)?;
        let (bytes, rest) = body.split_at_checked(size)?;
        body = rest;
        values.push(match kind {
            0 => Value::Null,
            1..=6 => Value::Integer(integer(bytes)),
            7 => Value::Float,
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            kind if kind % 2 == 0 => Value::Blob(bytes),
            _ => Value::Text(bytes),
        });
    }
    Some(values)
}

/// Bytes of a value by its serial type.
fn size_of(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        // Kept for SQLite itself.
        10 | 11 => None,
        kind => usize::try_from((kind - 12) / 2).ok(),
    }
}

/// A number with a sign, the greatest byte first.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    bytes
        .iter()
        .fold(start, |number: i64, byte| (number << 8) | i64::from(*byte))
}

/// A number of one to nine bytes, seven bits in each but the ninth; and how
/// many they are.
pub(super) fn variable_length(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(9).enumerate() {
        if place == 8 {
            return Some(((number << 8) | u64::from(*byte), 9));
        }
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, place + 1));
        }
    }
    None
}

/// The number of a page that stands somewhere.
pub(super) fn page_number(bytes: &[u8], at: usize) -> Option<u32> {
    big_endian(bytes, at).filter(|number| *number > 0)
}
