//! The first member of a pack: what the pack is, which policies are in it,
//! and the digests of all other members. One spelling is accepted, the one
//! that is written.

use std::collections::{BTreeMap, BTreeSet};

use casefile_snapshot::Digest;
use serde::{Deserialize, Serialize};

use crate::{FileName, limits};

/// The format that this crate writes and reads. History: 1, 2026, the first.
pub const FORMAT: FormatVersion = FormatVersion(1);

/// The oldest Casefile that reads [`FORMAT`].
pub const OLDEST_READER: &str = "0.1.0";

/// The name of the first member.
pub const MANIFEST: &str = "pack.json";

/// Version of the pack format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormatVersion(pub u32);

impl std::fmt::Display for FormatVersion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format.
    pub format: FormatVersion,
    /// The oldest Casefile that reads this format; a reader that does not
    /// know the format tells its user.
    pub reader: String,
    /// The pack's id: lower-case words with hyphens.
    pub id: String,
    /// Its version: letters, digits, `.`, `+` and `-`.
    pub version: String,
    /// What it is for, in a few words; empty where nobody said.
    pub title: String,
    /// Its policies, sorted by id.
    pub policies: Vec<PolicyEntry>,
    /// All other members, sorted by path.
    pub members: Vec<Member>,
}

/// What a pack says of one of its policies. A reader that has loaded the
/// component compares it with what the component says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEntry {
    /// Its id; its component is the member `policies/ID.wasm`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The digest of its component.
    pub sha256: Digest,
    /// The version of the contract that it speaks.
    pub contract: String,
    /// The interfaces that it imports, sorted: its permissions.
    pub imports: Vec<String>,
    /// The codes of its rules, in its own order.
    pub rules: Vec<String>,
    /// Parameters that the pack sets for its users, by name, in the text
    /// form of the command line. What a user sets comes before them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

impl PolicyEntry {
    /// The path of its component in the pack.
    #[must_use]
    pub fn member(&self) -> String {
        format!("{}{}.wasm", MemberKind::Policy.folder(), self.id)
    }
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its path in the archive: the folder of its kind, and a [`FileName`].
    pub path: String,
    /// What it is.
    pub kind: MemberKind,
    /// Bytes.
    pub size: u64,
    /// Their digest.
    pub sha256: Digest,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberKind {
    /// A file that policies may read.
    Data,
    /// A document that the pack's makers have written.
    Document,
    /// The component of a policy.
    Policy,
    /// The documentation of a policy's rules, made of its description.
    Rules,
}

impl MemberKind {
    /// The folder of its members.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Data => "data/",
            Self::Document => "documents/",
            Self::Policy => "policies/",
            Self::Rules => "rules/",
        }
    }

    /// Bytes that one of its members may have.
    #[must_use]
    pub const fn limit(self) -> u64 {
        match self {
            Self::Data => limits::DATA_BYTES,
            Self::Document | Self::Rules => limits::DOCUMENT_BYTES,
            Self::Policy => limits::POLICY_BYTES,
        }
    }
}

impl Manifest {
    /// Its bytes, as they stand in the pack.
    ///
    /// # Errors
    /// None that is known; serde's signature has one.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Checks every name, number and order in it, and that policies and
    /// members fit each other.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        check_version("the reader", &self.reader)?;
        check_id("the pack's id", &self.id)?;
        check_version("the pack's version", &self.version)?;
        if self.title.len() > limits::TITLE_BYTES || self.title.chars().any(char::is_control) {
            return Err(format!(
                "the title has over {} bytes, or control characters",
                limits::TITLE_BYTES
            ));
        }
        if self.policies.is_empty() {
            return Err("there is no policy in it".to_owned());
        }
        check_count("policies", self.policies.len(), limits::POLICIES)?;
        check_count("members", self.members.len(), limits::MEMBERS)?;
        check_sorted("policy", self.policies.iter().map(|policy| &policy.id))?;
        check_sorted("member", self.members.iter().map(|member| &member.path))?;
        self.members.iter().try_for_each(check_member)?;
        let total = self.members.iter().map(|member| member.size).sum::<u64>();
        if total > limits::TOTAL_BYTES {
            return Err(format!(
                "the members have {total} bytes, over the limit of {}",
                limits::TOTAL_BYTES
            ));
        }
        let members: BTreeMap<&str, &Member> = self
            .members
            .iter()
            .map(|member| (member.path.as_str(), member))
            .collect();
        for policy in &self.policies {
            check_policy(policy)
                .and_then(|()| match members.get(policy.member().as_str()) {
                    None => Err(format!("there is no member {}", policy.member())),
                    Some(member) if member.sha256 != policy.sha256 => Err(format!(
                        "the digest of {} is given twice, and differs",
                        policy.member()
                    )),
                    Some(_) => Ok(()),
                })
                .map_err(|problem| format!("policy {:?}: {problem}", shorten(&policy.id)))?;
        }
        self.check_strays()
    }

    /// Every component and every page of rules belongs to a policy.
    fn check_strays(&self) -> Result<(), String> {
        let mut known = BTreeSet::new();
        for policy in &self.policies {
            known.insert(policy.member());
            known.insert(format!("{}{}.md", MemberKind::Rules.folder(), policy.id));
        }
        let of_a_policy = |kind| matches!(kind, MemberKind::Policy | MemberKind::Rules);
        let mut members = self.members.iter();
        match members.find(|one| of_a_policy(one.kind) && !known.contains(&one.path)) {
            Some(stray) => Err(format!("{} belongs to no policy of the pack", stray.path)),
            None => Ok(()),
        }
    }
}

fn check_member(member: &Member) -> Result<(), String> {
    let Some(name) = member.path.strip_prefix(member.kind.folder()) else {
        return Err(format!(
            "member {:?} is not in the folder {}",
            shorten(&member.path),
            member.kind.folder()
        ));
    };
    FileName::new(name).map_err(|error| error.to_string())?;
    if member.size > member.kind.limit() {
        return Err(format!(
            "{} has {} bytes, over the limit of {}",
            member.path,
            member.size,
            member.kind.limit()
        ));
    }
    Ok(())
}

fn check_policy(policy: &PolicyEntry) -> Result<(), String> {
    check_id("the id", &policy.id)?;
    check_version("the version", &policy.version)?;
    check_version("the contract's version", &policy.contract)?;
    check_count("imports", policy.imports.len(), limits::RULES)?;
    check_count("rules", policy.rules.len(), limits::RULES)?;
    check_count("parameters", policy.parameters.len(), limits::PARAMETERS)?;
    check_sorted("import", policy.imports.iter())?;
    for import in &policy.imports {
        check_id("an import", import)?;
    }
    let mut seen = BTreeSet::new();
    for code in &policy.rules {
        check_id("the code of a rule", code)?;
        if !seen.insert(code) {
            return Err(format!("two rules are called {code:?}"));
        }
    }
    for (name, value) in &policy.parameters {
        check_id("the name of a parameter", name)?;
        if value.len() > limits::VALUE_BYTES {
            return Err(format!(
                "the value of {name} has over {} bytes",
                limits::VALUE_BYTES
            ));
        }
    }
    Ok(())
}

fn check_count(what: &str, count: usize, limit: usize) -> Result<(), String> {
    if count > limit {
        return Err(format!("{count} {what}, over the limit of {limit}"));
    }
    Ok(())
}

fn check_sorted<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String> + Clone,
) -> Result<(), String> {
    for (left, right) in names.clone().zip(names.skip(1)) {
        if left == right {
            return Err(format!("{what} {:?} is there twice", shorten(left)));
        }
        if left > right {
            return Err(format!("{what} {:?} is out of order", shorten(right)));
        }
    }
    Ok(())
}

/// Lower-case words with hyphens, as ids of policies are.
fn check_id(what: &str, id: &str) -> Result<(), String> {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if id.len() <= limits::ID_BYTES && id.split('-').all(is_word) {
        return Ok(());
    }
    Err(format!(
        "{what} is {:?}, which is not made of lower-case letters, digits and single hyphens",
        shorten(id)
    ))
}

fn check_version(what: &str, version: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
    if !version.is_empty() && version.len() <= limits::ID_BYTES && version.bytes().all(plain) {
        return Ok(());
    }
    Err(format!(
        "{what} is {:?}, which is not made of letters, digits, '.', '+' and '-'",
        shorten(version)
    ))
}

fn shorten(text: &str) -> String {
    text.chars().take(limits::NAME_BYTES).collect()
}
