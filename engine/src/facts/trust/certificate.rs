//! One certificate: what a policy wants to know of it, read from its DER.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::error::X509Error;
use x509_parser::extensions::ParsedExtension;
use x509_parser::oid_registry::OID_X509_EXT_BASIC_CONSTRAINTS;
use x509_parser::parse_x509_certificate;
use x509_parser::signature_algorithm::RsaSsaPssParams;

use super::key::{self, Key};
use super::name;

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its place among the PEM blocks of the file, from 0.
    pub position: u32,
    /// SHA-256 of its DER, in hexadecimal.
    pub fingerprint: String,
    /// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    pub key_fingerprint: String,
    /// Subject (RFC 4514).
    pub subject: String,
    /// Issuer (RFC 4514).
    pub issuer: String,
    /// Serial number in hexadecimal; with a minus where it is negative.
    pub serial: String,
    /// notBefore, seconds since 1970-01-01 UTC.
    pub not_before: i64,
    /// notAfter, seconds since 1970-01-01 UTC.
    pub not_after: i64,
    /// X.509 version: 1, 2 or 3.
    pub version: u8,
    /// BasicConstraints: cA; none where the extension is missing.
    pub authority: Option<bool>,
    /// The public key.
    pub key: Key,
    /// Signature algorithm by its usual name, else by object identifier.
    pub signature: String,
    /// Whether it is signed with its own key.
    pub self_signed: SelfSignature,
}

/// Whether a certificate is signed with its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfSignature {
    /// Subject and issuer are equal, and the signature verifies.
    Verified,
    /// Subject and issuer are equal, and the signature is by another key.
    Wrong,
    /// Subject and issuer differ.
    NotSelfIssued,
    /// Subject and issuer are equal; the algorithm can't be verified here.
    Unsupported,
}

/// Reads a certificate. None where it is none, where bytes follow it that
/// are not allowed to (OpenSSL's trust settings may), or where its key or its
/// BasicConstraints are damaged: Go refuses these as well.
pub(super) fn read(der: &[u8], position: u32, may_be_followed: bool) -> Option<Certificate> {
    let (rest, certificate) = parse_x509_certificate(der).ok()?;
    if !rest.is_empty() && !may_be_followed {
        return None;
    }
    let validity = certificate.validity();
    Some(Certificate {
        position,
        fingerprint: HEXLOWER.encode(&Sha256::digest(certificate.as_raw())),
        key_fingerprint: HEXLOWER.encode(&Sha256::digest(certificate.public_key().raw)),
        subject: name::text(certificate.subject()),
        issuer: name::text(certificate.issuer()),
        serial: serial(certificate.raw_serial()),
        not_before: validity.not_before.timestamp(),
        not_after: validity.not_after.timestamp(),
        version: u8::try_from(certificate.version().0.saturating_add(1)).unwrap_or(u8::MAX),
        authority: authority(&certificate)?,
        key: key::read(certificate.public_key())?,
        signature: signature_name(&certificate.signature_algorithm.algorithm.to_id_string()),
        self_signed: self_signature(&certificate),
    })
}

/// BasicConstraints. None where the extension is damaged or there twice.
fn authority(certificate: &X509Certificate<'_>) -> Option<Option<bool>> {
    let extension = certificate
        .get_extension_unique(&OID_X509_EXT_BASIC_CONSTRAINTS)
        .ok()?;
    match extension.map(|extension| extension.parsed_extension()) {
        None => Some(None),
        Some(ParsedExtension::BasicConstraints(constraints)) => Some(Some(constraints.ca)),
        Some(_) => None,
    }
}

/// A serial number, which is negative where a CA forgot the leading zero.
fn serial(bytes: &[u8]) -> String {
    if bytes.first().is_none_or(|first| first & 0x80 == 0) {
        return key::number(bytes);
    }
    let mut magnitude: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
    for byte in magnitude.iter_mut().rev() {
        let (sum, carry) = byte.overflowing_add(1);
        *byte = sum;
        if !carry {
            break;
        }
    }
    format!("-{}", key::number(&magnitude))
}

fn self_signature(certificate: &X509Certificate<'_>) -> SelfSignature {
    if certificate.subject().as_raw() != certificate.issuer().as_raw() {
        return SelfSignature::NotSelfIssued;
    }
    if !verifiable(certificate) {
        return SelfSignature::Unsupported;
    }
    match certificate.verify_signature(None) {
        Ok(()) => SelfSignature::Verified,
        Err(X509Error::SignatureVerificationError) => SelfSignature::Wrong,
        Err(_) => SelfSignature::Unsupported,
    }
}

/// Whether ring verifies with such a key: what it does not take, it reports
/// like a wrong signature.
fn verifiable(certificate: &X509Certificate<'_>) -> bool {
    let algorithm = &certificate.signature_algorithm;
    let oid = algorithm.algorithm.to_id_string();
    let least_bits = match oid.as_str() {
        // sha1WithRSAEncryption, and its older name sha1WithRSA
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => 1024,
        // RSASSA-PSS
        "1.2.840.113549.1.1.10" => {
            let parameters = algorithm.parameters.as_ref();
            if !parameters
                .is_some_and(|any| RsaSsaPssParams::try_from(any).is_ok_and(|pss| is_usual(&pss)))
            {
                return false;
            }
            2048
        }
        oid if oid.starts_with("1.2.840.113549.1.1.") => 2048,
        _ => return true,
    };
    let Some(key) = key::rsa(certificate.public_key()) else {
        // Not an RSA key: such a signature is by another one.
        return true;
    };
    let bits = key::bits(key.modulus);
    let odd = key.exponent.last().is_some_and(|last| last & 1 == 1);
    // ring: `PublicExponent::from_be_bytes`, between 3 and 2^33 - 1.
    let exponent_fits = odd && (2..=33).contains(&key::bits(key.exponent));
    (least_bits..=8192).contains(&bits)
        && exponent_fits
        && is_shortest(key.modulus)
        && is_shortest(key.exponent)
}

/// Whether a number has the one encoding that DER allows.
fn is_shortest(number: &[u8]) -> bool {
    match number {
        [0, second, ..] => second & 0x80 != 0,
        [first, ..] => first & 0x80 == 0,
        [] => false,
    }
}

/// The parameters that ring takes: one hash for both, a salt of its length.
fn is_usual(pss: &RsaSsaPssParams<'_>) -> bool {
    let hash = pss.hash_algorithm_oid().to_id_string();
    let salt = match hash.as_str() {
        "2.16.840.1.101.3.4.2.1" => 32,
        "2.16.840.1.101.3.4.2.2" => 48,
        "2.16.840.1.101.3.4.2.3" => 64,
        _ => return false,
    };
    let mask = pss.mask_gen_algorithm();
    mask.is_ok_and(|mask| mask.hash.to_id_string() == hash) && pss.salt_length() == salt
}

/// Names as the standards and OpenSSL write them.
fn signature_name(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.3" => "md4WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.3.14.3.2.29" => "sha1WithRSA",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.3" => "dsaWithSHA1",
        "2.16.840.1.101.3.4.3.1" => "dsa_with_SHA224",
        "2.16.840.1.101.3.4.3.2" => "dsa_with_SHA256",
        "1.3.101.112" => "ED25519",
        "1.3.101.113" => "ED448",
        _ => oid,
    }
    .to_owned()
}
