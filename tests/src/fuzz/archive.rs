//! The reader of snapshots, at four depths: the file as it comes, the archive
//! in it, its index, its manifest. Deeper ones are sealed here, so that the
//! bytes get past the digests.

use casefile_snapshot::{Content, Digest, Kind, Snapshot, limits, read_snapshot};
use serde_json::{Value, json};

#[cfg(feature = "engine")]
use super::evidence::survey;
use crate::forge::{self, Forged, Member};
use crate::sample;

/// A file as it comes.
pub(super) fn snapshot(bytes: &[u8]) {
    match read_snapshot(bytes) {
        Ok(snapshot) => {
            let archive = zstd::decode_all(bytes).expect("it was read");
            accepted(snapshot, &archive);
        }
        Err(error) => refused(&error.to_string()),
    }
}

/// An archive: headers, padding, order of members.
pub(super) fn archive(bytes: &[u8]) {
    match read_snapshot(forge::pack(bytes).as_slice()) {
        Ok(snapshot) => accepted(snapshot, bytes),
        Err(error) => refused(&error.to_string()),
    }
}

/// The lines of an index. What lines announce is delivered.
pub(super) fn index(bytes: &[u8]) {
    let mut index = Vec::new();
    let mut members = Vec::new();
    let mut content_bytes: u64 = 0;
    let mut entries: u64 = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        entries += 1;
        let Some((line, member)) = delivered(line) else {
            index.extend(line);
            continue;
        };
        content_bytes += member.bytes.len() as u64;
        index.extend(line);
        members.push(member);
    }
    let manifest = sealed_manifest(&sample_manifest(), &index, entries, content_bytes);
    read_forged(&manifest, &index, members);
}

/// A manifest, beside an empty index.
pub(super) fn manifest(bytes: &[u8]) {
    let manifest = match serde_json::from_slice(bytes) {
        Ok(value @ Value::Object(_)) => sealed_manifest(&value, b"", 0, 0),
        _ => bytes.to_vec(),
    };
    read_forged(&manifest, b"", Vec::new());
}

fn read_forged(manifest: &[u8], index: &[u8], members: Vec<Member>) {
    let mut all = vec![
        Member::file("manifest.json", manifest),
        Member::file("index.jsonl", index),
    ];
    all.extend(members);
    archive(&forge::archive(&all, &[0; 1024]));
}

/// A line that announces bytes, with size and digest of bytes that are there.
fn delivered(line: &[u8]) -> Option<(Vec<u8>, Member)> {
    let mut value: Value = serde_json::from_slice(line).ok()?;
    if value.get("entry")?.get("content")?.get("type")? != "bytes" {
        return None;
    }
    let path = value.get("path")?.as_str()?.to_owned();
    let kind: Kind = serde_json::from_value(value.get("kind")?.clone()).ok()?;
    // Of every size around a block of the archive.
    let content = path.repeat(1 + path.len() % 5);
    let announced = &mut value["entry"]["content"];
    announced["size"] = json!(content.len());
    announced["sha256"] = json!(Digest::of(content.as_bytes()).to_string());
    let mut line = serde_json::to_vec(&value).expect("JSON");
    line.push(b'\n');
    let name = format!("{}{path}", kind.folder());
    Some((line, Member::file(&name, content.as_bytes())))
}

fn sample_manifest() -> Value {
    Forged::of(&sample::file(&sample::snapshot())).manifest
}

fn sealed_manifest(value: &Value, index: &[u8], entries: u64, content_bytes: u64) -> Vec<u8> {
    let mut value = value.clone();
    value["index"] = json!({
        "entries": entries,
        "content_bytes": content_bytes,
        "bytes": index.len(),
        "sha256": Digest::of(index).to_string(),
    });
    serde_json::to_vec(&value).expect("JSON")
}

/// A refusal is one line, and not longer than a screen.
fn refused(error: &str) {
    assert!(
        !error.is_empty() && error.len() < 4 * limits::PATH_BYTES,
        "{error}"
    );
    assert!(!error.chars().any(char::is_control), "{error:?}");
}

/// What is read is written back byte for byte, so that no two files say the
/// same in different words, and every fact of it can be asked for.
fn accepted(snapshot: Snapshot, archive: &[u8]) {
    let written = sample::file(&snapshot);
    let again = read_snapshot(written.as_slice()).expect("what is written is read");
    assert_eq!(again.digest(), snapshot.digest());
    assert!(
        zstd::decode_all(written.as_slice()).expect("an archive") == archive,
        "what was read is not what is written"
    );
    for id in snapshot.ids() {
        let key = snapshot.key(id);
        assert_eq!(snapshot.get(key), Some(id));
        let entry = snapshot.entry(id);
        assert_eq!(
            matches!(entry.content, Content::Bytes { .. }),
            snapshot.bytes(id).is_some()
        );
        for kind in Kind::ALL {
            match snapshot.find(kind, &key.path) {
                Ok(found) => assert!(found.via.len() <= limits::LINK_HOPS),
                // The links, and what proves the answer.
                Err(none) => assert!(none.via.len() <= limits::LINK_HOPS + 3, "{none:?}"),
            }
        }
        if let Content::Symlink { target } = &entry.content {
            let found = snapshot.find_written(Kind::Raw, target);
            assert!(found.map_or_else(|none| none.via, |found| found.via).len() < 50);
        }
    }
    #[cfg(feature = "engine")]
    survey(snapshot);
}
