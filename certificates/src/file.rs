//! What a file of certificates holds: PEM blocks, one certificate in DER, or
//! objects of p11-kit. It is read once; pools differ in what they take of it.

use std::sync::Arc;

use super::certificate::Certificate;
use super::der::Reader;
use super::p11_kit::{self, Object};
use super::pem::{self, Label};
use super::trusted::TrustSettings;

/// PEM blocks of one file: sixty times what a distribution ships.
const BLOCKS: usize = 10_000;
/// Bytes of one file: thirty times what a distribution ships. Names take up
/// to three times the bytes that they are read from.
pub const LIMIT_BYTES: usize = 16 << 20;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text with PEM blocks, or with none: then nothing is in it.
    Pem,
    /// One certificate in DER.
    Der,
    /// Objects of p11-kit, certificates among them.
    P11Kit,
}

/// A certificate of a file, or why it is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place among the PEM blocks of the file, from 0.
    pub position: u32,
    /// What its block says it is.
    pub label: Label,
    /// The certificate.
    pub certificate: Result<Arc<Certificate>, BlockError>,
    /// OpenSSL's trust settings, where some follow it.
    pub settings: Option<TrustSettings>,
}

impl Entry {
    /// The certificate, where it is one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_deref().ok()
    }
}

/// Why a block gives no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// Armour or base64 are damaged.
    #[error("the PEM block is damaged")]
    Armour,
    /// Its bytes are no certificate that parses.
    #[error("the block is no certificate that parses")]
    Content,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Over a limit.
    #[error("{count} {what} are over the limit of {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many are read.
        limit: usize,
    },
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFile {
    /// How it is written.
    pub form: Form,
    /// Its certificates, and blocks that should be some, in order.
    pub entries: Vec<Entry>,
    /// How many blocks are private keys.
    pub private_keys: u32,
    /// What p11-kit's objects say; empty in other files.
    pub objects: Vec<Object>,
}

impl CertificateFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It is larger than any host needs.
    pub fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        Self::parse_by(bytes, |der| Certificate::from_der(der).map(Arc::new))
    }

    /// Reads a file with certificates that others may have as well.
    pub(crate) fn parse_by(
        bytes: &[u8],
        read: impl Fn(&[u8]) -> Option<Arc<Certificate>>,
    ) -> Result<Self, FileError> {
        if bytes.len() > LIMIT_BYTES {
            return Err(FileError::TooMany {
                what: "bytes",
                count: bytes.len(),
                limit: LIMIT_BYTES,
            });
        }
        let blocks = pem::blocks(bytes);
        if blocks.len() > BLOCKS {
            return Err(FileError::TooMany {
                what: "PEM blocks",
                count: blocks.len(),
                limit: BLOCKS,
            });
        }
        let mut file = Self {
            form: Form::Pem,
            entries: Vec::new(),
            private_keys: 0,
            objects: Vec::new(),
        };
        if p11_kit::is_object_file(bytes) {
            file.form = Form::P11Kit;
            file.objects = p11_kit::objects(bytes);
        }
        if blocks.is_empty()
            && file.form == Form::Pem
            && let Some(certificate) = read(bytes)
        {
            file.form = Form::Der;
            file.entries.push(Entry {
                position: 0,
                label: Label::Certificate,
                certificate: Ok(certificate),
                settings: None,
            });
        }
        for (position, block) in (0..).zip(blocks) {
            match block.label {
                Label::PrivateKey => file.private_keys += 1,
                Label::Other => {}
                label => {
                    let content = match block.bytes {
                        None => Err(BlockError::Armour),
                        Some(der) => content(label, &der, &read).ok_or(BlockError::Content),
                    };
                    let (certificate, settings) = match content {
                        Ok((certificate, settings)) => (Ok(certificate), settings),
                        Err(error) => (Err(error), None),
                    };
                    file.entries.push(Entry {
                        position,
                        label,
                        certificate,
                        settings,
                    });
                }
            }
        }
        Ok(file)
    }

    /// The certificates that parse.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.entries.iter().filter_map(Entry::certificate)
    }

    /// How many blocks are no certificate that parses.
    #[must_use]
    pub fn unparsable(&self) -> u32 {
        let bad = self
            .entries
            .iter()
            .filter(|entry| entry.certificate.is_err());
        u32::try_from(bad.count()).unwrap_or(u32::MAX)
    }
}

/// The certificate of a block, and the trust settings that may follow it in
/// one of OpenSSL's. None where it is none, or where anything else follows.
fn content(
    label: Label,
    der: &[u8],
    read: impl Fn(&[u8]) -> Option<Arc<Certificate>>,
) -> Option<(Arc<Certificate>, Option<TrustSettings>)> {
    if label != Label::TrustedCertificate {
        return Some((read(der)?, None));
    }
    let mut reader = Reader::new(der);
    let certificate = read(reader.value()?.whole)?;
    let settings = match reader.rest() {
        [] => None,
        rest => Some(TrustSettings::read(rest)?),
    };
    Some((certificate, settings))
}

#[cfg(test)]
mod tests;
