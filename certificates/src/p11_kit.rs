//! Files of p11-kit's own format, in which Red Hat, SUSE and Arch keep trust:
//! sections of attributes, each with a certificate or a public key in PEM
//! (p11-kit, trust/persist.c).

use super::der::Reader;
use super::pem::{self, Label};

/// Objects of one file: ten times what a distribution ships.
const OBJECTS: usize = 10_000;
/// Bytes of one value.
const VALUE: usize = 64 << 10;
const HEADER: &[u8] = b"[p11-kit-object-v1]";

/// An object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// DER of its certificate.
    pub certificate: Option<Vec<u8>>,
    /// DER of its SubjectPublicKeyInfo: all certificates with this key.
    pub public_key: Option<Vec<u8>>,
    /// `class`: `certificate`, `x-certificate-extension` ...
    pub class: Option<String>,
    /// `label`.
    pub label: Option<String>,
    /// `trusted`.
    pub trusted: Option<bool>,
    /// `x-distrusted`.
    pub distrusted: Option<bool>,
    /// `nss-mozilla-ca-policy`: it comes from Mozilla's list.
    pub mozilla: Option<bool>,
    /// `nss-server-distrust-after`, seconds since 1970-01-01 UTC.
    pub distrust_after: Option<i64>,
    /// Purposes of an attached ExtendedKeyUsage, by object identifier.
    pub purposes: Option<Vec<String>>,
}

/// Whether a text is of this format: its first line that is no comment is a
/// section.
pub(crate) fn is_object_file(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty() && !line.starts_with(b"#"))
        .is_some_and(|line| line == HEADER)
}

/// The objects of a file, in order.
#[must_use]
pub fn objects(bytes: &[u8]) -> Vec<Object> {
    let mut objects: Vec<Object> = Vec::new();
    let mut armour: Option<Vec<u8>> = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        if let Some(block) = &mut armour {
            block.extend_from_slice(line);
            if text.starts_with(b"-----END ")
                && let (Some(object), Some(block)) = (objects.last_mut(), armour.take())
            {
                object.add_block(&block);
            }
        } else if text.starts_with(b"-----BEGIN ") {
            armour = Some(line.to_vec());
        } else if text == HEADER {
            if objects.len() == OBJECTS {
                break;
            }
            objects.push(Object::default());
        } else if let Some(object) = objects.last_mut()
            && !text.starts_with(b"#")
        {
            object.add_line(text);
        }
    }
    objects
}

impl Object {
    fn add_block(&mut self, text: &[u8]) {
        for block in pem::blocks(text) {
            match block.label {
                Label::Certificate => self.certificate = block.bytes,
                Label::Other if text.starts_with(b"-----BEGIN PUBLIC KEY-----") => {
                    self.public_key = block.bytes;
                }
                _ => {}
            }
        }
    }

    fn add_line(&mut self, line: &[u8]) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return;
        };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if value.len() > VALUE {
            return;
        }
        let truth = || match value {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        };
        match name {
            b"trusted" => self.trusted = truth(),
            b"x-distrusted" => self.distrusted = truth(),
            b"nss-mozilla-ca-policy" => self.mozilla = truth(),
            b"class" => self.class = Some(String::from_utf8_lossy(value).into_owned()),
            b"label" => {
                self.label = unquote(value).map(|text| String::from_utf8_lossy(&text).into_owned());
            }
            b"nss-server-distrust-after" => {
                self.distrust_after = unquote(value).as_deref().and_then(utc_time);
            }
            b"value" => self.purposes = unquote(value).as_deref().and_then(purposes),
            _ => {}
        }
    }
}

/// A quoted value with `%xx` for bytes.
fn unquote(value: &[u8]) -> Option<Vec<u8>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    Some(bytes)
}

/// UTCTime (`YYMMDDhhmmssZ`) in seconds since 1970-01-01 UTC.
fn utc_time(text: &[u8]) -> Option<i64> {
    let digits = text
        .strip_suffix(b"Z")
        .filter(|digits| digits.len() == 12)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |at: usize| i64::from(digits[at] - b'0') * 10 + i64::from(digits[at + 1] - b'0');
    // RFC 5280, 4.1.2.5.1: 50 and later are of the last century.
    let year = number(0) + if number(0) < 50 { 2000 } else { 1900 };
    let (month, day) = (number(2), number(4));
    let (hour, minute, second) = (number(6), number(8), number(10));
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970-01-01 in the proleptic Gregorian calendar, the year
    // beginning with March.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    const DAYS_TO_1970: i64 = 719_468;
    Some((days - DAYS_TO_1970) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// The purposes of an ExtendedKeyUsage as an Extension in DER.
fn purposes(der: &[u8]) -> Option<Vec<String>> {
    const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    let mut fields = Reader::new(Reader::new(der).tagged(0x30)?.content);
    if fields.tagged(6)?.content != EXTENDED_KEY_USAGE {
        return None;
    }
    fields.tagged(1);
    let value = fields.tagged(4)?;
    let list = Reader::new(value.content).tagged(0x30)?;
    Reader::new(list.content)
        .map(|value| super::der::object_identifier(value.content).filter(|_| value.tag == 6))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"# made by hand
[p11-kit-object-v1]
label: \"Example%20Root\"
trusted: true
nss-mozilla-ca-policy: true
nss-server-distrust-after: \"%32%30%30%36%31%37%30%30%30%30%30%30Z\"
-----BEGIN CERTIFICATE-----
QUFB
-----END CERTIFICATE-----

[p11-kit-object-v1]
class: x-certificate-extension
object-id: 2.5.29.37
value: \"0%16%06%03U%1d%25%01%01%ff%04%0c0%0a%06%08%2b%06%01%05%05%07%03%01\"
-----BEGIN PUBLIC KEY-----
QkJC
-----END PUBLIC KEY-----
";

    #[test]
    fn objects_are_read() {
        assert!(is_object_file(FILE));
        let objects = objects(FILE);
        assert_eq!(objects.len(), 2);
        assert_eq!(objects[0].label.as_deref(), Some("Example Root"));
        assert_eq!(objects[0].trusted, Some(true));
        assert_eq!(objects[0].certificate.as_deref(), Some(&b"AAA"[..]));
        // date -u -d 2020-06-17 +%s
        assert_eq!(objects[0].distrust_after, Some(1_592_352_000));
        assert_eq!(objects[1].public_key.as_deref(), Some(&b"BBB"[..]));
        assert_eq!(
            objects[1].purposes.as_deref(),
            Some(&["1.3.6.1.5.5.7.3.1".to_owned()][..])
        );
    }

    #[test]
    fn damaged_values_are_none() {
        assert_eq!(unquote(b"\"%4\""), None);
        assert_eq!(unquote(b"plain"), None);
        assert_eq!(utc_time(b"201317000000Z"), None);
        assert_eq!(utc_time(b"000229120000Z"), Some(951_825_600));
        assert!(!is_object_file(b"-----BEGIN CERTIFICATE-----"));
    }
}
