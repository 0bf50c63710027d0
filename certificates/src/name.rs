//! Distinguished names as text (RFC 4514): the last RDN first, joined by
//! commas; `+` between the attributes of one RDN. x509-parser's own text is in
//! the certificate's order and escapes nothing.

use std::borrow::Cow;
use std::fmt::Write;

use data_encoding::HEXUPPER;
use x509_parser::asn1_rs::{Any, Tag, ToDer};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// The text of a name.
pub(crate) fn text(name: &X509Name<'_>) -> String {
    // Sets have no order of their own; OpenSSL writes them backwards too.
    let rdns: Vec<_> = name.iter_rdn().collect();
    rdns.iter()
        .rev()
        .map(|rdn| {
            let attributes: Vec<_> = rdn.iter().map(attribute).collect();
            attributes.into_iter().rev().collect::<Vec<_>>().join("+")
        })
        .collect::<Vec<_>>()
        .join(",")
}

/// `TYPE=value`. A type without a name is an object identifier, and its
/// value `#` with its encoding, as are values that are no text.
fn attribute(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().to_id_string();
    let value = attribute.attr_value();
    match (short_name(&oid), string(value)) {
        (Some(name), Some(text)) => format!("{name}={}", escape(&text)),
        (Some(name), None) => format!("{name}={}", encoded(value)),
        (None, _) => format!("{oid}={}", encoded(value)),
    }
}

/// Types that have a name: those of RFC 4514, section 3, then others as LDAP
/// (RFC 4519) or, where that has none, OpenSSL calls them.
fn short_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.4.3" => "CN",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.6" => "C",
        "2.5.4.9" => "STREET",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.20" => "telephoneNumber",
        "2.5.4.41" => "name",
        "2.5.4.42" => "GN",
        "2.5.4.43" => "initials",
        "2.5.4.44" => "generationQualifier",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.65" => "pseudonym",
        "2.5.4.97" => "organizationIdentifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionC",
        _ => return None,
    })
}

/// The text of a string type. Teletex strings are read as Latin-1, as all
/// who use them mean them.
fn string<'a>(value: &Any<'a>) -> Option<Cow<'a, str>> {
    let data = value.data;
    match value.tag() {
        Tag::Utf8String
        | Tag::PrintableString
        | Tag::NumericString
        | Tag::Ia5String
        | Tag::VisibleString => std::str::from_utf8(data).ok().map(Cow::Borrowed),
        Tag::T61String => Some(data.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => {
            let (units, rest) = data.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.ok().filter(|_| rest.is_empty()).map(Cow::Owned)
        }
        Tag::UniversalString => {
            let (units, rest) = data.as_chunks::<4>();
            let characters = units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            let text: Option<String> = characters.collect();
            text.filter(|_| rest.is_empty()).map(Cow::Owned)
        }
        _ => None,
    }
}

/// `#` and the whole encoding in hexadecimal.
fn encoded(value: &Any<'_>) -> String {
    let bytes = value.to_der_vec().unwrap_or_else(|_| value.data.to_vec());
    format!("#{}", HEXUPPER.encode(&bytes))
}

/// Escapes a value: RFC 4514, section 2.4. Control characters are written
/// as bytes, so that a name can't move a reader's cursor.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let last = text.len().saturating_sub(1);
    for (position, character) in text.char_indices() {
        let special = match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            '#' => position == 0,
            ' ' => position == 0 || position == last,
            _ => false,
        };
        if character.is_control() {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String can't fail.
                let _ = write!(escaped, "\\{byte:02X}");
            }
        } else {
            if special {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use x509_parser::asn1_rs::{Oid, oid};
    use x509_parser::x509::RelativeDistinguishedName;

    use super::*;

    fn name(rdns: Vec<Vec<(Oid<'static>, Tag, &'static [u8])>>) -> String {
        let rdns = rdns.into_iter().map(|rdn| {
            let attributes = rdn.into_iter().map(|(oid, tag, data)| {
                AttributeTypeAndValue::new(oid, Any::from_tag_and_data(tag, data))
            });
            RelativeDistinguishedName::new(attributes.collect())
        });
        text(&X509Name::new(rdns.collect(), &[]))
    }

    // The examples of RFC 4514, section 4.
    #[test]
    fn examples_of_the_standard() {
        let dc = || oid!(0.9.2342.19200300.100.1.25);
        assert_eq!(
            name(vec![
                vec![(dc(), Tag::Ia5String, b"net")],
                vec![(dc(), Tag::Ia5String, b"example")],
                vec![
                    (oid!(2.5.4.3), Tag::PrintableString, b"J.  Smith"),
                    (oid!(2.5.4.11), Tag::PrintableString, b"Sales"),
                ],
            ]),
            "OU=Sales+CN=J.  Smith,DC=example,DC=net"
        );
        assert_eq!(
            name(vec![vec![(
                oid!(2.5.4.3),
                Tag::PrintableString,
                b"Before\rAfter"
            )]]),
            "CN=Before\\0DAfter"
        );
        assert_eq!(
            name(vec![vec![(
                oid!(2.5.4.3),
                Tag::Utf8String,
                "Lučić".as_bytes()
            )]]),
            "CN=Lučić"
        );
        assert_eq!(
            name(vec![vec![(
                oid!(1.3.6.1.4.1.1466.0),
                Tag::OctetString,
                b"Hi"
            )]]),
            "1.3.6.1.4.1.1466.0=#04024869"
        );
    }

    #[test]
    fn what_would_be_misread_is_escaped() {
        assert_eq!(escape("# a#b "), "\\# a#b\\ ");
        assert_eq!(escape(" "), "\\ ");
        assert_eq!(escape(""), "");
        assert_eq!(
            escape(r#"a,b+c"d\e<f>g;h=i"#),
            r#"a\,b\+c\"d\\e\<f\>g\;h=i"#
        );
        assert_eq!(escape("é "), "é\\ ", "the last character, not byte");
        assert_eq!(escape("\u{9b}31m"), "\\C2\\9B31m");
    }

    #[test]
    fn string_types_are_converted() {
        let cn = |tag, data| name(vec![vec![(oid!(2.5.4.3), tag, data)]]);
        assert_eq!(cn(Tag::BmpString, b"\0a\x01\x0d"), "CN=ač");
        assert_eq!(cn(Tag::BmpString, b"\0a\x01"), "CN=#1E03006101");
        assert_eq!(cn(Tag::UniversalString, b"\0\0\0a\0\x01\xf6\x00"), "CN=a😀");
        assert_eq!(cn(Tag::T61String, b"Fu\xdf"), "CN=Fuß");
        assert_eq!(cn(Tag::Utf8String, b"\xff"), "CN=#0C01FF");
    }
}
