//! The blob in which a program says by which Go it was built, and of what
//! (debug/buildinfo/buildinfo.go).

use crate::image::{Image, Part};
use crate::{GoError, Source};

/// What the blob begins with.
const MAGIC: &[u8; 14] = b"\xff Go buildinf:";
/// It stands at multiples of so many bytes.
const ALIGN: u64 = 16;
/// Bytes before the strings.
const HEADER: u64 = 32;
/// Flag in the header: the strings follow it (since Go 1.18).
const INLINE: u8 = 2;
/// Flag in the header: pointers are big endian.
const BIG_ENDIAN: u8 = 1;
/// Bytes of a version.
const VERSION_BYTES: u64 = 1024;
/// Bytes of the module information.
const INFORMATION_BYTES: u64 = 16 << 20;
/// Bytes that begin and end the module information
/// (cmd/go/internal/modload/build.go).
const SENTINEL: usize = 16;
/// Bytes of the longest uvarint.
const UVARINT_BYTES: u64 = 10;

/// What the blob says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// The version: `go1.27.3`, with more words behind it in some builds.
    pub version: Vec<u8>,
    /// The lines about modules and settings, see
    /// [`crate::ModuleInformation`]; empty where there are none.
    pub information: Vec<u8>,
}

/// Reads the blob; none where there is none.
pub(crate) fn read<S: Source>(image: &mut Image<S>) -> Result<Option<BuildInfo>, GoError> {
    let Some((address, limit)) = find(image)? else {
        return Ok(None);
    };
    let header = read_at(image, &address, 0, HEADER, limit)?;
    let flags = header[15];
    let mut info = if flags & INLINE == 0 {
        by_pointers(image, &header)?
    } else {
        inline(image, &address, limit)?
    };
    if info.version.is_empty() {
        return Ok(None);
    }
    info.information = without_sentinels(info.information);
    Ok(Some(info))
}

/// Where the blob is, and how many bytes there are at most from there on.
fn find<S: Source>(image: &mut Image<S>) -> Result<Option<(Part, u64)>, GoError> {
    let mut parts = image.loads(true);
    if let Some(section) = image.section(".go.buildinfo") {
        let part = Part {
            address: section.address,
            offset: section.offset,
            size: section.size,
        };
        parts.insert(0, part);
    } else if image.has_sections() {
        // Go's linker always gives it a section of its own.
        return Ok(None);
    }
    for part in parts {
        let found = image.search(part, ALIGN, 16, |window| window.starts_with(&MAGIC[..8]))?;
        for address in found {
            let skipped = address - part.address;
            let limit = part.size - skipped;
            let place = Part {
                address,
                offset: part.offset.saturating_add(skipped),
                size: limit,
            };
            if limit >= HEADER && read_at(image, &place, 0, 14, limit)? == MAGIC {
                return Ok(Some((place, limit)));
            }
        }
    }
    Ok(None)
}

/// Strings that follow the header, each with its length before it.
fn inline<S: Source>(image: &mut Image<S>, place: &Part, limit: u64) -> Result<BuildInfo, GoError> {
    let (version, end) = string(image, place, HEADER, limit, VERSION_BYTES)?;
    let (information, _) = string(image, place, end, limit, INFORMATION_BYTES)?;
    Ok(BuildInfo {
        version,
        information,
    })
}

/// A string with its length before it, and where it ends.
fn string<S: Source>(
    image: &mut Image<S>,
    place: &Part,
    at: u64,
    limit: u64,
    longest: u64,
) -> Result<(Vec<u8>, u64), GoError> {
    let available = limit.saturating_sub(at).min(UVARINT_BYTES);
    let bytes = read_at(image, place, at, available, limit)?;
    let damaged = || GoError::damaged("the build information has a length that is none");
    let (length, used) = uvarint(&bytes).ok_or_else(damaged)?;
    if length > longest {
        return Err(GoError::TooLarge(format!(
            "a text of {length} bytes in the build information, more than {longest}"
        )));
    }
    let start = at + used as u64;
    let bytes = read_at(image, place, start, length, limit)?;
    Ok((bytes, start + length))
}

fn read_at<S: Source>(
    image: &mut Image<S>,
    place: &Part,
    at: u64,
    length: u64,
    limit: u64,
) -> Result<Vec<u8>, GoError> {
    if at.checked_add(length).is_none_or(|end| end > limit) {
        return Err(GoError::damaged(
            "the build information goes beyond the end of its section",
        ));
    }
    let what = "the build information";
    image.bytes(what, place.offset.saturating_add(at), length)
}

/// An unsigned number of seven bits a byte, and how many bytes it took.
pub(crate) fn uvarint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        let shifted = bits << (7 * index);
        if shifted >> (7 * index) != bits {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

/// Pointers to Go's strings in the header (before Go 1.18).
fn by_pointers<S: Source>(image: &mut Image<S>, header: &[u8]) -> Result<BuildInfo, GoError> {
    let size = usize::from(header[14]);
    if !matches!(size, 4 | 8) {
        return Err(GoError::damaged("the build information has odd pointers"));
    }
    let big = header[15] & BIG_ENDIAN != 0;
    let pointers = &header[16..];
    let version = number(&pointers[..size], big);
    let information = number(&pointers[size..2 * size], big);
    Ok(BuildInfo {
        version: go_string(image, version, size, big, VERSION_BYTES)?,
        information: go_string(image, information, size, big, INFORMATION_BYTES)?,
    })
}

/// A string that is told by its address and length.
fn go_string<S: Source>(
    image: &mut Image<S>,
    header: u64,
    size: usize,
    big: bool,
    longest: u64,
) -> Result<Vec<u8>, GoError> {
    let what = "a text of the build information";
    if header == 0 {
        return Ok(Vec::new());
    }
    let bytes = image.read(what, header, 2 * size as u64)?;
    let (address, length) = (number(&bytes[..size], big), number(&bytes[size..], big));
    if length > longest {
        return Err(GoError::TooLarge(format!(
            "{what} has {length} bytes, more than {longest}"
        )));
    }
    if length == 0 {
        return Ok(Vec::new());
    }
    image.read(what, address, length)
}

fn number(bytes: &[u8], big: bool) -> u64 {
    let add = |value: u64, byte: &u8| (value << 8) | u64::from(*byte);
    if big {
        bytes.iter().fold(0, add)
    } else {
        bytes.iter().rev().fold(0, add)
    }
}

/// Without what go puts around it; what has not that form is none.
fn without_sentinels(information: Vec<u8>) -> Vec<u8> {
    let length = information.len();
    if length > 2 * SENTINEL && information[length - SENTINEL - 1] == b'\n' {
        information[SENTINEL..length - SENTINEL].to_vec()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_within_its_bytes_and_its_bits() {
        assert_eq!(uvarint(&[0x05]), Some((5, 1)));
        assert_eq!(uvarint(&[0x80, 0x01, 0xff]), Some((128, 2)));
        assert_eq!(uvarint(&[0x80]), None);
        assert_eq!(uvarint(&[]), None);
        let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(uvarint(&most), Some((u64::MAX, 10)));
        let more = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(uvarint(&more), None);
    }

    #[test]
    fn information_stands_between_sentinels_or_is_none() {
        let text = [&[1; 16][..], b"path\ta\n", &[2; 16]].concat();
        assert_eq!(without_sentinels(text), b"path\ta\n");
        assert_eq!(without_sentinels(b"path\ta\n".to_vec()), b"");
        assert_eq!(without_sentinels(vec![b'x'; 64]), b"");
    }
}
