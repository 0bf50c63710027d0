//! Quoted strings of Go (strconv.Unquote), in backquotes or double quotes.

/// How many bytes a quoted string takes at the beginning of a text, with its
/// quotes. None where it does not begin with one, or the quote does not end.
pub(crate) fn length(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (_, quote) = bytes.next()?;
    match quote {
        b'`' => bytes.find(|(_, byte)| *byte == b'`').map(|(at, _)| at + 1),
        b'"' => loop {
            match bytes.next()? {
                (at, b'"') => return Some(at + 1),
                (_, b'\n') => return None,
                (_, b'\\') => {
                    bytes.next()?;
                }
                _ => {}
            }
        },
        _ => None,
    }
}

/// What a quoted string says; bytes that are no UTF-8 stand as the
/// replacement character. None where it is not well formed.
pub(crate) fn unquote(text: &str) -> Option<String> {
    if length(text)? != text.len() {
        return None;
    }
    let inner = &text[1..text.len() - 1];
    if text.starts_with('`') {
        return Some(inner.replace('\r', ""));
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character == '\\' {
            rest = escape(rest, &mut bytes)?;
        } else {
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Takes what follows a backslash; gives what comes behind.
fn escape<'t>(text: &'t str, bytes: &mut Vec<u8>) -> Option<&'t str> {
    let simple = |byte: u8, bytes: &mut Vec<u8>| {
        bytes.push(byte);
        text.get(1..)
    };
    match text.as_bytes().first()? {
        b'a' => simple(7, bytes),
        b'b' => simple(8, bytes),
        b'f' => simple(12, bytes),
        b'n' => simple(b'\n', bytes),
        b'r' => simple(b'\r', bytes),
        b't' => simple(b'\t', bytes),
        b'v' => simple(11, bytes),
        b'\\' => simple(b'\\', bytes),
        b'"' => simple(b'"', bytes),
        b'x' => {
            bytes.push(u8::try_from(number(text.get(1..3)?, 16)?).ok()?);
            text.get(3..)
        }
        b'u' => character(text.get(1..5)?, bytes).and_then(|()| text.get(5..)),
        b'U' => character(text.get(1..9)?, bytes).and_then(|()| text.get(9..)),
        b'0'..=b'7' => {
            bytes.push(u8::try_from(number(text.get(..3)?, 8)?).ok()?);
            text.get(3..)
        }
        _ => None,
    }
}

fn character(digits: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let character = char::from_u32(number(digits, 16)?)?;
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(())
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    is_number.then(|| u32::from_str_radix(digits, radix).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    // The answers are those of strconv.Unquote of Go 1.26.
    #[test]
    fn quotes_are_undone_as_go_does_it() {
        for (text, wanted) in [
            (r#""""#, Some("")),
            (r#""a b\t\"c\"\\""#, Some("a b\t\"c\"\\")),
            (r#""\x41\101\u00e9\U0001F600é""#, Some("AAé😀é")),
            ("`a\"b\\`", Some("a\"b\\")),
            ("`a\rb`", Some("ab")),
            (r#""\'""#, None),
            (r#""\q""#, None),
            (r#""\x4""#, None),
            (r#""\+41""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
            ("\"a\nb\"", None),
            (r#""a"b"#, None),
            (r#""a"#, None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(unquote(text).as_deref(), wanted, "{text}");
        }
    }
}
