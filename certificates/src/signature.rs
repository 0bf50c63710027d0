//! Whether a key made a signature. ring verifies what servers use today;
//! RustCrypto what hosts still have: short RSA keys, old hashes, P-521.

use md5::Md5;
use p521::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use x509_parser::certificate::X509Certificate;
use x509_parser::error::X509Error;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::key;

/// RSA moduli that are computed with.
const RSA_BITS: std::ops::RangeInclusive<u32> = 512..=16_384;

/// What came of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The key made it.
    Valid,
    /// Another key did, or none.
    Invalid,
    /// The algorithm can't be verified here.
    Unsupported,
}

/// Whether a certificate was signed with this key.
pub(crate) fn verify(certificate: &X509Certificate<'_>, key: &SubjectPublicKeyInfo<'_>) -> Outcome {
    let algorithm = certificate.signature_algorithm.algorithm.to_id_string();
    if let Some(outcome) = by_rust_crypto(certificate, key, &algorithm) {
        return outcome;
    }
    if !verifiable(certificate, key, &algorithm) {
        return Outcome::Unsupported;
    }
    match certificate.verify_signature(Some(key)) {
        Ok(()) => Outcome::Valid,
        Err(X509Error::SignatureVerificationError) => Outcome::Invalid,
        Err(_) => Outcome::Unsupported,
    }
}

/// What ring does not take. None where ring may.
fn by_rust_crypto(
    certificate: &X509Certificate<'_>,
    key: &SubjectPublicKeyInfo<'_>,
    algorithm: &str,
) -> Option<Outcome> {
    let signed = certificate.tbs_certificate.as_ref();
    let signature = &certificate.signature_value.data;
    if key.algorithm.algorithm.to_id_string() == "1.2.840.10045.2.1" {
        let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
        return (curve.to_id_string() == "1.3.132.0.35")
            .then(|| p521(&key.subject_public_key.data, algorithm, signed, signature));
    }
    let (scheme, digest) = match algorithm {
        "1.2.840.113549.1.1.4" => (Pkcs1v15Sign::new::<Md5>(), Md5::digest(signed).to_vec()),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => {
            (Pkcs1v15Sign::new::<Sha1>(), Sha1::digest(signed).to_vec())
        }
        "1.2.840.113549.1.1.14" => (
            Pkcs1v15Sign::new::<Sha224>(),
            Sha224::digest(signed).to_vec(),
        ),
        "1.2.840.113549.1.1.11" => (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(signed).to_vec(),
        ),
        "1.2.840.113549.1.1.12" => (
            Pkcs1v15Sign::new::<Sha384>(),
            Sha384::digest(signed).to_vec(),
        ),
        "1.2.840.113549.1.1.13" => (
            Pkcs1v15Sign::new::<Sha512>(),
            Sha512::digest(signed).to_vec(),
        ),
        _ => return None,
    };
    let numbers = key::rsa(key)?;
    if verifiable(certificate, key, algorithm)
        && !algorithm.ends_with(".1.1.4")
        && !algorithm.ends_with(".1.1.14")
    {
        return None;
    }
    if !RSA_BITS.contains(&key::bits(numbers.modulus)) {
        return Some(Outcome::Unsupported);
    }
    let modulus = BoxedUint::from_be_slice_vartime(numbers.modulus);
    let exponent = BoxedUint::from_be_slice_vartime(numbers.exponent);
    let Ok(public) = PublicKey::new_with_size_limits(modulus, exponent, 512..=16_384) else {
        return Some(Outcome::Unsupported);
    };
    Some(match public.verify(scheme, &digest, signature) {
        Ok(()) => Outcome::Valid,
        Err(_) => Outcome::Invalid,
    })
}

fn p521(point: &[u8], algorithm: &str, signed: &[u8], signature: &[u8]) -> Outcome {
    let digest = match algorithm {
        "1.2.840.10045.4.3.2" => Sha256::digest(signed).to_vec(),
        "1.2.840.10045.4.3.3" => Sha384::digest(signed).to_vec(),
        "1.2.840.10045.4.3.4" => Sha512::digest(signed).to_vec(),
        _ => return Outcome::Unsupported,
    };
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point);
    let signature = p521::ecdsa::Signature::from_der(signature);
    match (key, signature) {
        (Ok(key), Ok(signature)) if key.verify_prehash(&digest, &signature).is_ok() => {
            Outcome::Valid
        }
        _ => Outcome::Invalid,
    }
}

/// Whether ring verifies with such a key: what it does not take, it reports
/// like a wrong signature.
fn verifiable(
    certificate: &X509Certificate<'_>,
    key: &SubjectPublicKeyInfo<'_>,
    oid: &str,
) -> bool {
    let least_bits = match oid {
        // sha1WithRSAEncryption, and its older name sha1WithRSA
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => 1024,
        // RSASSA-PSS
        "1.2.840.113549.1.1.10" => {
            if !has_usual_pss(certificate) {
                return false;
            }
            2048
        }
        oid if oid.starts_with("1.2.840.113549.1.1.") => 2048,
        _ => return true,
    };
    let Some(key) = key::rsa(key) else {
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

/// Whether a signature of RSASSA-PSS has the parameters that ring takes, and
/// Go.
pub(crate) fn has_usual_pss(certificate: &X509Certificate<'_>) -> bool {
    let parameters = certificate.signature_algorithm.parameters.as_ref();
    parameters.is_some_and(|any| RsaSsaPssParams::try_from(any).is_ok_and(|pss| is_usual(&pss)))
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
