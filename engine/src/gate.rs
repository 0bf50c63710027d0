//! From a verdict to an exit code: one table, one precedence.

use crate::finding::{Outcome, Severity};
use crate::verdict::Verdict;

/// Where a verdict leaves a script that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Nothing failed, nothing is missing.
    Pass,
    /// A finding at or above the threshold failed.
    Fail,
    /// Nothing failed at or above the threshold, but evidence is missing or
    /// a rule was stopped.
    Incomplete,
    /// There was nothing to judge by.
    Nothing,
}

impl Gate {
    /// The gate of a verdict with a threshold.
    #[must_use]
    pub fn of(verdict: &Verdict, fail_on: Severity) -> Self {
        let mut findings = verdict
            .policies
            .iter()
            .flat_map(|policy| &policy.rules)
            .flat_map(|rule| &rule.findings)
            .peekable();
        if findings.peek().is_none() {
            return Self::Nothing;
        }
        let mut gate = Self::Pass;
        for finding in findings {
            match finding.outcome {
                Outcome::Fail if finding.severity >= fail_on => return Self::Fail,
                Outcome::Unknown | Outcome::Error => gate = Self::Incomplete,
                Outcome::Fail | Outcome::Pass | Outcome::NotApplicable => {}
            }
        }
        gate
    }

    /// The exit code of `casefile check`. 2 stands for usage, input and
    /// internal errors, and comes before all of these.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Incomplete => 3,
            Self::Nothing => 4,
        }
    }

    /// The gate of several verdicts together: a failure, then what is
    /// incomplete, then nothing, then a pass.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let rank = |gate: Self| match gate {
            Self::Fail => 3,
            Self::Incomplete => 2,
            Self::Nothing => 1,
            Self::Pass => 0,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}
