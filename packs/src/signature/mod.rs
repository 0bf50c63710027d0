//! Signatures in minisign's format: who has signed a file, and whether that
//! is somebody who is trusted. Keys and signatures are those of the program
//! `minisign`, which reads ours and whose we read.

mod key_list;
mod secret;

use std::fmt;

use casefile_snapshot::escape;
use data_encoding::BASE64;

pub use key_list::{KeyListError, TrustedKeys};
pub use secret::{GeneratedKeys, SecretKey, SecretKeyError, generate, is_locked};

use crate::limits;

/// What the name of a signature's file adds to that of the file.
pub const SUFFIX: &str = ".minisig";

/// What an untrusted comment begins with.
const UNTRUSTED: &str = "untrusted comment: ";
/// What a trusted comment begins with.
const TRUSTED: &str = "trusted comment: ";
/// Bytes of a public key: algorithm, id, key.
const KEY_BYTES: usize = 2 + 8 + 32;
/// Bytes of a signature: algorithm, id, signature.
const SIGNED_BYTES: usize = 2 + 8 + 64;
/// Bytes of the signature of signature and trusted comment.
const GLOBAL_BYTES: usize = 64;

/// The id of a key pair, as minisign shows it, but always with 16 hexadecimal
/// digits. It is chosen at random and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016X}", u64::from_le_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    key: minisign_verify::PublicKey,
    name: String,
}

/// The text is no public key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no public key of minisign: 56 characters of base64 that begin with RW")]
pub struct PublicKeyError;

impl PublicKey {
    /// Takes a key as minisign shows it, in base64, and a name for it.
    ///
    /// # Errors
    /// The text is no public key.
    pub fn new(text: &str, name: &str) -> Result<Self, PublicKeyError> {
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| PublicKeyError)?;
        if bytes.len() != KEY_BYTES {
            return Err(PublicKeyError);
        }
        Ok(Self {
            id: key_id(&bytes).ok_or(PublicKeyError)?,
            key: minisign_verify::PublicKey::from_base64(text).map_err(|_| PublicKeyError)?,
            name: escape(name.as_bytes()),
        })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What its users call it; empty where they don't.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The id in a key or signature: it stands behind the algorithm.
fn key_id(bytes: &[u8]) -> Option<KeyId> {
    Some(KeyId(*bytes.get(2..)?.first_chunk()?))
}

/// Why a signature says nothing good of a file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is none.
    #[error("no signature of minisign: {0}")]
    Format(&'static str),
    /// Nobody who is trusted has made it.
    #[error("it is signed by key {0}, which is not among the trusted keys")]
    UnknownKey(KeyId),
    /// It was made by a trusted key of another file, or by somebody else in
    /// the name of that key.
    #[error("the signature is wrong: key {0} has not signed these bytes")]
    Wrong(KeyId),
}

/// A signature.
#[derive(Clone)]
pub struct Signature {
    key: KeyId,
    signature: minisign_verify::Signature,
}

impl Signature {
    /// Reads a signature's file: four lines, and nothing behind them.
    ///
    /// # Errors
    /// It is of another shape.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureError> {
        let wrong = SignatureError::Format;
        if bytes.len() as u64 > limits::SIGNATURE_BYTES {
            return Err(wrong("it is too long"));
        }
        let text = str::from_utf8(bytes).map_err(|_| wrong("it is no text"))?;
        let lines: Vec<&str> = text.lines().collect();
        let &[untrusted, signed, trusted, global] = lines.as_slice() else {
            return Err(wrong("it has four lines, and no more"));
        };
        if !untrusted.starts_with(UNTRUSTED) || !trusted.starts_with(TRUSTED) {
            return Err(wrong("a comment is missing"));
        }
        let decode = |line: &str| BASE64.decode(line.as_bytes()).ok();
        let key = match (decode(signed), decode(global)) {
            (Some(signed), Some(global))
                if signed.len() == SIGNED_BYTES && global.len() == GLOBAL_BYTES =>
            {
                key_id(&signed)
            }
            _ => None,
        };
        let signature = minisign_verify::Signature::decode(text);
        match (key, signature) {
            (Some(key), Ok(signature)) => Ok(Self { key, signature }),
            _ => Err(wrong(
                "its lines 2 and 4 are of another length or algorithm",
            )),
        }
    }

    /// The key that it names.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// The comment that is signed with the file; to be believed once the
    /// signature is verified. Control characters are escaped, but for tabs,
    /// which are blanks.
    #[must_use]
    pub fn comment(&self) -> String {
        let comment = self.signature.trusted_comment().replace('\t', " ");
        escape(comment.as_bytes())
    }

    /// Verifies it against the bytes of the file; the trusted key that has
    /// made it. Both kinds are taken: of the file's digest (minisign's
    /// default), and of the file itself (older versions).
    ///
    /// # Errors
    /// It is wrong, or nobody who is trusted has made it.
    pub fn verify<'a>(
        &self,
        trusted: &'a TrustedKeys,
        bytes: &[u8],
    ) -> Result<&'a PublicKey, SignatureError> {
        let key = trusted
            .get(self.key)
            .ok_or(SignatureError::UnknownKey(self.key))?;
        key.key
            .verify(bytes, &self.signature, true)
            .map_err(|_| SignatureError::Wrong(self.key))?;
        Ok(key)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signature({})", self.key)
    }
}
