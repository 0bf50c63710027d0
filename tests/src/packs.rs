//! A small pack that no engine has seen, and packs that no writer writes:
//! taken apart, changed, and sealed again.

use casefile_pack::{FileName, Manifest, PackBuilder, PolicyFile};
use casefile_snapshot::Digest;
use serde_json::{Value, json};

use crate::forge::{self, Member};

/// A pack with a member of every kind; its components are no components,
/// which its format does not care for.
#[must_use]
pub fn sample() -> Vec<u8> {
    let mut builder = PackBuilder::new("sample", "1.2.3", "A sample");
    for (id, component) in [("second", vec![7; 1_000]), ("first", b"one".to_vec())] {
        let policy = PolicyFile {
            id: id.to_owned(),
            version: "0.1.0".to_owned(),
            contract: "0.1.0".to_owned(),
            imports: vec!["trust".to_owned(), "host".to_owned()],
            rules: vec![format!("{id}-rule"), "a-rule".to_owned()],
            documentation: format!("# {id}\n"),
            component,
        };
        builder.policy(policy).expect("one of its id");
    }
    builder
        .parameter("first", "limit", "a=b")
        .expect("it is there");
    let name = |name| FileName::new(name).expect("a name");
    builder
        .data(&name("owners.csv"), b"a,b\n".to_vec())
        .expect("one of its name");
    builder
        .document(&name("README.md"), b"# Read me\n".to_vec())
        .expect("one of its name");
    builder.finish().expect("within the limits")
}

/// A pack in pieces.
#[derive(Clone, Debug)]
pub struct ForgedPack {
    /// Its manifest.
    pub manifest: Value,
    /// The members behind it.
    pub members: Vec<Member>,
    /// What stands behind the last member; two blocks of zeros by rights.
    pub end: Vec<u8>,
}

impl ForgedPack {
    /// Takes a pack's file apart.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        let mut members = forge::members(file).into_iter();
        let manifest = members.next().expect("a manifest").bytes;
        Self {
            manifest: serde_json::from_slice(&manifest).expect("JSON"),
            members: members.collect(),
            end: vec![0; 1024],
        }
    }

    /// The member of a path.
    pub fn member(&mut self, path: &str) -> &mut Member {
        let found = self.members.iter_mut().find(|member| member.name == path);
        found.unwrap_or_else(|| panic!("no {path}"))
    }

    /// What the manifest says of the member of a path.
    pub fn announced(&mut self, path: &str) -> &mut Value {
        let members = self.manifest["members"].as_array_mut().expect("a list");
        let found = members.iter_mut().find(|member| member["path"] == path);
        found.unwrap_or_else(|| panic!("no {path}"))
    }

    /// Makes every size and digest fit what stands there now.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        let policies = self.manifest["policies"].as_array_mut();
        for policy in policies.into_iter().flatten() {
            let path = format!(
                "policies/{}.wasm",
                policy["id"].as_str().unwrap_or_default()
            );
            if let Some(member) = self.members.iter().find(|member| member.name == path) {
                policy["sha256"] = json!(Digest::of(&member.bytes).to_string());
            }
        }
        let announced = self.manifest["members"].as_array_mut();
        let announced = announced.into_iter().flatten();
        for (announced, member) in announced.zip(&self.members) {
            if !announced.is_object() {
                continue;
            }
            announced["size"] = json!(member.bytes.len());
            announced["sha256"] = json!(Digest::of(&member.bytes).to_string());
        }
        self
    }

    /// The manifest's bytes: in the format's own spelling, if it has one.
    #[must_use]
    pub fn manifest_bytes(&self) -> Vec<u8> {
        match serde_json::from_value::<Manifest>(self.manifest.clone()) {
            Ok(manifest) => manifest.to_bytes().expect("JSON"),
            Err(_) => serde_json::to_vec(&self.manifest).expect("JSON"),
        }
    }

    /// The archive before compression.
    #[must_use]
    pub fn archive(&self) -> Vec<u8> {
        let mut members = vec![Member::file("pack.json", &self.manifest_bytes())];
        members.extend_from_slice(&self.members);
        forge::archive(&members, &self.end)
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        forge::pack(&self.archive())
    }
}
