//! Between the contract's types and the engine's own. Nothing a policy
//! returns is used before it went through here.

use casefile_snapshot::EvidenceId;

use super::contract::casefile::policy::types as contract;
use super::fault::Fault;
use super::limits::Limits;
use super::state::{NO_ITEM, Reads};
use crate::description::{Description, Parameter, Rule, Value};
use crate::finding::{Confidence, ExitClass, Finding, MissingEvidence, Outcome, Severity};

pub(super) fn description(description: contract::Description) -> Description {
    Description {
        id: description.id,
        version: description.version,
        title: description.title,
        rules: description
            .rules
            .into_iter()
            .map(|rule| Rule {
                code: rule.code,
                title: rule.title,
                severity: severity(rule.severity),
                exit_class: exit_class(rule.exit_class),
                documentation: rule.documentation,
            })
            .collect(),
        needs: description.needs,
        parameters: description
            .parameters
            .into_iter()
            .map(|parameter| Parameter {
                name: parameter.name,
                default: value(parameter.default),
                documentation: parameter.documentation,
            })
            .collect(),
    }
}

/// A rule's findings; evidence that it cites without having read it is a
/// fault of the policy.
pub(super) fn findings(
    findings: Vec<contract::Finding>,
    rule: &Rule,
    reads: &Reads,
    limits: &Limits,
) -> Result<Vec<Finding>, Fault> {
    if findings.len() as u64 > limits.findings {
        return Err(Fault::Limit {
            limit: "finding",
            detail: format!(
                "{} findings, {} are allowed",
                findings.len(),
                limits.findings
            ),
        });
    }
    findings
        .into_iter()
        .map(|one| finding(one, rule, reads))
        .collect()
}

fn finding(finding: contract::Finding, rule: &Rule, reads: &Reads) -> Result<Finding, Fault> {
    let mut evidence = finding.evidence;
    evidence.retain(|id| *id != NO_ITEM);
    evidence.sort_unstable();
    evidence.dedup();
    if let Some(stranger) = evidence
        .iter()
        .find(|id| !reads.items.contains(&EvidenceId(**id)))
    {
        return Err(Fault::Findings(format!(
            "a finding about {:?} cites evidence {stranger}, which the rule has not read",
            shorten(&finding.subject),
        )));
    }
    if evidence.is_empty() {
        evidence.extend(reads.items.iter().map(|id| id.0));
    }
    let outcome = outcome(finding.outcome);
    let mut missing: Vec<_> = finding.missing.into_iter().map(missing_evidence).collect();
    if outcome == Outcome::Unknown && missing.is_empty() {
        // What the rule was refused is what it lacks.
        missing.extend(
            reads
                .missing
                .iter()
                .map(|(path, absence)| MissingEvidence::new(path, absence)),
        );
    }
    missing.sort();
    missing.dedup();
    Ok(Finding {
        outcome,
        severity: finding.severity.map_or(rule.severity, severity),
        policy_severity: None,
        confidence: match finding.confidence {
            contract::Confidence::Proven => Confidence::Proven,
            contract::Confidence::Inferred => Confidence::Inferred,
            contract::Confidence::Heuristic => Confidence::Heuristic,
        },
        subject: finding.subject,
        message: finding.message,
        actual: finding.actual,
        wanted: finding.wanted,
        remedy: finding.remedy,
        evidence,
        missing,
        waiver: None,
        ended_waiver: None,
    })
}

/// The finding of a rule that can't do without evidence that is missing.
pub(super) fn unknown(absence: contract::Absence, rule: &Rule, reads: &Reads) -> Finding {
    let missing = missing_evidence(absence);
    Finding {
        outcome: Outcome::Unknown,
        severity: rule.severity,
        policy_severity: None,
        confidence: Confidence::Proven,
        subject: missing.path.clone(),
        message: format!(
            "can't be judged without {} ({})",
            missing.path, missing.reason
        ),
        actual: None,
        wanted: None,
        remedy: None,
        evidence: reads.items.iter().map(|id| id.0).collect(),
        missing: vec![missing],
        waiver: None,
        ended_waiver: None,
    }
}

/// The finding of a rule that ended in a fault.
pub(super) fn error(fault: &Fault, rule: &Rule, reads: &Reads) -> Finding {
    Finding {
        outcome: Outcome::Error,
        severity: rule.severity,
        policy_severity: None,
        confidence: Confidence::Proven,
        subject: format!("rule {}", rule.code),
        message: format!("rule {} was stopped: {}", rule.code, fault.first_line()),
        actual: None,
        wanted: None,
        remedy: None,
        evidence: reads.items.iter().map(|id| id.0).collect(),
        missing: Vec::new(),
        waiver: None,
        ended_waiver: None,
    }
}

pub(super) fn value_to_contract(value: &Value) -> contract::Value {
    match value {
        Value::Boolean(value) => contract::Value::Boolean(*value),
        Value::Integer(value) => contract::Value::Integer(*value),
        Value::Text(value) => contract::Value::Text(value.clone()),
        Value::Texts(value) => contract::Value::Texts(value.clone()),
    }
}

fn value(value: contract::Value) -> Value {
    match value {
        contract::Value::Boolean(value) => Value::Boolean(value),
        contract::Value::Integer(value) => Value::Integer(value),
        contract::Value::Text(value) => Value::Text(value),
        contract::Value::Texts(value) => Value::Texts(value),
    }
}

fn missing_evidence(absence: contract::Absence) -> MissingEvidence {
    let reason = match absence.state {
        contract::State::Absent => "absent",
        contract::State::Unknown(reason) => match reason {
            contract::Reason::Denied => "denied",
            contract::Reason::TimedOut => "timed-out",
            contract::Reason::TooLarge => "too-large",
            contract::Reason::Redacted => "redacted",
            contract::Reason::NotCollected => "not-collected",
            contract::Reason::Unreadable => "unreadable",
            contract::Reason::Vanished => "vanished",
            contract::Reason::NotRegular => "not-regular",
            contract::Reason::Malformed => "malformed",
            contract::Reason::NeedsRunningKernel => "needs-running-kernel",
        },
    };
    MissingEvidence {
        path: absence.path,
        reason: reason.to_owned(),
        detail: absence.detail,
    }
}

const fn outcome(outcome: contract::Outcome) -> Outcome {
    match outcome {
        contract::Outcome::Pass => Outcome::Pass,
        contract::Outcome::Fail => Outcome::Fail,
        contract::Outcome::Unknown => Outcome::Unknown,
        contract::Outcome::NotApplicable => Outcome::NotApplicable,
    }
}

const fn severity(severity: contract::Severity) -> Severity {
    match severity {
        contract::Severity::Info => Severity::Info,
        contract::Severity::Low => Severity::Low,
        contract::Severity::Medium => Severity::Medium,
        contract::Severity::High => Severity::High,
        contract::Severity::Critical => Severity::Critical,
    }
}

const fn exit_class(class: contract::ExitClass) -> ExitClass {
    match class {
        contract::ExitClass::Network => ExitClass::Network,
        contract::ExitClass::Certificates => ExitClass::Certificates,
        contract::ExitClass::Elf => ExitClass::Elf,
        contract::ExitClass::Limits => ExitClass::Limits,
        contract::ExitClass::AccessControl => ExitClass::AccessControl,
        contract::ExitClass::Unit => ExitClass::Unit,
        contract::ExitClass::GoRuntime => ExitClass::GoRuntime,
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(120).collect()
}
