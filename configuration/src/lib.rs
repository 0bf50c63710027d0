//! The user's configuration: from the text of `casefile.toml` to typed values,
//! or to a list of all that is wrong with it, each with its place. Opens no
//! file; a crate of its own so that the reader can be fuzzed.
//!
//! It is read in two steps, since names of rules and parameters can't be
//! checked before the policies are loaded that the file itself names:
//! [`Document::parse`] checks all but these, [`Document::check`] the rest.

mod check;
mod effective;
mod names;
mod problem;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use casefile_engine::description::Value;
use casefile_engine::finding::Severity;
use casefile_engine::rule_name::RuleName;
use casefile_engine::waiver::Waiver;

pub use check::Strangers;
pub use problem::{Problem, Problems};
pub use read::Document;

/// What to judge by, and whom to trust: all that is needed to load policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// Files and folders of policies, as written: relative to the file.
    pub packs: Vec<String>,
    /// Whether to judge by the built-in policies as well.
    pub built_in: bool,
    /// Keys whose signatures are trusted.
    pub trusted_keys: Vec<TrustedKey>,
    /// Whether policies without a trusted signature are refused.
    pub require_signature: bool,
}

/// A minisign public key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustedKey {
    /// The key itself, in base64.
    Text(String),
    /// The name of a file that holds it, as written: relative to the file.
    File(String),
}

/// All that the user has decided, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// What to judge by, and whom to trust.
    pub sources: Sources,
    /// The least severity whose failures make a check fail; none where the
    /// file does not say.
    pub fail_on: Option<Severity>,
    /// Parameters by policy and name, of the parameters' types.
    pub parameters: BTreeMap<String, BTreeMap<String, Value>>,
    /// Severities that take the place of the policies'.
    pub severity: BTreeMap<RuleName, Severity>,
    /// Accepted exceptions, in the order of the file.
    pub waivers: Vec<WrittenWaiver>,
    /// Interfaces of the contract that are granted (true) or denied (false),
    /// by policy.
    pub grants: BTreeMap<String, BTreeMap<String, bool>>,
    /// Names of policies and rules that were left out because no loaded
    /// policy has them, as written ([`Strangers::LeftOut`]).
    pub left_out: Vec<String>,
}

/// A waiver, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenWaiver {
    /// The waiver.
    pub waiver: Waiver,
    /// The line of its rule, from 1.
    pub line: usize,
}

/// The least severity whose failures make a check fail, where nobody says
/// otherwise.
pub const FAIL_ON: Severity = Severity::High;
