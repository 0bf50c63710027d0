//! Lines of a text that may hold any bytes.

/// A line without its end, and its number from 1.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: usize,
    pub(crate) bytes: &'a [u8],
}

/// The lines of a text, and an empty one at its end: groups of lines end with
/// one, the last of them too.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let ended = text.strip_suffix(b"\n").unwrap_or(text);
    let lines = ended.split(|byte| *byte == b'\n').chain([&b""[..]]);
    (1..)
        .zip(lines)
        .map(|(number, bytes)| Line { number, bytes })
}
