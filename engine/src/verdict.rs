//! The verdict: all findings, what they were judged from, and what was read
//! for each. Its JSON is published (`docs/verdict.schema.json`), and equal
//! inputs give equal bytes.

use casefile_snapshot::{Content, EvidenceId, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use crate::description::Value;
use crate::facts::start::Circumstances;
use crate::finding::{ExitClass, Finding, MissingEvidence, Outcome, Severity};
use crate::sandbox::Limits;
use crate::timestamp;
use crate::waiver::WaiverVerdict;

/// Version of the verdict's JSON. A consumer that knows 1 reads every 1:
/// fields may be added, none goes or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// A verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// [`SCHEMA_VERSION`].
    pub schema: u32,
    /// What judged.
    pub engine: EngineIdentity,
    /// What was judged.
    pub snapshot: SnapshotIdentity,
    /// The one program that was judged, where it was not the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartIdentity>,
    /// As of when, RFC 3339.
    pub as_of: String,
    /// How many findings there are of each outcome.
    pub counts: Counts,
    /// The waivers that were given, in the user's order, and what they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverVerdict>,
    /// The policies, by id.
    pub policies: Vec<PolicyVerdict>,
    /// Every item that some rule has read, by number.
    pub evidence: Vec<Evidence>,
}

/// Which engine, with which limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngineIdentity {
    /// Version of Casefile.
    pub version: String,
    /// Version of the contract with policies.
    pub contract: String,
    /// What a rule may use.
    pub limits: Limits,
}

/// Which snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotIdentity {
    /// The digest that seals all of its evidence.
    pub sha256: String,
    /// Version of its format.
    pub format: u32,
    /// `live` or `image`.
    pub source: String,
    /// When it was taken, RFC 3339.
    pub taken: String,
    /// The host's name; empty where unknown.
    pub hostname: String,
    /// `uname -r`; empty where unknown.
    pub kernel: String,
    /// `uname -m`; empty where unknown.
    pub architecture: String,
    /// Effective user id of the collector: where it is not 0, evidence that
    /// only root may read is missing.
    pub collector_uid: u32,
}

/// Which program, and how it is started. Of its environment the names alone:
/// values may be secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartIdentity {
    /// The program's path, as it was asked for.
    pub program: String,
    /// The process that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Names of the variables that were given for it, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Vec<String>>,
    /// The user id that was given for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The control group that was given for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup: Option<String>,
}

impl From<&Circumstances> for StartIdentity {
    fn from(circumstances: &Circumstances) -> Self {
        let names = |variables: &Vec<(String, String)>| {
            let names = variables.iter().map(|(name, _)| name.clone());
            names.collect()
        };
        Self {
            program: circumstances.program.clone(),
            pid: circumstances.pid,
            environment: circumstances.environment.as_ref().map(names),
            uid: circumstances.uid,
            cgroup: circumstances.cgroup.clone(),
        }
    }
}

/// How many findings there are of each outcome; those that are waived are
/// counted as that alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// As it should be.
    pub pass: u64,
    /// Not as it should be.
    pub fail: u64,
    /// Evidence is missing.
    pub unknown: u64,
    /// The rule does not concern the subject.
    pub not_applicable: u64,
    /// The rule was stopped.
    pub error: u64,
    /// Failed or unknown, and accepted by a waiver.
    #[serde(default)]
    pub waived: u64,
}

impl Counts {
    /// Counts one more.
    pub const fn add(&mut self, finding: &Finding) {
        if finding.waiver.is_some() {
            self.waived += 1;
            return;
        }
        *match finding.outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Fail => &mut self.fail,
            Outcome::Unknown => &mut self.unknown,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::Error => &mut self.error,
        } += 1;
    }
}

/// What one policy says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyVerdict {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub title: String,
    /// The digest of its component.
    pub sha256: String,
    /// Who vouches for it: the trusted key that has signed it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signed_by: Option<String>,
    /// The version of the contract that it was written for.
    #[serde(default)]
    pub contract: String,
    /// Interfaces of the contract that it imports.
    pub imports: Vec<String>,
    /// Those of them that were not granted: by the user, or because it says
    /// that it needs less.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub denied: Vec<String>,
    /// Digests of the files that were packed with it, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub data: BTreeMap<String, String>,
    /// The parameters that it was evaluated with.
    pub parameters: BTreeMap<String, Value>,
    /// Its rules, in its own order.
    pub rules: Vec<RuleVerdict>,
}

/// What one rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleVerdict {
    /// Its code.
    pub code: String,
    /// What is wrong when it fails.
    pub title: String,
    /// How much a failure matters.
    pub severity: Severity,
    /// What the policy says, where the user gives the rule another severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_severity: Option<Severity>,
    /// The class of its failures.
    pub exit_class: ExitClass,
    /// Every item that it has read, by number in the verdict's `evidence`;
    /// recorded by the engine.
    pub read: Vec<u32>,
    /// What it asked for and did not get.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[serde(default)]
    pub missing: Vec<MissingEvidence>,
    /// Its findings, in its own order.
    pub findings: Vec<Finding>,
}

/// An item of the snapshot that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Its number.
    pub id: u32,
    /// `raw`, or the kind of extract.
    pub kind: String,
    /// Its path on the host.
    pub path: String,
    /// What the snapshot holds of it.
    #[serde(flatten)]
    pub content: EvidenceContent,
}

/// What the snapshot holds of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "content")]
pub enum EvidenceContent {
    /// Bytes.
    Bytes {
        /// How many.
        size: u64,
        /// Their digest.
        sha256: String,
    },
    /// A symbolic link.
    Symlink {
        /// Where it leads.
        target: String,
    },
    /// A directory's names.
    Directory {
        /// How many.
        names: u64,
    },
    /// Nothing.
    Missing {
        /// `absent`, or the reason why it is not known.
        reason: String,
    },
}

/// The items that rules have read, described for the report.
pub(crate) fn evidence_table(snapshot: &Snapshot, read: &BTreeSet<EvidenceId>) -> Vec<Evidence> {
    read.iter()
        .map(|id| {
            let key = snapshot.key(*id);
            Evidence {
                id: id.0,
                kind: key.kind.name().to_owned(),
                path: key.path.to_string(),
                content: match &snapshot.entry(*id).content {
                    Content::Bytes { size, sha256, .. } => EvidenceContent::Bytes {
                        size: *size,
                        sha256: sha256.to_string(),
                    },
                    Content::Symlink { target } => EvidenceContent::Symlink {
                        target: target.clone(),
                    },
                    Content::Directory { names } => EvidenceContent::Directory {
                        names: names.len() as u64,
                    },
                    Content::Missing(absence) => EvidenceContent::Missing {
                        reason: reason(absence),
                    },
                },
            }
        })
        .collect()
}

pub(crate) fn reason(absence: &casefile_snapshot::Absence) -> String {
    match absence {
        casefile_snapshot::Absence::Absent => "absent".to_owned(),
        casefile_snapshot::Absence::Unknown { reason, .. } => reason.as_str().to_owned(),
    }
}

pub(crate) fn snapshot_identity(snapshot: &Snapshot) -> SnapshotIdentity {
    let manifest = snapshot.manifest();
    SnapshotIdentity {
        sha256: snapshot.digest().to_string(),
        format: manifest.format.0,
        source: match manifest.source {
            casefile_snapshot::Source::Live => "live",
            casefile_snapshot::Source::Image => "image",
        }
        .to_owned(),
        taken: timestamp::rfc3339(manifest.clock.realtime_ns.div_euclid(1_000_000_000)),
        hostname: manifest.host.hostname.clone(),
        kernel: manifest.host.kernel.clone(),
        architecture: manifest.host.architecture.clone(),
        collector_uid: manifest.collector.uid,
    }
}
