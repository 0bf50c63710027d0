//! The folder of an image layout: written file by file, the index last, and
//! read back with every size and digest checked.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use casefile_snapshot::{Digest, json_error};
use serde_json::{Value, json};

use super::model::{
    ARTIFACT, Blob, Descriptor, EMPTY, EMPTY_TYPE, INDEX_FILE, INDEX_TYPE, ImageManifest,
    MANIFEST_TYPE, OciError, PACK_LAYER, REFERENCE, SIGNATURE_LAYER, TITLE, Tag, VERSION,
    format_error, layers, manifests, select,
};
use crate::signature::{SUFFIX, Signature};
use crate::{Pack, limits, read_pack};

const LAYOUT_FILE: &str = "oci-layout";
const LAYOUT_VERSION: &str = "1.0.0";

/// What was exported.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The digest of the manifest, by which registries name it.
    pub manifest: Digest,
}

/// What was imported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The pack.
    pub pack: Pack,
    /// The bytes of its file.
    pub file: Vec<u8>,
    /// The bytes of its signature's file.
    pub signature: Option<Vec<u8>>,
}

/// Writes a pack into an image layout under a tag; the folder is made where
/// there is none, and keeps what else is in it.
///
/// # Errors
/// The pack is none, the tag is taken, or the folder can't be written.
pub fn export(
    folder: &Path,
    tag: &Tag,
    file: &[u8],
    signature: Option<&[u8]>,
) -> Result<Exported, OciError> {
    let pack = read_pack(file)?;
    if let Some(signature) = signature {
        Signature::parse(signature)?;
    }
    let manifest = manifest(&pack, file, signature)?;
    // A tag that is taken, or a folder that is something else, is found
    // before anything is written.
    let index = index_with(folder, tag, &manifest)?;
    let blobs = folder.join("blobs").join("sha256");
    fs::create_dir_all(&blobs).map_err(|error| io_error(&blobs, error))?;
    for bytes in [EMPTY, file, &manifest].into_iter().chain(signature) {
        write_blob(&blobs, bytes)?;
    }
    let layout = json!({ "imageLayoutVersion": LAYOUT_VERSION });
    write(&folder.join(LAYOUT_FILE), layout.to_string().as_bytes())?;
    write(&folder.join(INDEX_FILE), index.to_string().as_bytes())?;
    Ok(Exported {
        manifest: Digest::of(&manifest),
    })
}

fn manifest(pack: &Pack, file: &[u8], signature: Option<&[u8]>) -> Result<Vec<u8>, OciError> {
    let about = pack.manifest();
    let name = format!("{}-{}.casepack", about.id, about.version);
    let layer = |media_type: &str, bytes: &[u8], name: String| Descriptor {
        annotations: BTreeMap::from([(TITLE.to_owned(), name)]),
        ..Descriptor::of(media_type, bytes)
    };
    let mut layers = vec![layer(PACK_LAYER, file, name.clone())];
    if let Some(signature) = signature {
        let name = format!("{name}{SUFFIX}");
        layers.push(layer(SIGNATURE_LAYER, signature, name));
    }
    let title = if about.title.is_empty() {
        &about.id
    } else {
        &about.title
    };
    let manifest = ImageManifest {
        schema_version: 2,
        media_type: Some(MANIFEST_TYPE.to_owned()),
        artifact_type: Some(ARTIFACT.to_owned()),
        config: Descriptor::of(EMPTY_TYPE, EMPTY),
        layers,
        annotations: BTreeMap::from([
            (TITLE.to_owned(), title.clone()),
            (VERSION.to_owned(), about.version.clone()),
        ]),
    };
    serde_json::to_vec(&manifest).map_err(|error| format_error("the manifest", json_error(&error)))
}

/// The index of a layout, with one more manifest in it. Its other entries
/// stay as they are, whatever they say.
fn index_with(folder: &Path, tag: &Tag, manifest: &[u8]) -> Result<Value, OciError> {
    let descriptor = Descriptor {
        artifact_type: Some(ARTIFACT.to_owned()),
        annotations: BTreeMap::from([(REFERENCE.to_owned(), tag.to_string())]),
        ..Descriptor::of(MANIFEST_TYPE, manifest)
    };
    let wrong = |error: serde_json::Error| format_error(INDEX_FILE, json_error(&error));
    let entry = serde_json::to_value(&descriptor).map_err(wrong)?;
    if is_new(folder)? {
        return Ok(json!({
            "schemaVersion": 2,
            "mediaType": INDEX_TYPE,
            "manifests": [entry],
        }));
    }
    check_layout(folder)?;
    let bytes = read(&folder.join(INDEX_FILE), limits::OCI_JSON_BYTES)?;
    let there = manifests(&bytes)?;
    let mut same_tag = there
        .iter()
        .filter(|one| one.annotations.get(REFERENCE).map(String::as_str) == Some(tag.as_str()));
    let mut index: Value = serde_json::from_slice(&bytes).map_err(wrong)?;
    match same_tag.next() {
        Some(one) if one.digest == descriptor.digest => return Ok(index),
        Some(_) => return Err(OciError::TagTaken(tag.to_string())),
        None => {}
    }
    if let Some(entries) = index["manifests"].as_array_mut() {
        entries.push(entry);
    }
    Ok(index)
}

/// Whether there is no folder, or an empty one.
fn is_new(folder: &Path) -> Result<bool, OciError> {
    match fs::read_dir(folder) {
        Ok(mut names) => Ok(names.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(io_error(folder, error)),
    }
}

/// Reads a pack from an image layout.
///
/// # Errors
/// The folder is no image layout, the tag is not there, or what is under it
/// is not what it is said to be.
pub fn import(folder: &Path, tag: Option<&Tag>) -> Result<Imported, OciError> {
    check_layout(folder)?;
    let index = read(&folder.join(INDEX_FILE), limits::OCI_JSON_BYTES)?;
    let manifest = read_blob(folder, select(&index, tag)?)?;
    let layers = layers(&manifest)?;
    if read_blob(folder, layers.config)? != EMPTY {
        return Err(format_error("the manifest", "its config is not empty"));
    }
    let file = read_blob(folder, layers.pack)?;
    let signature = layers
        .signature
        .map(|blob| read_blob(folder, blob))
        .transpose()?;
    if let Some(signature) = &signature {
        Signature::parse(signature)?;
    }
    Ok(Imported {
        pack: read_pack(&file)?,
        file,
        signature,
    })
}

fn check_layout(folder: &Path) -> Result<(), OciError> {
    let bytes = read(&folder.join(LAYOUT_FILE), limits::OCI_JSON_BYTES)?;
    let layout: Value = serde_json::from_slice(&bytes)
        .map_err(|error| format_error(LAYOUT_FILE, json_error(&error)))?;
    if layout["imageLayoutVersion"] != LAYOUT_VERSION {
        let problem = format!("imageLayoutVersion is not {LAYOUT_VERSION}");
        return Err(format_error(LAYOUT_FILE, problem));
    }
    Ok(())
}

fn read_blob(folder: &Path, blob: Blob) -> Result<Vec<u8>, OciError> {
    let name = format!("blobs/sha256/{}", blob.digest);
    let bytes = read(&folder.join(&name), blob.size)?;
    let wrong = |problem: String| OciError::Blob {
        blob: name.clone(),
        problem,
    };
    if bytes.len() as u64 != blob.size {
        let size = bytes.len();
        let announced = blob.size;
        return Err(wrong(format!(
            "it has {size} bytes, announced were {announced}"
        )));
    }
    let actual = Digest::of(&bytes);
    if actual != blob.digest {
        return Err(wrong(format!("its digest is {actual}")));
    }
    Ok(bytes)
}

/// Reads a regular file of so many bytes at most. What is a link or a pipe
/// leads out of the layout, or nowhere.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, OciError> {
    let wrong = |error| io_error(path, error);
    if !fs::symlink_metadata(path).map_err(wrong)?.is_file() {
        return Err(wrong(io::Error::other("it is no regular file")));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(wrong)?;
    if bytes.len() as u64 > limit {
        let problem = format!("it has more than {limit} bytes");
        return Err(wrong(io::Error::other(problem)));
    }
    Ok(bytes)
}

/// Writes a blob under the name of its digest, unless it is there.
fn write_blob(folder: &Path, bytes: &[u8]) -> Result<(), OciError> {
    let path = folder.join(Digest::of(bytes).to_string());
    if read(&path, bytes.len() as u64).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    write(&path, bytes)
}

/// Writes a file whole, or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), OciError> {
    let wrong = |error| io_error(path, error);
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(wrong)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(wrong)?;
    file.persist(path).map_err(|error| wrong(error.error))?;
    Ok(())
}

fn io_error(path: &Path, error: io::Error) -> OciError {
    OciError::Io {
        path: PathBuf::from(path),
        error,
    }
}
