//! The public key of a certificate: its algorithm and how strong it is.

use data_encoding::HEXLOWER;
use x509_parser::asn1_rs::{FromDer, Integer, Oid, Sequence, Tag};
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
        /// The exponent in hexadecimal.
        exponent: String,
        /// For RSASSA-PSS alone: id-RSASSA-PSS (RFC 4055).
        pss: bool,
    },
    /// Elliptic curve.
    Elliptic {
        /// `P-256`, or the curve's object identifier.
        curve: String,
        /// Bits of its field.
        bits: u32,
    },
    /// Elliptic curve with explicit parameters (RFC 5480 forbids them).
    EllipticExplicit,
    /// DSA: bits of the prime p; 0 where the key takes its parameters from
    /// the issuer.
    Dsa(u32),
    /// `Ed25519`, `Ed448`.
    Edwards(&'static str),
    /// Another algorithm, by object identifier.
    Other(String),
}

/// Reads a key; none where it is damaged.
pub(crate) fn read(info: &SubjectPublicKeyInfo<'_>) -> Option<Key> {
    let oid = info.algorithm.algorithm.to_id_string();
    Some(match oid.as_str() {
        // rsaEncryption, and id-RSASSA-PSS (RFC 4055)
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            let key = rsa(info)?;
            Key::Rsa {
                bits: bits(key.modulus),
                exponent: number(key.exponent),
                pss: oid.ends_with(".10"),
            }
        }
        "1.2.840.10045.2.1" => elliptic(info)?,
        "1.2.840.10040.4.1" => Key::Dsa(dsa_bits(info)),
        "1.3.101.112" => Key::Edwards("Ed25519"),
        "1.3.101.113" => Key::Edwards("Ed448"),
        _ => Key::Other(oid),
    })
}

/// The numbers of an RSA key.
pub(crate) fn rsa<'a>(info: &'a SubjectPublicKeyInfo<'_>) -> Option<RSAPublicKey<'a>> {
    let (_, key) = RSAPublicKey::from_der(&info.subject_public_key.data).ok()?;
    Some(key)
}

fn elliptic(info: &SubjectPublicKeyInfo<'_>) -> Option<Key> {
    let parameters = info.algorithm.parameters.as_ref()?;
    if parameters.tag() == Tag::Sequence {
        return Some(Key::EllipticExplicit);
    }
    let oid: Oid<'_> = parameters.as_oid().ok()?;
    let oid = oid.to_id_string();
    // Names as FIPS 186, SEC 2 and RFC 5639 write them.
    let (curve, bits) = match oid.as_str() {
        "1.2.840.10045.3.1.1" => ("P-192", 192),
        "1.3.132.0.33" => ("P-224", 224),
        "1.2.840.10045.3.1.7" => ("P-256", 256),
        "1.3.132.0.34" => ("P-384", 384),
        "1.3.132.0.35" => ("P-521", 521),
        "1.3.132.0.10" => ("secp256k1", 256),
        "1.3.36.3.3.2.8.1.1.7" => ("brainpoolP256r1", 256),
        "1.3.36.3.3.2.8.1.1.11" => ("brainpoolP384r1", 384),
        "1.3.36.3.3.2.8.1.1.13" => ("brainpoolP512r1", 512),
        "1.2.156.10197.1.301" => ("SM2", 256),
        _ => (oid.as_str(), point_bits(&info.subject_public_key.data)),
    };
    Some(Key::Elliptic {
        curve: curve.to_owned(),
        bits,
    })
}

/// Bits of the field of a point (SEC 1, section 2.3.3), to whole bytes.
fn point_bits(point: &[u8]) -> u32 {
    let bytes = match point {
        [4, coordinates @ ..] => coordinates.len() / 2,
        [2 | 3, coordinate @ ..] => coordinate.len(),
        _ => 0,
    };
    u32::try_from(bytes * 8).unwrap_or(u32::MAX)
}

/// `p` of Dss-Parms (RFC 3279, section 2.3.2).
fn dsa_bits(info: &SubjectPublicKeyInfo<'_>) -> u32 {
    let parameters = info.algorithm.parameters.as_ref();
    parameters
        .filter(|parameters| parameters.tag() == Tag::Sequence)
        .map(|parameters| Sequence::new(parameters.data.into()))
        .and_then(|sequence| {
            let (_, prime) = Integer::from_der(&sequence.content).ok()?;
            Some(bits(prime.as_ref()))
        })
        .unwrap_or(0)
}

/// Bits of an unsigned number in big-endian bytes.
pub(crate) fn bits(bytes: &[u8]) -> u32 {
    let significant = without_zeros(bytes);
    let Some(first) = significant.first() else {
        return 0;
    };
    let all = u32::try_from(significant.len()).map_or(u32::MAX, |length| length.saturating_mul(8));
    all.saturating_sub(first.leading_zeros())
}

/// A number in hexadecimal, without leading zero bytes.
pub(crate) fn number(bytes: &[u8]) -> String {
    match without_zeros(bytes) {
        [] => "00".to_owned(),
        significant => HEXLOWER.encode(significant),
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_the_number() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[0, 0x80, 0]), 16);
        assert_eq!(bits(&[1, 0]), 9);
    }

    #[test]
    fn numbers_have_no_leading_zero_bytes() {
        assert_eq!(number(&[0, 1, 0, 1]), "010001");
        assert_eq!(number(&[0]), "00");
    }

    #[test]
    fn points_tell_the_size_of_unknown_curves() {
        assert_eq!(point_bits(&[4; 65]), 256);
        assert_eq!(point_bits(&[2; 33]), 256);
        assert_eq!(point_bits(&[]), 0);
    }
}
