//! Secret keys: made, read, unlocked, and what they sign. Where a key is
//! kept, and how its password is asked for, is up to the caller.

use std::fmt;
use std::ops::Range;

use data_encoding::BASE64;
use minisign::{KeyPair, SecretKeyBox};

use super::{KeyId, UNTRUSTED, key_id};

/// Bytes of a secret key, once decoded.
const BYTES: usize = 158;
/// Those of them where the algorithm stands by which the password locks the
/// key; zeros where there is none.
const LOCK: Range<usize> = 2..4;
/// Those where its checksum stands; minisign leaves it out (zeros) where
/// there is no password.
const CHECKSUM: Range<usize> = 126..158;

/// Why a secret key can't be made or used.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The file is no secret key, or is damaged.
    #[error("no secret key of minisign")]
    Format,
    /// A password is needed.
    #[error("the key is locked by a password")]
    Locked,
    /// The password is wrong, or the file is damaged.
    #[error("the password is wrong, or the key is damaged")]
    Password,
    /// A comment with more than one line.
    #[error("a comment is one line without control characters, {0} bytes at most")]
    Comment(usize),
    /// The machine gives no random bytes, or memory.
    #[error("{0}")]
    Failed(String),
}

/// Bytes of a comment.
const COMMENT_BYTES: usize = 1_000;

/// A key pair that was made.
pub struct GeneratedKeys {
    /// The id of both.
    pub id: KeyId,
    /// The file with the secret key.
    pub secret: String,
    /// The file with the public key.
    pub public: String,
}

/// Makes a key pair; the secret key is locked where a password is given.
///
/// # Errors
/// The machine gives no random bytes.
pub fn generate(password: Option<&str>) -> Result<GeneratedKeys, SecretKeyError> {
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password.to_owned())),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(failed)?;
    let public = pair.pk.to_base64();
    let id = key_id(&pair.pk.to_bytes()).ok_or(SecretKeyError::Format)?;
    let kind = if password.is_some() {
        "encrypted"
    } else {
        "unencrypted"
    };
    let comment = format!("minisign {kind} secret key {id}");
    Ok(GeneratedKeys {
        id,
        secret: pair
            .sk
            .to_box(Some(&comment))
            .map_err(failed)?
            .into_string(),
        public: format!("{UNTRUSTED}minisign public key {id}\n{public}\n"),
    })
}

fn failed(error: minisign::PError) -> SecretKeyError {
    SecretKeyError::Failed(error.to_string())
}

/// Whether the secret key in this file is locked by a password.
///
/// # Errors
/// It is no secret key.
pub fn is_locked(file: &str) -> Result<bool, SecretKeyError> {
    match decode(file)?.get(LOCK) {
        Some([0, 0]) => Ok(false),
        Some(b"Sc") => Ok(true),
        _ => Err(SecretKeyError::Format),
    }
}

/// The bytes in the second line of a secret key's file.
fn decode(file: &str) -> Result<Vec<u8>, SecretKeyError> {
    let line = file.lines().nth(1).unwrap_or_default();
    match BASE64.decode(line.trim().as_bytes()) {
        Ok(bytes) if bytes.len() == BYTES => Ok(bytes),
        _ => Err(SecretKeyError::Format),
    }
}

/// A secret key that can sign.
pub struct SecretKey {
    key: minisign::SecretKey,
}

// Nobody finds a secret key in a log.
impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey")
    }
}

impl SecretKey {
    /// Reads a secret key's file, and unlocks it with a password where it is
    /// locked. That takes time and memory as the file says: up to 1 GiB.
    ///
    /// # Errors
    /// It is no secret key, or the password does not unlock it.
    pub fn read(file: &str, password: Option<&str>) -> Result<Self, SecretKeyError> {
        let boxed = SecretKeyBox::from_string(file).map_err(|_| SecretKeyError::Format)?;
        let bytes = decode(file)?;
        let has_checksum = bytes[CHECKSUM].iter().any(|byte| *byte != 0);
        let key = if is_locked(file)? {
            let password = password.ok_or(SecretKeyError::Locked)?;
            boxed
                .into_secret_key(Some(password.to_owned()))
                .map_err(|_| SecretKeyError::Password)?
        } else if has_checksum {
            boxed
                .into_unencrypted_secret_key()
                .map_err(|_| SecretKeyError::Format)?
        } else {
            minisign::SecretKey::from_bytes(&bytes).map_err(|_| SecretKeyError::Format)?
        };
        Ok(Self { key })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Option<KeyId> {
        Some(KeyId(*self.key.keynum().first_chunk()?))
    }

    /// Signs a file's bytes, and a comment with them; the signature's file.
    ///
    /// # Errors
    /// The comment has more than a line, or the machine gives no random
    /// bytes.
    pub fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, SecretKeyError> {
        let control = |character: char| character.is_control() && character != '\t';
        // Readers of the format trim what stands around a comment.
        if comment.len() > COMMENT_BYTES || comment.contains(control) || comment.trim() != comment {
            return Err(SecretKeyError::Comment(COMMENT_BYTES));
        }
        let untrusted = match self.id() {
            Some(id) => format!("signature of key {id}"),
            None => "signature".to_owned(),
        };
        let public = minisign::PublicKey::from_secret_key(&self.key).map_err(failed)?;
        let signature = minisign::sign(
            Some(&public),
            &self.key,
            bytes,
            Some(comment),
            Some(&untrusted),
        );
        Ok(signature.map_err(failed)?.into_string())
    }
}
