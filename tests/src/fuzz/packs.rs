//! Readers of packs, of their signatures and of image layouts. Packs are read
//! at three depths: the file as it comes, the archive in it, its manifest;
//! deeper ones are sealed here, so that the bytes get past the digests.

use std::sync::LazyLock;

use casefile_pack::oci::{Tag, layers, select};
use casefile_pack::signature::{PublicKey, Signature, TrustedKeys};
use casefile_pack::{Pack, limits, read_pack};

use crate::forge::{self, Member};
use crate::packs::{ForgedPack, sample};

/// Made once: a pack is compressed slowly.
static SAMPLE: LazyLock<ForgedPack> = LazyLock::new(|| ForgedPack::of(&sample()));

/// A file as it comes.
pub(super) fn pack(bytes: &[u8]) {
    match read_pack(bytes) {
        Ok(pack) => {
            let archive = zstd::decode_all(bytes).expect("it was read");
            accepted(&pack, &archive);
        }
        Err(error) => refused(&error.to_string()),
    }
}

/// An archive: headers, padding, order of members.
pub(super) fn archive(bytes: &[u8]) {
    match read_pack(&forge::pack(bytes)) {
        Ok(pack) => accepted(&pack, bytes),
        Err(error) => refused(&error.to_string()),
    }
}

/// A manifest, before the members of a sample. What it says of those is made
/// to fit, where it is a manifest at all.
pub(super) fn manifest(bytes: &[u8]) {
    let mut forged = SAMPLE.clone();
    let bytes = match serde_json::from_slice(bytes) {
        Ok(value @ serde_json::Value::Object(_)) => {
            forged.manifest = value;
            forged = forged.sealed();
            forged.manifest_bytes()
        }
        _ => bytes.to_vec(),
    };
    let mut members = vec![Member::file("pack.json", &bytes)];
    members.extend(forged.members);
    archive(&forge::archive(&members, &forged.end));
}

/// A signature's file.
pub(super) fn signature(bytes: &[u8]) {
    match Signature::parse(bytes) {
        Ok(signature) => {
            assert!(bytes.len() as u64 <= limits::SIGNATURE_BYTES);
            let comment = signature.comment();
            assert!(!comment.contains(char::is_control), "{comment:?}");
            let nobody = TrustedKeys::default();
            let error = signature.verify(&nobody, b"").expect_err("nobody");
            assert!(error.to_string().contains(&signature.key().to_string()));
        }
        Err(error) => refused(&error.to_string()),
    }
}

/// A list of public keys.
pub(super) fn trusted_keys(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match TrustedKeys::parse(&text) {
        Ok(keys) => {
            assert!(!keys.is_empty());
            for key in keys.iter() {
                assert_eq!(keys.get(key.id()).map(PublicKey::id), Some(key.id()));
                assert!(!key.name().contains(char::is_control), "{key:?}");
            }
        }
        Err(error) => refused(&error.to_string()),
    }
}

/// The index of an image layout.
pub(super) fn oci_index(bytes: &[u8]) {
    let tag = Tag::new("1.2.0").expect("a tag");
    for tag in [None, Some(&tag)] {
        match select(bytes, tag) {
            Ok(blob) => assert!(blob.size <= limits::OCI_JSON_BYTES),
            Err(error) => refused(&error.to_string()),
        }
    }
}

/// The manifest of an image.
pub(super) fn oci_manifest(bytes: &[u8]) {
    match layers(bytes) {
        Ok(layers) => {
            assert!(layers.pack.size <= limits::PACK_BYTES);
            assert!(layers.config.size <= 2);
            let signature = layers.signature.map_or(0, |blob| blob.size);
            assert!(signature <= limits::SIGNATURE_BYTES);
        }
        Err(error) => refused(&error.to_string()),
    }
}

/// A refusal is one line, and not longer than a screen.
fn refused(error: &str) {
    assert!(!error.is_empty() && error.len() < 4_000, "{error}");
    assert!(!error.contains(char::is_control), "{error:?}");
}

/// What is read is what would be written, so that no two files say the same
/// in different words.
fn accepted(pack: &Pack, archive: &[u8]) {
    let manifest = pack.manifest();
    manifest.check().expect("it was checked");
    let bytes = manifest.to_bytes().expect("JSON");
    let mut members = vec![Member::file("pack.json", &bytes)];
    for member in &manifest.members {
        let content = pack.content(&member.path).expect("it was announced");
        assert_eq!(content.len() as u64, member.size);
        members.push(Member::file(&member.path, content));
    }
    assert!(
        forge::archive(&members, &[0; 1024]) == archive,
        "what was read is not what is written"
    );
    assert_eq!(pack.policies().count(), manifest.policies.len());
    assert!(pack.data().len() <= manifest.members.len());
}
