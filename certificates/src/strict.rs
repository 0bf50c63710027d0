//! Where a certificate departs from strict DER and from RFC 5280. Libraries
//! differ in what they take: a root with such a flaw is trusted by one, and
//! silently missing from the pool of another.

use std::fmt;

use super::der::{Reader, Value};
use super::extension::Extensions;

/// Depth of values in values.
const DEPTH: usize = 16;
/// Values of one certificate.
const VALUES: usize = 20_000;

/// A departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The serial number is negative (RFC 5280, 4.1.2.2). Go since 1.23 does
    /// not take it, unless GODEBUG=x509negativeserial=1.
    NegativeSerial,
    /// The serial number is zero.
    ZeroSerial,
    /// The serial number has more than 20 bytes.
    LongSerial(usize),
    /// A number is written with more bytes than it needs.
    PaddedInteger,
    /// A boolean is neither 0x00 nor 0xff (X.690, 11.1).
    Boolean(u8),
    /// FALSE is written where it is the default (X.690, 11.5).
    DefaultWritten,
    /// A length is written with more bytes than it needs (X.690, 10.1).
    LongLength,
    /// A time that is not as RFC 5280, 4.1.2.5 wants it.
    Time(String),
    /// A year before 2050 as GeneralizedTime.
    GeneralizedTooEarly,
    /// The signature algorithms inside and outside differ.
    AlgorithmsDiffer,
    /// Bytes follow the certificate, or a part of it.
    Trailing,
    /// An extension is there twice.
    DuplicateExtension(String),
    /// An extension can't be read.
    DamagedExtension(String),
    /// A critical extension that no library knows.
    UnknownCritical(String),
    /// Extensions in a certificate that is not of version 3.
    ExtensionsBeforeVersion3,
    /// A version that is none of 1, 2, 3.
    Version(u8),
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NegativeSerial => write!(formatter, "the serial number is negative"),
            Self::ZeroSerial => write!(formatter, "the serial number is zero"),
            Self::LongSerial(bytes) => {
                write!(
                    formatter,
                    "the serial number has {bytes} bytes, 20 at most are allowed"
                )
            }
            Self::PaddedInteger => write!(formatter, "a number has leading zeros"),
            Self::Boolean(value) => {
                write!(
                    formatter,
                    "a boolean is 0x{value:02x}, neither 0x00 nor 0xff"
                )
            }
            Self::DefaultWritten => write!(formatter, "a default value is written out"),
            Self::LongLength => write!(formatter, "a length is longer than it needs to be"),
            Self::Time(text) => write!(formatter, "the time {text} is not as RFC 5280 wants it"),
            Self::GeneralizedTooEarly => {
                write!(
                    formatter,
                    "a year before 2050 is written as GeneralizedTime"
                )
            }
            Self::AlgorithmsDiffer => {
                write!(
                    formatter,
                    "the signature algorithms inside and outside differ"
                )
            }
            Self::Trailing => write!(formatter, "bytes follow where none may"),
            Self::DuplicateExtension(oid) => write!(formatter, "extension {oid} is there twice"),
            Self::DamagedExtension(oid) => write!(formatter, "extension {oid} can't be read"),
            Self::UnknownCritical(oid) => {
                write!(formatter, "extension {oid} is critical and not known")
            }
            Self::ExtensionsBeforeVersion3 => {
                write!(
                    formatter,
                    "extensions in a certificate that is not of version 3"
                )
            }
            Self::Version(version) => write!(formatter, "version {version}"),
        }
    }
}

/// The departures of a certificate in DER, without repetitions.
pub(crate) fn departures(der: &[u8], extensions: &Extensions) -> Vec<Departure> {
    let mut found = Found::default();
    let mut outer = Reader::new(der);
    if let Some(certificate) = outer.value() {
        found.values(certificate, 0);
        found.certificate(certificate.content);
    }
    if !outer.rest().is_empty() {
        found.add(Departure::Trailing);
    }
    for oid in &extensions.duplicate {
        found.add(Departure::DuplicateExtension(oid.clone()));
    }
    for oid in &extensions.damaged {
        found.add(Departure::DamagedExtension(oid.clone()));
    }
    for oid in &extensions.unknown_critical {
        found.add(Departure::UnknownCritical(oid.clone()));
    }
    found.departures
}

#[derive(Default)]
struct Found {
    departures: Vec<Departure>,
    values: usize,
}

impl Found {
    fn add(&mut self, departure: Departure) {
        if !self.departures.contains(&departure) {
            self.departures.push(departure);
        }
    }

    /// What holds of every value, and of those in it.
    fn values(&mut self, value: Value<'_>, depth: usize) {
        self.values += 1;
        if value.long_length {
            self.add(Departure::LongLength);
        }
        match value.tag {
            1 => {
                if let [byte @ 1..=0xfe] = value.content {
                    self.add(Departure::Boolean(*byte));
                }
            }
            2 if is_padded(value.content) => self.add(Departure::PaddedInteger),
            _ => {}
        }
        // Constructed values alone have others in them.
        if value.tag & 0x20 == 0 || depth == DEPTH {
            return;
        }
        let mut members = Reader::new(value.content);
        while let Some(member) = members.value() {
            if self.values == VALUES {
                return;
            }
            self.values(member, depth + 1);
        }
        if !members.rest().is_empty() {
            self.add(Departure::Trailing);
        }
    }

    /// The fields of Certificate and TBSCertificate (RFC 5280, 4.1).
    fn certificate(&mut self, content: &[u8]) {
        let mut fields = Reader::new(content);
        let Some(signed) = fields.tagged(0x30) else {
            return;
        };
        let outside = fields.tagged(0x30);
        let mut fields = Reader::new(signed.content);
        let version = fields.tagged(0xa0).map_or(0, |version| {
            version.content.last().copied().unwrap_or_default()
        });
        if version > 2 {
            self.add(Departure::Version(version.saturating_add(1)));
        }
        if let Some(serial) = fields.tagged(2) {
            self.serial(serial.content);
        }
        let inside = fields.tagged(0x30);
        if inside.map(|value| value.whole) != outside.map(|value| value.whole) {
            self.add(Departure::AlgorithmsDiffer);
        }
        // Issuer, validity, subject, key.
        fields.tagged(0x30);
        if let Some(validity) = fields.tagged(0x30) {
            for time in Reader::new(validity.content) {
                self.time(time);
            }
        }
        let extensions = fields.find(|value| value.tag == 0xa3);
        if let Some(extensions) = extensions {
            if version < 2 {
                self.add(Departure::ExtensionsBeforeVersion3);
            }
            self.extensions(extensions.content);
        }
    }

    fn serial(&mut self, content: &[u8]) {
        match content {
            [first, ..] if first & 0x80 != 0 => self.add(Departure::NegativeSerial),
            _ if content.iter().all(|byte| *byte == 0) => self.add(Departure::ZeroSerial),
            _ => {}
        }
        if content.len() > 20 {
            self.add(Departure::LongSerial(content.len()));
        }
    }

    /// UTCTime and GeneralizedTime: seconds, and Z at the end.
    fn time(&mut self, time: Value<'_>) {
        let length = match time.tag {
            0x17 => 13,
            0x18 => 15,
            _ => return,
        };
        let (digits, zone) = time.content.split_at(time.content.len().saturating_sub(1));
        let exact =
            time.content.len() == length && zone == b"Z" && digits.iter().all(u8::is_ascii_digit);
        if !exact {
            let text = time.content.escape_ascii().to_string();
            self.add(Departure::Time(text.chars().take(40).collect()));
        } else if time.tag == 0x18
            && digits < b"20500101000000".as_slice()
            && digits > b"1950".as_slice()
        {
            self.add(Departure::GeneralizedTooEarly);
        }
    }

    fn extensions(&mut self, content: &[u8]) {
        let Some(list) = Reader::new(content).tagged(0x30) else {
            return;
        };
        for extension in Reader::new(list.content) {
            let mut fields = Reader::new(extension.content);
            fields.tagged(6);
            if let Some(critical) = fields.tagged(1)
                && critical.content == [0]
            {
                self.add(Departure::DefaultWritten);
            }
            // What is inside of an extension is DER as well.
            if let Some(value) = fields.tagged(4) {
                let mut inner = Reader::new(value.content);
                if let Some(value) = inner.value() {
                    self.values(value, 0);
                }
            }
        }
    }
}

fn is_padded(number: &[u8]) -> bool {
    match number {
        [0, second, ..] => second & 0x80 == 0,
        [0xff, second, ..] => second & 0x80 != 0,
        _ => false,
    }
}
