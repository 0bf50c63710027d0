//! Reads a pack, strictly: what is not exactly what is written is refused,
//! and every digest is verified before anything of it is used.

use std::collections::BTreeMap;
use std::sync::Arc;

use casefile_snapshot::archive::{ArchiveError, ArchiveReader, Form};
use casefile_snapshot::{Digest, json_error};
use serde::Deserialize;

use crate::limits;
use crate::manifest::{FORMAT, FormatVersion, MANIFEST, Manifest, MemberKind, PolicyEntry};

/// Why a file is no pack that can be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The archive is damaged, or none.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A newer format.
    #[error("pack format {format} is newer than format {known}, which this version reads; casefile {reader} or later reads it", known = FORMAT)]
    Newer {
        /// The file's format.
        format: FormatVersion,
        /// The oldest version that reads it, as the file says.
        reader: String,
    },
    /// The manifest is not as the format has it.
    #[error("{MANIFEST}: {0}")]
    Manifest(String),
}

impl PackError {
    /// Whether the file is a pack whose bytes are not those that were
    /// sealed, and not something else altogether.
    #[must_use]
    pub const fn is_wrong_digest(&self) -> bool {
        matches!(
            self,
            Self::Archive(ArchiveError::Digest { .. } | ArchiveError::Seal { .. })
        )
    }
}

/// A pack whose digests are verified.
#[derive(Clone, Debug)]
pub struct Pack {
    manifest: Manifest,
    digest: Digest,
    /// By path.
    contents: BTreeMap<String, Arc<[u8]>>,
}

impl Pack {
    /// What it says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The digest of its file.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The bytes of a member.
    #[must_use]
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.contents.get(path).map(AsRef::as_ref)
    }

    /// Its policies, by id, with their components.
    pub fn policies(&self) -> impl Iterator<Item = (&PolicyEntry, &[u8])> {
        let policies = self.manifest.policies.iter();
        policies.filter_map(|policy| Some((policy, self.content(&policy.member())?)))
    }

    /// Its data files, by name.
    #[must_use]
    pub fn data(&self) -> BTreeMap<String, Arc<[u8]>> {
        let folder = MemberKind::Data.folder();
        let contents = self.contents.iter();
        contents
            .filter_map(|(path, bytes)| {
                Some((path.strip_prefix(folder)?.to_owned(), Arc::clone(bytes)))
            })
            .collect()
    }
}

/// Reads a pack from the bytes of its file and verifies every digest in it.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read_pack(file: &[u8]) -> Result<Pack, PackError> {
    let form = Form {
        noun: "pack",
        version: FORMAT.0,
    };
    casefile_snapshot::archive::check_limit("the file", file.len() as u64, limits::PACK_BYTES)?;
    let mut archive = ArchiveReader::open(file, form)?;
    let manifest = parse(&archive.first_member(MANIFEST, limits::MANIFEST_BYTES)?)?;
    let mut contents = BTreeMap::new();
    for member in &manifest.members {
        let bytes = archive.member(&member.path, member.size, member.sha256)?;
        contents.insert(member.path.clone(), bytes.into());
    }
    archive.finish()?;
    Ok(Pack {
        manifest,
        digest: Digest::of(file),
        contents,
    })
}

#[derive(Deserialize)]
struct FormatProbe {
    format: FormatVersion,
    #[serde(default)]
    reader: String,
}

fn parse(bytes: &[u8]) -> Result<Manifest, PackError> {
    let wrong = |error: serde_json::Error| PackError::Manifest(json_error(&error));
    let probe: FormatProbe = serde_json::from_slice(bytes).map_err(wrong)?;
    if probe.format > FORMAT {
        return Err(PackError::Newer {
            format: probe.format,
            reader: plain_version(probe.reader),
        });
    }
    if probe.format < FORMAT {
        let problem = format!("there is no format {}", probe.format);
        return Err(PackError::Manifest(problem));
    }
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(wrong)?;
    manifest.check().map_err(PackError::Manifest)?;
    if manifest.to_bytes().map_err(wrong)? != bytes {
        let problem = "it is not spelled as the format has it".to_owned();
        return Err(PackError::Manifest(problem));
    }
    Ok(manifest)
}

/// A version as a file gives it, where it can be shown to a user.
fn plain_version(version: String) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
    if !version.is_empty() && version.len() <= 32 && version.bytes().all(plain) {
        version
    } else {
        "of a newer release".to_owned()
    }
}
