//! Findings as cases state them, and their comparison with those that a
//! policy gives. What a case does not state of a finding is not compared.
//! `docs/cases.md` has the keys.

use std::fmt;

use casefile_engine::finding::{Confidence, Finding, Outcome, Severity};
use casefile_snapshot::{EvidenceId, Snapshot};
use serde::Deserialize;

use crate::CaseError;
use crate::coverage::word;
use crate::error::{bail, ensure};

/// A finding as a case states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Its rule; never empty in a case that was read.
    #[serde(default)]
    pub rule: String,
    /// What the rule says.
    pub outcome: Outcome,
    subject: String,
    message: Option<String>,
    actual: Option<String>,
    wanted: Option<String>,
    remedy: Option<String>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    evidence: Option<Vec<String>>,
    missing: Option<Vec<String>>,
}

/// A finding that a policy gave, in the words of cases.
#[derive(Clone, Debug)]
pub struct Given {
    rule: String,
    finding: Finding,
    evidence: Vec<String>,
    missing: Vec<String>,
}

/// A finding that stands on one side alone.
#[derive(Debug)]
pub enum Difference {
    /// The case states it, and the policy did not give it.
    NotGiven(Expected),
    /// The policy gave it, and the case does not state it.
    NotExpected(Given),
}

impl Expected {
    /// Puts in what may be left out, and checks the rest.
    pub(crate) fn settle(&mut self, rules: &[String]) -> Result<(), CaseError> {
        if self.rule.is_empty() {
            let [only] = rules else {
                bail!(
                    "the finding about {:?} does not say of which rule it is",
                    self.subject
                );
            };
            only.clone_into(&mut self.rule);
        }
        ensure!(
            rules.contains(&self.rule),
            "a finding is of rule {}, which the case does not name",
            self.rule
        );
        for list in [&mut self.evidence, &mut self.missing]
            .into_iter()
            .flatten()
        {
            list.sort_unstable();
        }
        Ok(())
    }

    /// How much it states: the most demanding are matched first.
    fn demands(&self) -> usize {
        let texts = [&self.message, &self.actual, &self.wanted, &self.remedy];
        texts.iter().filter(|text| text.is_some()).count()
            + usize::from(self.severity.is_some())
            + usize::from(self.confidence.is_some())
            + usize::from(self.evidence.is_some())
            + usize::from(self.missing.is_some())
    }

    fn fits(&self, given: &Given) -> bool {
        let Given {
            rule,
            finding,
            evidence,
            missing,
        } = given;
        let text = |stated: &Option<String>, found: Option<&str>| {
            stated.is_none() || stated.as_deref() == found
        };
        let list = |stated: &Option<Vec<String>>, found: &[String]| {
            stated.as_deref().is_none_or(|stated| stated == found)
        };
        self.rule == *rule
            && self.outcome == finding.outcome
            && self.subject == finding.subject
            && text(&self.message, Some(&finding.message))
            && text(&self.actual, finding.actual.as_deref())
            && text(&self.wanted, finding.wanted.as_deref())
            && text(&self.remedy, finding.remedy.as_deref())
            && self
                .severity
                .is_none_or(|stated| stated == finding.severity)
            && self
                .confidence
                .is_none_or(|stated| stated == finding.confidence)
            && list(&self.evidence, evidence)
            && list(&self.missing, missing)
    }
}

/// Whether two findings say the same, each of its own snapshot.
impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        // Evidence is numbered by each snapshot in its own way.
        let finding = Finding {
            evidence: other.finding.evidence.clone(),
            ..self.finding.clone()
        };
        finding == other.finding
            && (&self.rule, &self.evidence, &self.missing)
                == (&other.rule, &other.evidence, &other.missing)
    }
}

impl Given {
    /// A finding of a rule about a snapshot.
    #[must_use]
    pub fn new(rule: &str, finding: &Finding, snapshot: &Snapshot) -> Self {
        let mut evidence: Vec<String> = finding
            .evidence
            .iter()
            .map(|id| snapshot.key(EvidenceId(*id)).to_string())
            .collect();
        evidence.sort_unstable();
        let mut missing: Vec<String> = finding
            .missing
            .iter()
            .map(|missing| format!("{} ({})", missing.path, missing.reason))
            .collect();
        missing.sort_unstable();
        Self {
            rule: rule.to_owned(),
            finding: finding.clone(),
            evidence,
            missing,
        }
    }
}

impl Given {
    /// Its fields in the words of cases, in the order of the format: texts,
    /// and lists of texts.
    pub(crate) fn words(&self) -> Vec<(&'static str, Words)> {
        let Self {
            finding,
            evidence,
            missing,
            ..
        } = self;
        let text = |text: &str| Words::Text(text.to_owned());
        let mut words = vec![
            ("outcome", text(word(finding.outcome))),
            ("subject", text(&finding.subject)),
            ("severity", text(finding.severity.as_str())),
            ("confidence", text(confidence(finding.confidence))),
            ("message", text(&finding.message)),
        ];
        for (name, value) in [
            ("actual", &finding.actual),
            ("wanted", &finding.wanted),
            ("remedy", &finding.remedy),
        ] {
            words.extend(value.as_deref().map(|value| (name, text(value))));
        }
        words.push(("evidence", Words::List(evidence.clone())));
        words.push(("missing", Words::List(missing.clone())));
        words
    }
}

/// The value of a finding's field.
pub(crate) enum Words {
    Text(String),
    List(Vec<String>),
}

const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Proven => "proven",
        Confidence::Inferred => "inferred",
        Confidence::Heuristic => "heuristic",
    }
}

/// Matches each stated finding with one that was given; gives what is left.
#[must_use]
pub fn compare(expected: &[Expected], mut given: Vec<Given>) -> Vec<Difference> {
    let mut expected: Vec<&Expected> = expected.iter().collect();
    expected.sort_by_key(|finding| std::cmp::Reverse(finding.demands()));
    let mut differences = Vec::new();
    for finding in expected {
        match given.iter().position(|given| finding.fits(given)) {
            Some(position) => drop(given.remove(position)),
            None => differences.push(Difference::NotGiven(finding.clone())),
        }
    }
    differences.extend(given.into_iter().map(Difference::NotExpected));
    differences
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, rule, outcome, subject, fields) = match self {
            Self::NotGiven(Expected {
                rule,
                outcome,
                subject,
                ..
            }) => (
                "expected, and not given",
                rule,
                outcome,
                subject,
                self.fields(),
            ),
            Self::NotExpected(Given { rule, finding, .. }) => (
                "given, and not expected",
                rule,
                &finding.outcome,
                &finding.subject,
                self.fields(),
            ),
        };
        write!(formatter, "{words}: {rule} {outcome:?} {subject:?}")?;
        for (name, text) in fields {
            write!(formatter, "\n        {name}: {text}")?;
        }
        Ok(())
    }
}

impl Difference {
    /// What there is to say beside rule, outcome and subject.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let lower = |value: &dyn fmt::Debug| format!("{value:?}").to_lowercase();
        let fields = match self {
            Self::NotGiven(expected) => [
                ("message", expected.message.clone()),
                ("actual", expected.actual.clone()),
                ("wanted", expected.wanted.clone()),
                ("remedy", expected.remedy.clone()),
                ("severity", expected.severity.map(|value| lower(&value))),
                ("confidence", expected.confidence.map(|value| lower(&value))),
                (
                    "evidence",
                    expected.evidence.as_ref().map(|list| list.join(", ")),
                ),
                (
                    "missing",
                    expected.missing.as_ref().map(|list| list.join(", ")),
                ),
            ],
            Self::NotExpected(Given {
                finding,
                evidence,
                missing,
                ..
            }) => [
                ("message", Some(finding.message.clone())),
                ("actual", finding.actual.clone()),
                ("wanted", finding.wanted.clone()),
                ("remedy", finding.remedy.clone()),
                ("severity", Some(lower(&finding.severity))),
                ("confidence", Some(lower(&finding.confidence))),
                ("evidence", Some(evidence.join(", "))),
                ("missing", Some(missing.join(", "))),
            ],
        };
        fields
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect()
    }
}
