//! The environment of a process as it started, with values hidden.
//! Names are kept, so that a rule can tell a variable that is not set from
//! one whose value is private.

use serde::{Deserialize, Serialize};

/// A process's variables in the order of /proc/PID/environ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// One for each string that has a `=`.
    pub variables: Vec<Variable>,
}

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name, escaped like a host path; `?` for what can be no name (a
    /// process may write over its environment).
    pub name: String,
    /// Its value, escaped like a host path; none where it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Bytes of the value, where it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_bytes: Option<u64>,
}
