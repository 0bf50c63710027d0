//! Whom to trust, as the command line says, and who has signed a file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use anyhow::{Context, bail};
use casefile_configuration::TrustedKey;
use casefile_pack::limits;
use casefile_pack::signature::{KeyId, PublicKey, SUFFIX, Signature, SignatureError, TrustedKeys};

use crate::input;

/// The keys that a command trusts.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct TrustedKeyArguments {
    /// Trust this key: a public key of minisign, or the file of one
    #[arg(long = "trusted-key", value_name = "KEY-OR-FILE")]
    trusted_keys: Vec<String>,

    /// Trust all keys in this file: one a line, and behind it a name; # begins
    /// a comment
    #[arg(long = "trust-file", value_name = "FILE")]
    trust_files: Vec<PathBuf>,
}

impl TrustedKeyArguments {
    /// All of them.
    ///
    /// # Errors
    /// A file can't be read, or has something else in it.
    pub(crate) fn read(&self) -> anyhow::Result<TrustedKeys> {
        let mut trusted = TrustedKeys::default();
        for text in &self.trusted_keys {
            match PublicKey::new(text, "") {
                Ok(key) => trusted.insert(key)?,
                Err(_) => trusted.extend(read_list(Path::new(text))?)?,
            }
        }
        for file in &self.trust_files {
            trusted.extend(read_list(file)?)?;
        }
        Ok(trusted)
    }
}

fn read_list(path: &Path) -> anyhow::Result<TrustedKeys> {
    let shown = path.display();
    let bytes = input::bytes(path, limits::KEY_FILE_BYTES)
        .with_context(|| format!("trusted key {shown}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("trusted key {shown}"))?;
    TrustedKeys::parse(&text).with_context(|| format!("trusted key {shown}"))
}

/// Which keys a command trusts, and whether it takes nothing else.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct TrustArguments {
    /// Take no policy and no pack but those with a good signature of a trusted
    /// key (FILE.minisig beside FILE); the built-in pack needs none
    #[arg(long)]
    require_signature: bool,

    #[command(flatten)]
    keys: TrustedKeyArguments,
}

impl TrustArguments {
    /// The same, and the keys that a configuration in a folder trusts as
    /// well.
    pub(crate) fn with(&self, keys: &[TrustedKey], folder: &Path, required: bool) -> Self {
        let mut trust = self.clone();
        trust.require_signature |= required;
        trust
            .keys
            .trusted_keys
            .extend(keys.iter().map(|key| match key {
                TrustedKey::Text(text) => text.clone(),
                TrustedKey::File(name) => folder.join(name).to_string_lossy().into_owned(),
            }));
        trust
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// They can't be read, or files need signatures and nobody is trusted.
    pub(super) fn read(&self, are_there_files: bool) -> anyhow::Result<Trust> {
        let keys = self.keys.read()?;
        if self.require_signature && are_there_files && keys.is_empty() {
            bail!("--require-signature takes --trusted-key or --trust-file: whose signatures?");
        }
        Ok(Trust {
            keys,
            required: self.require_signature,
        })
    }
}

/// Whom to trust.
pub(super) struct Trust {
    keys: TrustedKeys,
    required: bool,
}

/// The trusted key that has signed a file.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    /// Its id.
    pub(crate) key: KeyId,
    /// What the user calls it; empty where nobody said.
    pub(crate) name: String,
}

impl fmt::Display for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "key {}", self.key)?;
        if self.name.is_empty() {
            return Ok(());
        }
        write!(formatter, " ({})", self.name)
    }
}

impl From<&PublicKey> for Signer {
    fn from(key: &PublicKey) -> Self {
        Self {
            key: key.id(),
            name: key.name().to_owned(),
        }
    }
}

impl Trust {
    /// Who has signed the bytes of this file; none where it is not signed, or
    /// by somebody else, and needs not be.
    ///
    /// # Errors
    /// It needs a signature and has no good one. A signature that names a
    /// trusted key and is wrong is an error always: somebody has changed the
    /// file.
    pub(super) fn signer(&self, path: &Path, bytes: &[u8]) -> anyhow::Result<Option<Signer>> {
        if self.keys.is_empty() {
            return Ok(None);
        }
        let shown = path.display();
        let beside = signature_path(path);
        let Some(file) = read_signature(&beside)? else {
            if self.required {
                bail!(
                    "{shown}: it is not signed: there is no {}",
                    beside.display()
                );
            }
            return Ok(None);
        };
        let signature = Signature::parse(&file).with_context(|| beside.display().to_string())?;
        match signature.verify(&self.keys, bytes) {
            Ok(key) => Ok(Some(key.into())),
            Err(SignatureError::UnknownKey(_)) if !self.required => Ok(None),
            Err(error) => Err(error).with_context(|| shown.to_string()),
        }
    }
}

/// Where the signature of a file is.
pub(crate) fn signature_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(SUFFIX);
    name.into()
}

/// The bytes of a signature's file, if there is one.
pub(crate) fn read_signature(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match input::bytes(path, limits::SIGNATURE_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn is_absent(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}
