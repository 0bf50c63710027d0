//! Values of DER (X.690), one after the other: tag, length and content.
//! It reads what it can of encodings that are not the one that DER allows,
//! and says so, since the libraries that read certificates differ there.

/// A value, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    /// Its identifier octet; tags above 30 are not read.
    pub(crate) tag: u8,
    /// Its content.
    pub(crate) content: &'a [u8],
    /// With its tag and length.
    pub(crate) whole: &'a [u8],
    /// Its length is written in more bytes than it needs.
    pub(crate) long_length: bool,
}

/// Values in sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next value; none at the end and where the bytes are damaged.
    pub(crate) fn value(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest, long_length) = if first < 0x80 {
            (usize::from(first), rest, false)
        } else {
            // 0x80 is the indefinite length of BER.
            let digits = usize::from(first & 0x7f);
            if digits == 0 || digits > 4 {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(digits)?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| (length << 8) | usize::from(*digit));
            (length, rest, digits[0] == 0 || length < 0x80)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Some(Value {
            tag,
            content,
            whole,
            long_length,
        })
    }

    /// The next value, if it has this tag.
    pub(crate) fn tagged(&mut self, tag: u8) -> Option<Value<'a>> {
        let mut ahead = *self;
        let value = ahead.value().filter(|value| value.tag == tag)?;
        *self = ahead;
        Some(value)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.value()
    }
}

/// Writes a value.
pub(crate) fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    // Contents come from values that were read: their length has four bytes.
    let digits = (length as u64).to_be_bytes();
    if length < 0x80 {
        bytes.push(digits[7]);
    } else {
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let significant = &digits[zeros..];
        bytes.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
        bytes.extend_from_slice(significant);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// An object identifier as text; none where it is damaged.
pub(crate) fn object_identifier(content: &[u8]) -> Option<String> {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc: u64 = 0;
    let mut open = false;
    for byte in content {
        arc = arc.checked_mul(128)? | u64::from(byte & 0x7f);
        open = byte & 0x80 != 0;
        if !open {
            arcs.push(arc);
            arc = 0;
        }
    }
    let (first, rest) = arcs.split_first()?;
    if open {
        return None;
    }
    let root = (first / 40).min(2);
    let mut text = format!("{root}.{}", first - root * 40);
    for arc in rest {
        text.push('.');
        text.push_str(&arc.to_string());
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written() {
        let mut reader = Reader::new(&[0x30, 3, 2, 1, 5, 0x81, 0]);
        let Some(value) = reader.value() else {
            unreachable!("a value")
        };
        assert_eq!((value.tag, value.content), (0x30, &[2, 1, 5][..]));
        assert_eq!(encode(0x30, value.content), value.whole);
        assert_eq!(reader.rest(), [0x81, 0]);
        assert_eq!(encode(4, &[7; 200])[..3], [4, 0x81, 200]);
    }

    #[test]
    fn lengths_that_are_too_long_are_told() {
        let long = Reader::new(&[4, 0x81, 1, 9]).value();
        assert!(long.is_some_and(|value| value.long_length));
        assert!(Reader::new(&[4, 0x80, 0, 0]).value().is_none());
        assert!(Reader::new(&[4, 2, 0]).value().is_none());
    }

    #[test]
    fn object_identifiers_are_text() {
        assert_eq!(
            object_identifier(&[0x2b, 6, 1, 5, 5, 7, 3, 1]).as_deref(),
            Some("1.3.6.1.5.5.7.3.1")
        );
        assert_eq!(object_identifier(&[0x55, 0x1d, 0x88]), None);
        assert_eq!(
            object_identifier(&[0x88, 0x37, 3]).as_deref(),
            Some("2.999.3")
        );
    }
}
