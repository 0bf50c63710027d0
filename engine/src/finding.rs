//! Findings: what a rule says of one subject, in the engine's own words.
//! Policies speak the contract; reports and gates speak these types.

use casefile_snapshot::Absence;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a rule says of one subject.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Evidence is missing.
    Unknown,
    /// The rule does not concern the subject.
    NotApplicable,
    /// The rule trapped or ran out of what it may use; given by the engine.
    Error,
}

/// How much a failure matters, least first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// May matter later.
    Low,
    /// Will matter under load, or soon.
    Medium,
    /// Breaks a service.
    High,
    /// Breaks it now, or opens it to attack.
    Critical,
}

impl Severity {
    /// Every severity, least first.
    pub const ALL: [Self; 5] = [
        Self::Info,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The word in reports and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Follows from the rules of the loader, the kernel or the runtime.
    Proven,
    /// Follows from what was logged.
    Inferred,
    /// A rule of thumb.
    Heuristic,
}

/// The class of a rule's failures, for `casefile preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExitClass {
    /// 10: network and HTTP tools.
    Network,
    /// 20: certificates.
    Certificates,
    /// 30: ELF, glibc, linking.
    Elf,
    /// 40: limits and resources.
    Limits,
    /// 50: mandatory access control.
    AccessControl,
    /// 60: units, files, ports.
    Unit,
    /// 70: Go runtime configuration.
    GoRuntime,
}

/// Evidence that a rule looked for and that the snapshot does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct MissingEvidence {
    /// The path on the host, or another key.
    pub path: String,
    /// `absent`, or the reason why it is not known: `denied`, `timed-out` ...
    pub reason: String,
    /// The error or limit in words; empty where there is nothing to add.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl MissingEvidence {
    /// What the snapshot says of evidence that it does not hold.
    #[must_use]
    pub fn new(path: &str, absence: &Absence) -> Self {
        let (reason, detail) = match absence {
            Absence::Absent => ("absent", ""),
            Absence::Unknown { reason, detail } => (reason.as_str(), detail.as_str()),
        };
        Self {
            path: path.to_owned(),
            reason: reason.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// Why and for how long a finding is accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct AppliedWaiver {
    /// Why.
    pub reason: String,
    /// The last second in which it is, RFC 3339.
    pub until: String,
}

/// What a rule found about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What the rule says.
    pub outcome: Outcome,
    /// How much a failure matters: the rule's severity, or the finding's own;
    /// where the user gives the rule another one, that.
    pub severity: Severity,
    /// What the policy says, where the user gives the rule another severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_severity: Option<Severity>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is about.
    pub subject: String,
    /// One sentence that stands alone.
    pub message: String,
    /// The value that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The value that the rule wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The evidence that decides it, by number in the verdict's `evidence`.
    pub evidence: Vec<u32>,
    /// What was missing, for `unknown`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingEvidence>,
    /// The waiver by which it does not count: neither for its outcome nor for
    /// the exit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<AppliedWaiver>,
    /// The waiver that would match it, had it not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_waiver: Option<AppliedWaiver>,
}
