//! Writes a pack. The bytes depend on what is put in alone: no clock, no
//! owner, names sorted; and what is written is read back before it is given
//! out.

use std::collections::BTreeMap;
use std::io;

use casefile_snapshot::Digest;
use casefile_snapshot::archive::ArchiveWriter;

use crate::manifest::{FORMAT, MANIFEST, Manifest, Member, MemberKind, OLDEST_READER, PolicyEntry};
use crate::read::{PackError, read_pack};
use crate::{FileName, limits};

/// zstd's level: a pack is written once and carried often, and a higher one
/// takes ten times as long for a hundredth less.
const LEVEL: i32 = 12;

/// A policy, and what its component says of itself.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The version of the contract that it speaks.
    pub contract: String,
    /// The interfaces that it imports.
    pub imports: Vec<String>,
    /// The codes of its rules, in its own order.
    pub rules: Vec<String>,
    /// Documentation of its rules, Markdown.
    pub documentation: String,
    /// Its component.
    pub component: Vec<u8>,
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Two policies of one id, or two files of one name.
    #[error("{0} would be in the pack twice")]
    Twice(String),
    /// Parameters for a policy that is not there.
    #[error("there is no policy {policy:?} in the pack to set a parameter of; there are: {known}")]
    NoSuchPolicy {
        /// The id.
        policy: String,
        /// Those that are.
        known: String,
    },
    /// A parameter is set twice.
    #[error("parameter {0} is set twice")]
    ParameterTwice(String),
    /// It does not keep to the format, or to its limits.
    #[error("it would be no pack: {0}")]
    Format(String),
    /// What was written can't be read.
    #[error("it would be no pack: {0}")]
    Read(#[from] PackError),
    /// Compression failed.
    #[error("it can't be compressed: {0}")]
    Compress(#[from] io::Error),
}

/// Gathers what goes into a pack.
#[derive(Clone, Debug)]
pub struct PackBuilder {
    id: String,
    version: String,
    title: String,
    policies: BTreeMap<String, PolicyEntry>,
    members: BTreeMap<String, (MemberKind, Vec<u8>)>,
}

impl PackBuilder {
    /// An empty pack.
    #[must_use]
    pub fn new(id: &str, version: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            version: version.to_owned(),
            title: title.to_owned(),
            policies: BTreeMap::new(),
            members: BTreeMap::new(),
        }
    }

    /// Puts a policy in.
    ///
    /// # Errors
    /// There is one of its id.
    pub fn policy(&mut self, policy: PolicyFile) -> Result<(), BuildError> {
        let mut imports = policy.imports;
        imports.sort_unstable();
        let entry = PolicyEntry {
            id: policy.id.clone(),
            version: policy.version,
            sha256: Digest::of(&policy.component),
            contract: policy.contract,
            imports,
            rules: policy.rules,
            parameters: BTreeMap::new(),
        };
        self.insert(entry.member(), MemberKind::Policy, policy.component)?;
        let page = format!("{}{}.md", MemberKind::Rules.folder(), policy.id);
        self.insert(page, MemberKind::Rules, policy.documentation.into_bytes())?;
        self.policies.insert(policy.id, entry);
        Ok(())
    }

    /// Sets a parameter of a policy that is in, in the text form of the
    /// command line.
    ///
    /// # Errors
    /// There is no such policy, or the parameter was set.
    pub fn parameter(&mut self, policy: &str, name: &str, value: &str) -> Result<(), BuildError> {
        let known = || self.policies.keys().cloned().collect::<Vec<_>>().join(", ");
        let no_such_policy = BuildError::NoSuchPolicy {
            policy: policy.to_owned(),
            known: known(),
        };
        let entry = self.policies.get_mut(policy).ok_or(no_such_policy)?;
        let old = entry.parameters.insert(name.to_owned(), value.to_owned());
        match old {
            Some(_) => Err(BuildError::ParameterTwice(format!("{policy}.{name}"))),
            None => Ok(()),
        }
    }

    /// Puts a data file in.
    ///
    /// # Errors
    /// There is one of its name.
    pub fn data(&mut self, name: &FileName, bytes: Vec<u8>) -> Result<(), BuildError> {
        let path = format!("{}{name}", MemberKind::Data.folder());
        self.insert(path, MemberKind::Data, bytes)
    }

    /// Puts a document in.
    ///
    /// # Errors
    /// There is one of its name.
    pub fn document(&mut self, name: &FileName, bytes: Vec<u8>) -> Result<(), BuildError> {
        let path = format!("{}{name}", MemberKind::Document.folder());
        self.insert(path, MemberKind::Document, bytes)
    }

    fn insert(&mut self, path: String, kind: MemberKind, bytes: Vec<u8>) -> Result<(), BuildError> {
        if self.members.contains_key(&path) {
            return Err(BuildError::Twice(path));
        }
        self.members.insert(path, (kind, bytes));
        Ok(())
    }

    /// The bytes of the pack's file.
    ///
    /// # Errors
    /// It would not be read: a name, a number or a size is over the limits.
    pub fn finish(self) -> Result<Vec<u8>, BuildError> {
        let members = self.members.iter().map(|(path, (kind, bytes))| Member {
            path: path.clone(),
            kind: *kind,
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        });
        let manifest = Manifest {
            format: FORMAT,
            reader: OLDEST_READER.to_owned(),
            id: self.id,
            version: self.version,
            title: self.title,
            policies: self.policies.into_values().collect(),
            members: members.collect(),
        };
        manifest.check().map_err(BuildError::Format)?;
        let manifest = manifest
            .to_bytes()
            .map_err(|error| BuildError::Format(error.to_string()))?;
        let mut file = Vec::new();
        let mut archive = ArchiveWriter::new(&mut file, LEVEL)?;
        archive.member(MANIFEST, &manifest)?;
        for (path, (_, bytes)) in &self.members {
            archive.member(path, bytes)?;
        }
        archive.finish()?;
        if file.len() as u64 > limits::PACK_BYTES {
            let bytes = file.len();
            let limit = limits::PACK_BYTES;
            let problem = format!("{bytes} bytes, over the limit of {limit}");
            return Err(BuildError::Format(problem));
        }
        read_pack(&file)?;
        Ok(file)
    }
}
