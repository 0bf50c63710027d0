//! The JSON of an image layout, as far as a pack needs it: which manifest an
//! index names by a tag, and which layers a manifest has.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fmt, io};

use casefile_snapshot::{Digest, escape, json_error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits;
use crate::read::PackError;
use crate::signature::SignatureError;

/// The type of the artifact that a pack is.
pub const ARTIFACT: &str = "application/vnd.casefile.pack.v1";
/// The media type of the layer with a pack's file.
pub const PACK_LAYER: &str = "application/vnd.casefile.pack.v1.tar+zstd";
/// The media type of the layer with its signature.
pub const SIGNATURE_LAYER: &str = "application/vnd.casefile.pack.v1.minisig";

pub(super) const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
/// The config of an artifact that needs none.
pub(super) const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
/// Its bytes.
pub(super) const EMPTY: &[u8] = b"{}";
/// The annotation of an index's manifests that holds the tag.
pub(super) const REFERENCE: &str = "org.opencontainers.image.ref.name";
pub(super) const TITLE: &str = "org.opencontainers.image.title";
pub(super) const VERSION: &str = "org.opencontainers.image.version";

/// Why a folder is no image layout with a pack, or can't become one.
#[derive(Debug, thiserror::Error)]
pub enum OciError {
    /// A file can't be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The kernel's words.
        error: io::Error,
    },
    /// A file is not as the specification has it.
    #[error("{file}: {problem}")]
    Format {
        /// Which.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A blob's bytes are not those that are announced.
    #[error("{blob}: {problem}")]
    Blob {
        /// Which.
        blob: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The index has no manifest of this tag.
    #[error("there is no tag {tag}; there are: {known}")]
    NoSuchTag {
        /// Which.
        tag: String,
        /// Those that are.
        known: String,
    },
    /// More than one manifest, and no tag was given, or one tag twice.
    #[error("there is more than one manifest ({known}); give the tag of one")]
    Ambiguous {
        /// The tags that are there.
        known: String,
    },
    /// The tag is there, with something else.
    #[error("tag {0} is there already, with another manifest")]
    TagTaken(String),
    /// The pack in it can't be used.
    #[error("its pack: {0}")]
    Pack(#[from] PackError),
    /// The signature in it is none.
    #[error("its signature: {0}")]
    Signature(#[from] SignatureError),
}

/// A tag (OCI Distribution Specification: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

/// The text is no tag.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a tag is made of up to 128 letters, digits, '_', '.' and '-', and does not begin with '.' or '-'"
)]
pub struct TagError;

impl Tag {
    /// Takes a tag.
    ///
    /// # Errors
    /// It has another shape.
    pub fn new(text: &str) -> Result<Self, TagError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let wrong = text.is_empty() || text.len() > 128 || text.starts_with(['.', '-']);
        if wrong || !text.bytes().all(plain) {
            return Err(TagError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The tag of a version: a `+`, which tags can't have, becomes `_`.
    ///
    /// # Errors
    /// The version begins as no tag does.
    pub fn of_version(version: &str) -> Result<Self, TagError> {
        Self::new(&version.replace('+', "_"))
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::str::FromStr for Tag {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, TagError> {
        Self::new(text)
    }
}

/// A descriptor, as it stands in the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) artifact_type: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: BTreeMap<String, String>,
}

/// A manifest, as it stands in the JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageManifest {
    pub(super) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) artifact_type: Option<String>,
    pub(super) config: Descriptor,
    pub(super) layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageIndex {
    schema_version: u32,
    #[serde(default)]
    media_type: Option<String>,
    manifests: Vec<Value>,
}

/// A blob that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its digest, and with it its name.
    pub digest: Digest,
    /// Bytes; within the limit of what it is to be.
    pub size: u64,
}

impl Descriptor {
    pub(super) fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: format!("sha256:{}", Digest::of(bytes)),
            size: bytes.len() as u64,
            artifact_type: None,
            annotations: BTreeMap::new(),
        }
    }

    /// What it announces, if that is of a kind and not too large.
    fn blob(&self, file: &str, media_type: &str, limit: u64) -> Result<Blob, OciError> {
        let wrong = |problem: String| format_error(file, problem);
        if self.media_type != media_type {
            let found = shorten(&self.media_type);
            return Err(wrong(format!("expected {media_type}, found {found}")));
        }
        if self.size > limit {
            let size = self.size;
            let problem = format!("a {media_type} of {size} bytes, over the limit of {limit}");
            return Err(wrong(problem));
        }
        let digest = self
            .digest
            .strip_prefix("sha256:")
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| wrong(format!("{} is no sha256 digest", shorten(&self.digest))))?;
        Ok(Blob {
            digest,
            size: self.size,
        })
    }

    fn tag(&self) -> Option<&str> {
        self.annotations.get(REFERENCE).map(String::as_str)
    }
}

pub(super) fn format_error(file: &str, problem: impl Into<String>) -> OciError {
    OciError::Format {
        file: file.to_owned(),
        problem: problem.into(),
    }
}

fn shorten(text: &str) -> String {
    let text: String = text.chars().take(100).collect();
    format!("{:?}", escape(text.as_bytes()))
}

pub(super) const INDEX_FILE: &str = "index.json";

/// The descriptors of an index that can be manifests of packs. Others may
/// stand beside them, of which nothing need be known.
pub(super) fn manifests(index: &[u8]) -> Result<Vec<Descriptor>, OciError> {
    let wrong = |problem: String| format_error(INDEX_FILE, problem);
    let index: ImageIndex =
        serde_json::from_slice(index).map_err(|error| wrong(json_error(&error)))?;
    let version = index.schema_version;
    if version != 2 {
        return Err(wrong(format!("schemaVersion is {version}, not 2")));
    }
    if index.media_type.is_some_and(|found| found != INDEX_TYPE) {
        return Err(wrong(format!("mediaType is not {INDEX_TYPE}")));
    }
    let count = index.manifests.len();
    if count > limits::OCI_MANIFESTS {
        let limit = limits::OCI_MANIFESTS;
        return Err(wrong(format!(
            "{count} manifests, over the limit of {limit}"
        )));
    }
    let manifests = index.manifests.into_iter().map(serde_json::from_value);
    manifests
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(json_error(&error)))
}

/// The manifest that an index (`index.json`) has under a tag; without a tag,
/// the only one that it has.
///
/// # Errors
/// The index is damaged, or it has none or several.
pub fn select(index: &[u8], tag: Option<&Tag>) -> Result<Blob, OciError> {
    let manifests = manifests(index)?;
    let known = || {
        let tags = manifests.iter().filter_map(Descriptor::tag);
        let known: Vec<String> = tags.take(20).map(shorten).collect();
        if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        }
    };
    let wanted: Vec<&Descriptor> = manifests
        .iter()
        .filter(|one| tag.is_none_or(|tag| one.tag() == Some(tag.as_str())))
        .collect();
    match (wanted.as_slice(), tag) {
        ([one], _) => one.blob(INDEX_FILE, MANIFEST_TYPE, limits::OCI_JSON_BYTES),
        ([], Some(tag)) => Err(OciError::NoSuchTag {
            tag: tag.to_string(),
            known: known(),
        }),
        ([], None) => Err(format_error(INDEX_FILE, "there is no manifest in it")),
        _ => Err(OciError::Ambiguous { known: known() }),
    }
}

/// The layers of a pack's manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// The pack's file.
    pub pack: Blob,
    /// Its signature.
    pub signature: Option<Blob>,
    /// The config, which is empty.
    pub config: Blob,
}

/// The layers that a manifest has: a pack, and behind it a signature or
/// nothing.
///
/// # Errors
/// It is the manifest of something else.
pub fn layers(manifest: &[u8]) -> Result<Layers, OciError> {
    const FILE: &str = "the manifest";
    let wrong = |problem: String| format_error(FILE, problem);
    let manifest: ImageManifest =
        serde_json::from_slice(manifest).map_err(|error| wrong(json_error(&error)))?;
    if manifest.schema_version != 2 {
        let version = manifest.schema_version;
        return Err(wrong(format!("schemaVersion is {version}, not 2")));
    }
    if manifest
        .media_type
        .as_deref()
        .is_some_and(|found| found != MANIFEST_TYPE)
    {
        return Err(wrong(format!("mediaType is not {MANIFEST_TYPE}")));
    }
    match manifest.artifact_type.as_deref() {
        Some(ARTIFACT) => {}
        Some(other) => {
            let found = shorten(other);
            return Err(wrong(format!("it is an artifact {found}, not {ARTIFACT}")));
        }
        None => return Err(wrong(format!("it is an image, and no {ARTIFACT}"))),
    }
    let config = manifest.config.blob(FILE, EMPTY_TYPE, EMPTY.len() as u64)?;
    let (pack, signature) = match manifest.layers.as_slice() {
        [pack] => (pack, None),
        [pack, signature] => (pack, Some(signature)),
        other => {
            let count = other.len();
            return Err(wrong(format!(
                "{count} layers, where a pack has one or two"
            )));
        }
    };
    Ok(Layers {
        pack: pack.blob(FILE, PACK_LAYER, limits::PACK_BYTES)?,
        signature: signature
            .map(|one| one.blob(FILE, SIGNATURE_LAYER, limits::SIGNATURE_BYTES))
            .transpose()?,
        config,
    })
}
