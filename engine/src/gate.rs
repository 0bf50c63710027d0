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
        for finding in findings.filter(|finding| finding.waiver.is_none()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{AppliedWaiver, Confidence, ExitClass, Finding};
    use crate::sandbox::Limits;
    use crate::verdict::{
        Counts, EngineIdentity, PolicyVerdict, RuleVerdict, SCHEMA_VERSION, SnapshotIdentity,
    };

    fn verdict(findings: &[(Outcome, Severity)]) -> Verdict {
        let findings = findings.iter().map(|&(outcome, severity)| Finding {
            outcome,
            severity,
            policy_severity: None,
            confidence: Confidence::Proven,
            subject: "subject".to_owned(),
            message: String::new(),
            actual: None,
            wanted: None,
            remedy: None,
            evidence: Vec::new(),
            missing: Vec::new(),
            waiver: None,
            ended_waiver: None,
        });
        let rule = RuleVerdict {
            code: "rule".to_owned(),
            title: String::new(),
            severity: Severity::High,
            policy_severity: None,
            exit_class: ExitClass::Limits,
            read: Vec::new(),
            missing: Vec::new(),
            findings: findings.collect(),
        };
        let policy = PolicyVerdict {
            id: "policy".to_owned(),
            version: String::new(),
            title: String::new(),
            sha256: String::new(),
            signed_by: None,
            contract: String::new(),
            imports: Vec::new(),
            denied: Vec::new(),
            data: std::collections::BTreeMap::new(),
            parameters: std::collections::BTreeMap::new(),
            rules: vec![rule],
        };
        Verdict {
            schema: SCHEMA_VERSION,
            engine: EngineIdentity {
                version: String::new(),
                contract: String::new(),
                limits: Limits::default(),
            },
            snapshot: SnapshotIdentity {
                sha256: String::new(),
                format: 1,
                source: String::new(),
                taken: String::new(),
                hostname: String::new(),
                kernel: String::new(),
                architecture: String::new(),
                collector_uid: 0,
            },
            start: None,
            as_of: String::new(),
            counts: Counts::default(),
            waivers: Vec::new(),
            policies: vec![policy],
            evidence: Vec::new(),
        }
    }

    #[test]
    fn a_failure_comes_before_what_is_missing_and_that_before_a_pass() {
        use Outcome::{Error, Fail, NotApplicable, Pass, Unknown};
        use Severity::{High, Low};
        for (findings, code) in [
            (vec![], 4),
            (vec![(Pass, High)], 0),
            (vec![(NotApplicable, High)], 0),
            (vec![(Fail, Low), (Pass, High)], 0),
            (vec![(Fail, Low), (Unknown, Low)], 3),
            (vec![(Error, Low), (Pass, High)], 3),
            (vec![(Unknown, High), (Fail, High), (Pass, High)], 1),
        ] {
            let gate = Gate::of(&verdict(&findings), High);
            assert_eq!(gate.exit_code(), code, "{findings:?}");
        }
    }

    #[test]
    fn what_is_waived_does_not_count() {
        use Outcome::{Fail, Unknown};
        let mut judged = verdict(&[(Fail, Severity::High), (Unknown, Severity::High)]);
        let mut gates = vec![Gate::of(&judged, Severity::High)];
        for place in 0..2 {
            judged.policies[0].rules[0].findings[place].waiver = Some(AppliedWaiver {
                reason: "why".to_owned(),
                until: String::new(),
            });
            gates.push(Gate::of(&judged, Severity::High));
        }
        assert_eq!(gates, [Gate::Fail, Gate::Incomplete, Gate::Pass]);
        // One that has ended does not help.
        let finding = &mut judged.policies[0].rules[0].findings[0];
        finding.ended_waiver = finding.waiver.take();
        assert_eq!(Gate::of(&judged, Severity::High), Gate::Fail);
    }

    #[test]
    fn the_threshold_counts_itself() {
        let failed = verdict(&[(Outcome::Fail, Severity::Medium)]);
        assert_eq!(Gate::of(&failed, Severity::Medium), Gate::Fail);
        assert_eq!(Gate::of(&failed, Severity::High), Gate::Pass);
    }

    #[test]
    fn the_worst_of_several_counts() {
        for (left, right, joined) in [
            (Gate::Pass, Gate::Nothing, Gate::Nothing),
            (Gate::Nothing, Gate::Incomplete, Gate::Incomplete),
            (Gate::Fail, Gate::Incomplete, Gate::Fail),
        ] {
            assert_eq!(left.join(right), joined);
            assert_eq!(right.join(left), joined);
        }
    }
}
