//! Findings in one expression.

use crate::{Absence, Confidence, Evidence, Finding, Outcome, Severity};

impl Finding {
    fn new(outcome: Outcome, subject: impl ToString, message: impl ToString) -> Self {
        Self {
            outcome,
            subject: subject.to_string(),
            message: message.to_string(),
            actual: None,
            wanted: None,
            remedy: None,
            confidence: Confidence::Proven,
            severity: None,
            evidence: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The subject is as it should be.
    pub fn pass(subject: impl ToString, message: impl ToString) -> Self {
        Self::new(Outcome::Pass, subject, message)
    }

    /// The subject is not as it should be.
    pub fn fail(subject: impl ToString, message: impl ToString) -> Self {
        Self::new(Outcome::Fail, subject, message)
    }

    /// The rule does not concern the subject.
    pub fn not_applicable(subject: impl ToString, message: impl ToString) -> Self {
        Self::new(Outcome::NotApplicable, subject, message)
    }

    /// Evidence about the subject is missing.
    pub fn unknown(subject: impl ToString, message: impl ToString, missing: Absence) -> Self {
        let mut finding = Self::new(Outcome::Unknown, subject, message);
        finding.missing.push(missing);
        finding
    }

    /// The value that was found.
    #[must_use]
    pub fn actual(mut self, actual: impl ToString) -> Self {
        self.actual = Some(actual.to_string());
        self
    }

    /// The value that the rule wants.
    #[must_use]
    pub fn wanted(mut self, wanted: impl ToString) -> Self {
        self.wanted = Some(wanted.to_string());
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl ToString) -> Self {
        self.remedy = Some(remedy.to_string());
        self
    }

    /// A severity of its own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// How sure it is; `proven` where nothing is said.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// The evidence that decides it, of what the rule has read.
    #[must_use]
    pub fn evidence(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }
}
