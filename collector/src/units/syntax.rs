//! The lines of a unit file and the words of a value, as systemd reads them
//! (systemd.syntax(7), src/shared/conf-parser.c, src/basic/extract-word.c).
//! Each byte of what was joined knows its place in the file, so that a part
//! can be replaced there.

use std::ops::Range;

/// A comment, or a line with all its continuations.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Its place in the file, blanks around it left out.
    Comment(Range<usize>),
    /// Anything else that is not empty.
    Line(Line),
}

/// A line, and the lines that continue it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Joined, without blanks around it. A blank stands for each backslash at
    /// the end of a line.
    pub(super) text: Vec<u8>,
    /// The place in the file of each byte of the text.
    places: Vec<usize>,
    /// Places of the backslashes that were joined, in order.
    backslashes: Vec<usize>,
}

impl Line {
    /// `[Service]`.
    pub(super) fn section(&self) -> Option<&[u8]> {
        self.text.strip_prefix(b"[")?.strip_suffix(b"]")
    }

    /// Where key and value are in the text, without blanks around them.
    pub(super) fn assignment(&self) -> Option<(Range<usize>, Range<usize>)> {
        let equals = self.text.iter().position(|byte| *byte == b'=')?;
        let value = equals + 1..self.text.len();
        Some((trim(&self.text, 0..equals), trim(&self.text, value)))
    }

    /// Places in the file of a part of the text: what joins lines is left out.
    pub(super) fn places(&self, part: Range<usize>) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for place in &self.places[part] {
            if self.backslashes.binary_search(place).is_ok() {
                continue;
            }
            match places.last_mut() {
                Some(last) if last.end == *place => last.end += 1,
                _ => places.push(*place..*place + 1),
            }
        }
        places
    }
}

/// All comments and lines of a file, in order; a comment between a line and
/// its continuation comes before the line.
pub(super) fn items(file: &[u8]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut open: Option<Line> = None;
    for range in lines(file) {
        let range = trim_start(file, range);
        if matches!(file.get(range.start), Some(b'#' | b';')) && !range.is_empty() {
            items.push(Item::Comment(trim(file, range)));
            continue;
        }
        let is_continued = ends_in_backslash(&file[range.clone()]);
        let line = open.get_or_insert_with(|| Line {
            text: Vec::new(),
            places: Vec::new(),
            backslashes: Vec::new(),
        });
        line.text.extend_from_slice(&file[range.clone()]);
        line.places.extend(range);
        if is_continued {
            if let (Some(last), Some(place)) = (line.text.last_mut(), line.places.last()) {
                *last = b' ';
                line.backslashes.push(*place);
            }
        } else {
            items.extend(open.take().and_then(whole).map(Item::Line));
        }
    }
    items.extend(open.and_then(whole).map(Item::Line));
    items
}

/// A line without blanks around it; none where nothing is left.
fn whole(mut line: Line) -> Option<Line> {
    let part = trim(&line.text, 0..line.text.len());
    line.text = line.text[part.clone()].to_vec();
    line.places = line.places[part].to_vec();
    (!line.text.is_empty()).then_some(line)
}

/// Places of the lines of a file, without what ends them. A mark of UTF-8 at
/// the beginning is no part of the first one.
fn lines(file: &[u8]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = if file.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    while start < file.len() {
        let rest = &file[start..];
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r' | 0));
        let length = length.unwrap_or(rest.len());
        lines.push(start..start + length);
        let ending = match rest.get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
        start += length + ending;
    }
    lines
}

/// Whether the last character is a backslash that no other one escapes.
fn ends_in_backslash(line: &[u8]) -> bool {
    let count = line.iter().rev().take_while(|byte| **byte == b'\\').count();
    count % 2 == 1
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn trim_start(text: &[u8], mut range: Range<usize>) -> Range<usize> {
    while !range.is_empty() && is_blank(text[range.start]) {
        range.start += 1;
    }
    range
}

fn trim(text: &[u8], range: Range<usize>) -> Range<usize> {
    let mut range = trim_start(text, range);
    while !range.is_empty() && is_blank(text[range.end - 1]) {
        range.end -= 1;
    }
    range
}

/// A word of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its place in the value, with its quotes.
    pub(super) range: Range<usize>,
    /// Without quotes and escapes.
    pub(super) text: Vec<u8>,
}

/// The words of a value; `is_whole` is false where a quote does not end, which
/// the last word then goes on to.
pub(super) struct Words {
    pub(super) words: Vec<Word>,
    pub(super) is_whole: bool,
}

/// Splits a value into words: quotes anywhere in a word, escapes as in C.
pub(super) fn words(value: &[u8]) -> Words {
    let mut words = Vec::new();
    let mut at = 0;
    let mut is_whole = true;
    loop {
        at = trim_start(value, at..value.len()).start;
        if at == value.len() {
            return Words { words, is_whole };
        }
        let start = at;
        let mut text = Vec::new();
        let mut quote = None;
        while let Some(byte) = value.get(at).copied() {
            if quote.is_none() && is_blank(byte) {
                break;
            }
            at += 1;
            match byte {
                b'\\' => at += unescape(&value[at..], &mut text),
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                _ => text.push(byte),
            }
        }
        is_whole = quote.is_none();
        words.push(Word {
            range: start..at,
            text,
        });
    }
}

/// Splits a value at blanks alone.
pub(super) fn plain_words(value: &[u8]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = trim_start(value, 0..value.len()).start;
    while at < value.len() {
        let rest = &value[at..];
        let length = rest
            .iter()
            .position(|byte| is_blank(*byte))
            .unwrap_or(rest.len());
        words.push(Word {
            range: at..at + length,
            text: rest[..length].to_vec(),
        });
        at = trim_start(value, at + length..value.len()).start;
    }
    words
}

/// Adds what a backslash and the characters behind it stand for; returns how
/// many there were. What is no known escape stands for itself.
fn unescape(rest: &[u8], text: &mut Vec<u8>) -> usize {
    let Some(kind) = rest.first().copied() else {
        text.push(b'\\');
        return 0;
    };
    let simple = match kind {
        b'a' => Some(7),
        b'b' => Some(8),
        b'f' => Some(12),
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'v' => Some(11),
        b's' => Some(b' '),
        b'\\' | b'"' | b'\'' => Some(kind),
        _ => None,
    };
    if let Some(byte) = simple {
        text.push(byte);
        return 1;
    }
    let (digits, radix, start) = match kind {
        b'x' => (2, 16, 1),
        b'u' => (4, 16, 1),
        b'U' => (8, 16, 1),
        // Of an octal number the kind is the first digit.
        _ => (3, 8, 0),
    };
    let number = rest
        .get(start..start + digits)
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        .and_then(|digits| u32::from_str_radix(digits, radix).ok())
        .filter(|number| *number != 0);
    let character = number.and_then(char::from_u32);
    match (kind, number.map(u8::try_from), character) {
        // A byte, and not a character.
        (b'x' | b'0'..=b'7', Some(Ok(byte)), _) => text.push(byte),
        (b'u' | b'U', _, Some(character)) => {
            text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        _ => {
            text.extend([b'\\', kind]);
            return 1;
        }
    }
    start + digits
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use proptest::prelude::*;

    use super::*;

    fn lines_of(file: &str) -> Vec<String> {
        let items = items(file.as_bytes()).into_iter();
        items
            .map(|item| match item {
                Item::Comment(range) => file[range].to_owned(),
                Item::Line(line) => String::from_utf8(line.text).unwrap(),
            })
            .collect()
    }

    fn texts(value: &str) -> Vec<String> {
        let words = words(value.as_bytes()).words.into_iter();
        words
            .map(|word| String::from_utf8(word.text).unwrap())
            .collect()
    }

    /// The second is the example of systemd.syntax(7).
    #[test]
    fn lines_are_joined_and_comments_are_not() {
        for (file, expected) in [
            (
                "[A]\nk=v\n\n# c\n ; d \n  k = v  ",
                &["[A]", "k=v", "# c", "; d", "k = v"][..],
            ),
            (
                "KeyTwo=value 2 \\\n       value 2 continued\n\nKeyThree=value 3\\\n# this line is ignored\n; this line is ignored too\n       value 3 continued",
                &[
                    "KeyTwo=value 2  value 2 continued",
                    "# this line is ignored",
                    "; this line is ignored too",
                    "KeyThree=value 3 value 3 continued",
                ],
            ),
            ("a=1 \\\r\n 2\r\nb=3\rc=4", &["a=1  2", "b=3", "c=4"]),
            ("a=\\\\\nb=\\\\\\\nc", &["a=\\\\", "b=\\\\ c"]),
            ("a=1\\\n\nb=2\\", &["a=1", "b=2"]),
            ("a=1 # no comment", &["a=1 # no comment"]),
            ("\u{feff}[A]\n", &["[A]"]),
        ] {
            assert_eq!(lines_of(file), expected, "{file:?}");
        }
    }

    #[test]
    fn a_line_is_a_section_or_an_assignment() {
        let line = |text: &str| match items(text.as_bytes()).remove(0) {
            Item::Line(line) => line,
            other => panic!("{other:?}"),
        };
        assert_eq!(line("[Service]").section(), Some(&b"Service"[..]));
        assert_eq!(line("[Service").section(), None);
        let found = line(" Exec Start = a = b ");
        let (key, value) = found.assignment().unwrap();
        assert_eq!(
            (&found.text[key], &found.text[value]),
            (&b"Exec Start"[..], &b"a = b"[..])
        );
        assert_eq!(line("Exec Start").assignment(), None);
    }

    /// After systemd.syntax(7), and test-extract-word.c of systemd.
    #[test]
    fn words_are_split_as_systemd_splits_them() {
        for (value, expected) in [
            ("/bin/a  b\tc ", &["/bin/a", "b", "c"][..]),
            (r#""some thing" 'or other'"#, &["some thing", "or other"]),
            (r#"a"b c"d '"'"#, &["ab cd", "\""]),
            (r#""" x"#, &["", "x"]),
            (
                r"a\sb \x41\102 \u00e4 \\ \t",
                &["a b", "AB", "\u{e4}", "\\", "\t"],
            ),
            (r#""a\"b" '\''"#, &["a\"b", "'"]),
            (
                r"\q \x4 \x00 \000 \777 \ud800 a\",
                &["\\q", "\\x4", "\\x00", "\\000", "\\777", "\\ud800", "a\\"],
            ),
            ("", &[]),
        ] {
            assert_eq!(texts(value), expected, "{value:?}");
            assert!(words(value.as_bytes()).is_whole);
        }
        assert!(!words(b"a 'b c").is_whole);
        assert_eq!(texts("a 'b c"), ["a", "b c"]);
    }

    proptest! {
        #[test]
        fn every_byte_keeps_its_place(file in "([a-z=\\[\\]#; \\\\\"'\r\n]|\\\\\n){0,60}") {
            let bytes = file.as_bytes();
            for item in items(bytes) {
                let Item::Line(line) = item else { continue };
                for range in line.places(0..line.text.len()) {
                    prop_assert!(!bytes[range.clone()].contains(&b'\n'));
                }
                for (at, byte) in line.text.iter().enumerate() {
                    match line.places(at..at + 1).as_slice() {
                        [range] => prop_assert_eq!(&bytes[range.clone()], &[*byte][..]),
                        other => prop_assert!(other.is_empty() && *byte == b' '),
                    }
                }
                let mut end = 0;
                for word in words(&line.text).words {
                    prop_assert!(word.range.start >= end && word.range.end > word.range.start);
                    end = word.range.end;
                }
                prop_assert!(end <= line.text.len());
            }
        }
    }
}
