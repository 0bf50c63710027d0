//! The public part of a private key: what tells whether the key belongs to a
//! certificate. Nothing else of a key is kept, shown or written.

use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sec1::EcPrivateKey;

use super::certificate::Certificate;
use super::key::{self, Key};
use super::pem::{self, Label};

/// rsaEncryption, and id-RSASSA-PSS (RFC 4055).
const RSA: [&str; 2] = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
/// id-ecPublicKey (RFC 5480).
const ELLIPTIC: &str = "1.2.840.10045.2.1";
/// id-Ed25519 (RFC 8410).
const ED25519: &str = "1.3.101.112";

/// Why the public part of a key is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// There is no block with a private key.
    #[error("no private key is in it")]
    None,
    /// Only who has the password can read it.
    #[error(
        "the private key is encrypted; servers are given one that is not: openssl pkey -in FILE -out KEY decrypts it"
    )]
    Encrypted,
    /// It is no key that parses.
    #[error("the private key is damaged")]
    Damaged,
    /// The curve's public point is left out.
    #[error(
        "the private key has no public part with it; openssl pkey -in FILE -out KEY writes one that has"
    )]
    NoPublicPart,
    /// A kind of key that is not read.
    #[error("a private key of a kind that is not read here ({0})")]
    Unsupported(String),
}

/// The public part of a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicPart {
    /// RSA: modulus and exponent, without zeros before them.
    Rsa(Vec<u8>, Vec<u8>),
    /// The point of an elliptic curve, or the 32 bytes of Ed25519.
    Point(Vec<u8>),
}

impl PublicPart {
    /// The public part of the first private key of a file in PEM, which is
    /// the one that servers take (`tls.X509KeyPair` of Go,
    /// SSL_CTX_use_PrivateKey_file(3)).
    ///
    /// # Errors
    /// There is none, or it can't be read.
    pub fn of_file(bytes: &[u8]) -> Result<Self, PrivateKeyError> {
        let mut blocks = pem::blocks(bytes).into_iter();
        let block = blocks
            .find(|block| block.label == Label::PrivateKey)
            .ok_or(PrivateKeyError::None)?;
        let key = block.bytes.ok_or(PrivateKeyError::Damaged);
        match key.and_then(|key| of_key(&key)) {
            // `ENCRYPTED PRIVATE KEY` (RFC 7468), or the older `Proc-Type:
            // 4,ENCRYPTED` before the base64 (RFC 1421, 4.6.1.1).
            Err(PrivateKeyError::Damaged) if contains(bytes, b"ENCRYPTED") => {
                Err(PrivateKeyError::Encrypted)
            }
            other => other,
        }
    }

    /// Whether a certificate has this key.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let Some(parsed) = certificate.parsed() else {
            return false;
        };
        let public = parsed.public_key();
        match self {
            Self::Rsa(modulus, exponent) => key::rsa(public).is_some_and(|numbers| {
                without_zeros(numbers.modulus) == modulus.as_slice()
                    && without_zeros(numbers.exponent) == exponent.as_slice()
            }),
            // Points of two curves differ in length, or lie on one alone.
            Self::Point(point) => {
                let own: &[u8] = &public.subject_public_key.data;
                let elliptic = matches!(certificate.key, Key::Elliptic { .. });
                own == point.as_slice() || elliptic && is_same_point(own, point)
            }
        }
    }
}

/// PKCS#8, or one of the older forms.
fn of_key(key: &[u8]) -> Result<PublicPart, PrivateKeyError> {
    if let Ok(numbers) = RsaPrivateKeyRef::try_from(key) {
        return Ok(rsa(&numbers));
    }
    if let Ok(curve) = EcPrivateKey::try_from(key) {
        return point(&curve);
    }
    let info = PrivateKeyInfoRef::try_from(key).map_err(|_| PrivateKeyError::Damaged)?;
    let content = info.private_key.as_bytes();
    let algorithm = info.algorithm.oid.to_string();
    match algorithm.as_str() {
        oid if RSA.contains(&oid) => {
            let numbers =
                RsaPrivateKeyRef::try_from(content).map_err(|_| PrivateKeyError::Damaged)?;
            Ok(rsa(&numbers))
        }
        ELLIPTIC => {
            let curve = EcPrivateKey::try_from(content).map_err(|_| PrivateKeyError::Damaged)?;
            point(&curve)
        }
        ED25519 => {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key)
                .map_err(|_| PrivateKeyError::Damaged)?;
            Ok(PublicPart::Point(pair.public_key().as_ref().to_vec()))
        }
        _ => Err(PrivateKeyError::Unsupported(algorithm)),
    }
}

fn rsa(numbers: &RsaPrivateKeyRef<'_>) -> PublicPart {
    PublicPart::Rsa(
        numbers.modulus.as_bytes().to_vec(),
        numbers.public_exponent.as_bytes().to_vec(),
    )
}

fn point(curve: &EcPrivateKey<'_>) -> Result<PublicPart, PrivateKeyError> {
    let point = curve.public_key.ok_or(PrivateKeyError::NoPublicPart)?;
    Ok(PublicPart::Point(point.to_vec()))
}

/// Whether two encodings are of one point (SEC 1, section 2.3.3): a key file
/// may have it compressed and the certificate may not, or the other way round.
fn is_same_point(one: &[u8], other: &[u8]) -> bool {
    let parts = point_parts(one);
    parts.is_some() && parts == point_parts(other)
}

/// x, and whether y is odd.
fn point_parts(point: &[u8]) -> Option<(&[u8], bool)> {
    match point {
        [form @ (2 | 3), x @ ..] => Some((x, form & 1 == 1)),
        // 6 and 7 are the hybrid form of X9.62, which OpenSSL writes as well.
        [4 | 6 | 7, coordinates @ ..] if coordinates.len() % 2 == 0 => {
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            Some((x, y.last()? & 1 == 1))
        }
        _ => None,
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

fn contains(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.windows(pattern.len()).any(|window| window == pattern)
}

#[cfg(test)]
mod tests;
