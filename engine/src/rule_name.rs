//! Which rule of which policy, as users write it: `ca-bundle/ca-expired`.
//! Waivers and severities name rules in this way, and verdicts repeat it.

use std::fmt;

/// A rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName {
    /// The policy's id.
    pub policy: String,
    /// The rule's code.
    pub rule: String,
}

impl RuleName {
    /// The name of a rule.
    #[must_use]
    pub fn new(policy: &str, rule: &str) -> Self {
        Self {
            policy: policy.to_owned(),
            rule: rule.to_owned(),
        }
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.policy, self.rule)
    }
}
