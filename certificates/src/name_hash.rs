//! OpenSSL's hash of a subject: the name of the links in a directory of
//! certificates (`X509_NAME_hash_ex`, openssl-rehash(1)). It is SHA-1 of a
//! canonical encoding, in which case and blanks of text do not count.

use sha1::{Digest, Sha1};

use super::der::{Reader, encode};

/// The canonical encoding of a name in DER (crypto/x509/x_name.c,
/// `x509_name_canon`): every text in UTF-8, lower case, blanks at its ends
/// left out and others one; without the outer sequence. None where the name
/// is damaged.
#[must_use]
pub fn canonical(name: &[u8]) -> Option<Vec<u8>> {
    let mut canonical = Vec::new();
    let mut outer = Reader::new(name);
    let mut sets = Reader::new(outer.tagged(0x30)?.content);
    while let Some(set) = sets.tagged(0x31) {
        let mut attributes = Vec::new();
        let mut members = Reader::new(set.content);
        while let Some(attribute) = members.tagged(0x30) {
            let mut parts = Reader::new(attribute.content);
            let oid = parts.tagged(6)?;
            let value = parts.value()?;
            let value = match text(value.tag, value.content)? {
                Some(text) => encode(0x0c, &fold(&text)),
                None => value.whole.to_vec(),
            };
            attributes.push(encode(0x30, &[oid.whole, &value].concat()));
        }
        if !members.rest().is_empty() {
            return None;
        }
        // SET OF: members in the order of their encodings (X.690, 11.6).
        attributes.sort();
        canonical.extend(encode(0x31, &attributes.concat()));
    }
    sets.rest().is_empty().then_some(canonical)
}

/// The hash of a name in DER, as links are called: `4a6481c9`.
#[must_use]
pub fn subject_hash(name: &[u8]) -> Option<String> {
    let digest = Sha1::digest(canonical(name)?);
    let [a, b, c, d, ..] = *digest.as_slice() else {
        return None;
    };
    Some(format!("{:08x}", u32::from_le_bytes([a, b, c, d])))
}

/// Text in UTF-8; none where the type is no text (ASN1_MASK_CANON). The outer
/// none is damage.
#[expect(
    clippy::option_option,
    reason = "damaged, no text and text are three answers"
)]
fn text(tag: u8, content: &[u8]) -> Option<Option<Vec<u8>>> {
    let characters: String = match tag {
        // UTF8String
        0x0c => return Some(Some(content.to_vec())),
        // PrintableString, T61String, IA5String, VisibleString
        0x13 | 0x14 | 0x16 | 0x1a => content.iter().map(|byte| char::from(*byte)).collect(),
        // UniversalString
        0x1c => {
            let (units, rest) = content.as_chunks::<4>();
            let units = units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            rest.is_empty()
                .then(|| units.collect::<Option<String>>())??
        }
        // BMPString
        0x1e => {
            let (units, rest) = content.as_chunks::<2>();
            let units = units
                .iter()
                .map(|unit| char::from_u32(u16::from_be_bytes(*unit).into()));
            rest.is_empty()
                .then(|| units.collect::<Option<String>>())??
        }
        _ => return Some(None),
    };
    Some(Some(characters.into_bytes()))
}

/// Lower case of ASCII; blanks trimmed, and runs of them one space
/// (`asn1_string_canon`).
fn fold(text: &[u8]) -> Vec<u8> {
    let words = text
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r'))
        .filter(|word| !word.is_empty());
    let mut folded = Vec::new();
    for word in words {
        if !folded.is_empty() {
            folded.push(b' ');
        }
        folded.extend(word.to_ascii_lowercase());
    }
    folded
}
