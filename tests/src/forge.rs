//! Snapshots that no writer writes: taken apart, changed, and sealed again.
//! A forger knows the format as well as we do, so every digest fits unless a
//! test wants it not to.

use std::io::Read as _;

use casefile_snapshot::Digest;
use serde_json::{Value, json};
use tar::{EntryType, Header};

/// A snapshot in pieces.
#[derive(Clone, Debug)]
pub struct Forged {
    /// The manifest.
    pub manifest: Value,
    /// The lines of the index.
    pub index: Vec<Value>,
    /// The members behind the index.
    pub members: Vec<Member>,
    /// What stands behind the last member; two blocks of zeros by rights.
    pub end: Vec<u8>,
}

/// One member of the archive.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it is; a regular file by rights.
    pub kind: EntryType,
    /// Where it leads, for links.
    pub target: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Member {
    /// A regular file.
    #[must_use]
    pub fn file(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            kind: EntryType::Regular,
            target: None,
            bytes: bytes.to_vec(),
        }
    }
}

impl Forged {
    /// Takes a snapshot's file apart.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        let mut members = members(file).into_iter();
        let manifest = members.next().expect("a manifest").bytes;
        let index = members.next().expect("an index").bytes;
        Self {
            manifest: serde_json::from_slice(&manifest).expect("JSON"),
            index: index
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(|line| serde_json::from_slice(line).expect("JSON"))
                .collect(),
            members: members.collect(),
            end: vec![0; 1024],
        }
    }

    /// The line of the index and the member of a path.
    pub fn item(&mut self, path: &str) -> (&mut Value, Option<&mut Member>) {
        let line = self
            .index
            .iter_mut()
            .find(|line| line["path"] == path)
            .unwrap_or_else(|| panic!("no {path}"));
        let name = format!("host{path}");
        let member = self.members.iter_mut().find(|member| member.name == name);
        (line, member)
    }

    /// Makes every size and digest fit what stands there now.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        for line in &mut self.index {
            let name = format!("host{}", line["path"].as_str().unwrap_or_default());
            let member = self.members.iter().find(|member| member.name == name);
            if let Some(member) = member
                && line["entry"]["content"]["type"] == "bytes"
            {
                line["entry"]["content"]["size"] = json!(member.bytes.len());
                line["entry"]["content"]["sha256"] = json!(Digest::of(&member.bytes).to_string());
            }
        }
        let index = self.index_bytes();
        let content: u64 = self
            .index
            .iter()
            .filter_map(|line| line["entry"]["content"]["size"].as_u64())
            .sum();
        self.manifest["index"] = json!({
            "entries": self.index.len(),
            "content_bytes": content,
            "bytes": index.len(),
            "sha256": Digest::of(&index).to_string(),
        });
        self
    }

    fn index_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for line in &self.index {
            serde_json::to_writer(&mut bytes, line).expect("JSON");
            bytes.push(b'\n');
        }
        bytes
    }

    /// The archive before compression.
    #[must_use]
    pub fn archive(&self) -> Vec<u8> {
        let manifest = serde_json::to_vec(&self.manifest).expect("JSON");
        let mut members = vec![
            Member::file("manifest.json", &manifest),
            Member::file("index.jsonl", &self.index_bytes()),
        ];
        members.extend_from_slice(&self.members);
        archive(&members, &self.end)
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        pack(&self.archive())
    }
}

/// The members of a snapshot's file, or a pack's.
#[must_use]
pub fn members(file: &[u8]) -> Vec<Member> {
    let unpacked = zstd::decode_all(file).expect("compressed");
    let mut archive = tar::Archive::new(unpacked.as_slice());
    let entries = archive.entries().expect("an archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("a member");
            let name = String::from_utf8(entry.path_bytes().into_owned()).expect("escaped");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("in memory");
            Member::file(&name, &bytes)
        })
        .collect()
}

/// An archive of members, and what stands behind the last.
#[must_use]
pub fn archive(members: &[Member], end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for member in members {
        append(&mut bytes, member);
    }
    bytes.extend(end);
    bytes
}

/// Compresses an archive, and seals the file.
#[must_use]
pub fn pack(archive: &[u8]) -> Vec<u8> {
    let mut file = zstd::encode_all(archive, 3).expect("memory takes it");
    let digest = Digest::of(&file);
    file.extend([0x5c, 0x2a, 0x4d, 0x18, 32, 0, 0, 0]);
    file.extend(digest.as_bytes());
    file
}

/// Writes a member as the writer of snapshots does; a name that does not fit
/// into a ustar header goes into a PAX header before it.
fn append(bytes: &mut Vec<u8>, member: &Member) {
    let header = |kind, size: usize| {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(0o600);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(size as u64);
        header
    };
    let mut own = header(member.kind, member.bytes.len());
    if let Some(target) = &member.target {
        own.set_link_name(target).expect("short");
    }
    if own.set_path(&member.name).is_err() {
        let digest = Digest::of(member.name.as_bytes());
        let rest = format!(" path={}\n", member.name);
        let length = (rest.len()..).find(|length| length.to_string().len() + rest.len() == *length);
        let record = format!("{}{rest}", length.expect("there is one"));
        let mut extension = header(EntryType::XHeader, record.len());
        extension
            .set_path(format!("pax/{digest}"))
            .expect("short and relative");
        extension.set_cksum();
        push(bytes, &extension, record.as_bytes());
        // Names that climb are refused by the library: written as they are.
        if own.set_path(format!("long/{digest}")).is_err() {
            unreachable!("short and relative");
        }
    }
    own.set_cksum();
    push(bytes, &own, &member.bytes);
}

fn push(bytes: &mut Vec<u8>, header: &Header, content: &[u8]) {
    bytes.extend(header.as_bytes());
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
}
