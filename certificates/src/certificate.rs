//! One certificate: what a policy wants to know of it, read from its DER.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::parse_x509_certificate;

use super::der::Reader;
use super::extension::{self, Extensions};
use super::key::{self, Key};
use super::listed::is_listed;
use super::name;
use super::signature::{self, Outcome};
use super::strict::{self, Departure};

/// One certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
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
    /// What its extensions say.
    pub extensions: Extensions,
    /// Where it departs from strict DER and RFC 5280.
    pub departures: Vec<Departure>,
    der: Box<[u8]>,
}

impl fmt::Debug for Certificate {
    /// Without its bytes: the fingerprint stands for them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Certificate")
            .field("fingerprint", &self.fingerprint)
            .field("key_fingerprint", &self.key_fingerprint)
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("serial", &self.serial)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("version", &self.version)
            .field("authority", &self.authority)
            .field("key", &self.key)
            .field("signature", &self.signature)
            .field("self_signed", &self.self_signed)
            .field("extensions", &self.extensions)
            .field("departures", &self.departures)
            .finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads one certificate in DER. None where it is none, where bytes
    /// follow it, or where its key or its BasicConstraints are damaged.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        match parse_x509_certificate(der) {
            Ok(([], certificate)) => read(&certificate),
            _ => None,
        }
    }

    /// Its DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The parsed form; none is impossible, since it was read before.
    pub(crate) fn parsed(&self) -> Option<X509Certificate<'_>> {
        parse_x509_certificate(&self.der)
            .ok()
            .map(|(_, parsed)| parsed)
    }

    /// Subject in DER, of which OpenSSL's hash links are made.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        self.raw_subject()
    }

    /// Subject in DER.
    pub(crate) fn raw_subject(&self) -> &[u8] {
        self.field(Field::Subject)
    }

    /// Issuer in DER.
    pub(crate) fn raw_issuer(&self) -> &[u8] {
        self.field(Field::Issuer)
    }

    fn field(&self, field: Field) -> &[u8] {
        let found = || {
            let mut outer = Reader::new(&self.der);
            let mut certificate = Reader::new(outer.tagged(0x30)?.content);
            let mut fields = Reader::new(certificate.tagged(0x30)?.content);
            fields.tagged(0xa0);
            // Serial number and algorithm come first, then the issuer.
            let skipped = match field {
                Field::Issuer => 2,
                Field::Subject => 4,
            };
            fields.nth(skipped).map(|value| value.whole)
        };
        found().unwrap_or_default()
    }

    /// Whether another certificate's key made its signature.
    #[must_use]
    pub fn is_signed_by(&self, issuer: &Self) -> Outcome {
        match (self.parsed(), issuer.parsed()) {
            (Some(own), Some(issuer)) => signature::verify(&own, issuer.public_key()),
            _ => Outcome::Unsupported,
        }
    }

    /// Its signature, if it is of RSASSA-PSS, has the usual parameters.
    pub(crate) fn has_usual_pss(&self) -> bool {
        self.parsed()
            .is_some_and(|own| signature::has_usual_pss(&own))
    }

    /// Subject and issuer are the same, byte for byte.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.self_signed != SelfSignature::NotSelfIssued
    }
}

/// A field of TBSCertificate.
#[derive(Clone, Copy)]
enum Field {
    Subject,
    Issuer,
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

/// What is wanted of a certificate. None where its key or its
/// BasicConstraints are damaged: Go refuses these as well.
fn read(certificate: &X509Certificate<'_>) -> Option<Certificate> {
    let validity = certificate.validity();
    let extensions = extension::read(certificate);
    if is_damaged(&extensions) {
        return None;
    }
    let digest: [u8; 32] = Sha256::digest(certificate.as_raw()).into();
    Some(Certificate {
        fingerprint: HEXLOWER.encode(&digest),
        key_fingerprint: HEXLOWER.encode(&Sha256::digest(certificate.public_key().raw)),
        subject: name::text(certificate.subject()),
        issuer: name::text(certificate.issuer()),
        serial: serial(certificate.raw_serial()),
        not_before: validity.not_before.timestamp(),
        not_after: validity.not_after.timestamp(),
        version: u8::try_from(certificate.version().0.saturating_add(1)).unwrap_or(u8::MAX),
        authority: extensions
            .basic_constraints
            .map(|constraints| constraints.authority),
        key: key::read(certificate.public_key())?,
        signature: signature_name(&certificate.signature_algorithm.algorithm.to_id_string()),
        self_signed: self_signature(certificate, &digest),
        departures: strict::departures(certificate.as_raw(), &extensions),
        extensions,
        der: certificate.as_raw().into(),
    })
}

/// BasicConstraints is damaged or there twice.
fn is_damaged(extensions: &Extensions) -> bool {
    const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    let mut bad = extensions.damaged.iter().chain(&extensions.duplicate);
    bad.any(|oid| oid == BASIC_CONSTRAINTS)
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

fn self_signature(certificate: &X509Certificate<'_>, digest: &[u8; 32]) -> SelfSignature {
    if certificate.subject().as_raw() != certificate.issuer().as_raw() {
        return SelfSignature::NotSelfIssued;
    }
    // Most of what hosts trust; a signature costs as much as all the rest.
    if is_listed(digest) {
        return SelfSignature::Verified;
    }
    match signature::verify(certificate, certificate.public_key()) {
        Outcome::Valid => SelfSignature::Verified,
        Outcome::Invalid => SelfSignature::Wrong,
        Outcome::Unsupported => SelfSignature::Unsupported,
    }
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
