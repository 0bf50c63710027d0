//! Freezes what rules read of a host into a case: the items that were read,
//! and the findings that were given. What would not give the same findings
//! again is refused.

mod item;
mod text;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Policy, Sandbox};
use casefile_snapshot::{EvidenceId, EvidenceKey, HostPath, Kind, Snapshot, SnapshotBuilder};

use crate::run::Questions;
use crate::{Answer, Bases, Case, CaseError, Difference, base, compare};

/// Rounds in which items are added that a rule looked at without reading.
const ROUNDS: usize = 16;

/// What is recorded, and how.
#[derive(Clone, Copy, Debug)]
pub struct Recorder<'a> {
    /// Codes of rules; all of the policy where there are none.
    pub rules: &'a [String],
    /// The time as of which to judge, seconds since 1970-01-01 UTC; none for
    /// the snapshot's own.
    pub as_of: Option<i64>,
    /// Parameters of the policy, as text.
    pub parameters: &'a BTreeMap<String, String>,
    /// Where the case will be: files beside it are put into a folder of its
    /// name.
    pub path: &'a Path,
}

/// A case that gives the same findings as the host that it was taken from.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The case's file.
    pub text: String,
    /// Files beside it, by the names that the case gives them.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// How many items it has.
    pub items: usize,
    /// How many findings it states.
    pub findings: usize,
    /// Rules that gave no finding: a case can't state that.
    pub silent: Vec<String>,
}

/// Why no case was recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A rule is not there, a parameter can't be set.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// No rule gave a finding.
    #[error("none of the rules gave a finding: there is nothing that a case could state")]
    NoFindings,
    /// The format has no words for an item.
    #[error("a case can't express {item}: {problem}")]
    Inexpressible {
        /// The item.
        item: EvidenceKey,
        /// What is lost.
        problem: String,
    },
    /// The case could not be read again.
    #[error("the case would not be one: {0}")]
    NoCase(CaseError),
    /// The case gives other findings than the host.
    #[error("a case with the items that were read does not give the same findings: {0}")]
    Differs(String),
}

impl Recorder<'_> {
    /// Records what a policy says of a host.
    ///
    /// # Errors
    /// There is nothing to record, or the case would not reproduce it.
    pub fn record(
        &self,
        sandbox: &Sandbox,
        policy: &Policy,
        facts: &Arc<Facts>,
    ) -> Result<Recording, RecordError> {
        let rules: Vec<String> = if self.rules.is_empty() {
            let rules = policy.description().rules.iter();
            rules.map(|rule| rule.code.clone()).collect()
        } else {
            self.rules.to_vec()
        };
        let questions = Questions {
            sandbox,
            policy,
            facts,
            as_of: self.as_of,
            parameters: self.parameters,
        };
        let (answers, silent): (Vec<Answer>, Vec<Answer>) = questions
            .ask(&rules)?
            .into_iter()
            .partition(|answer| !answer.evaluation.findings.is_empty());
        if answers.is_empty() {
            return Err(RecordError::NoFindings);
        }
        let items = sufficient(&questions, &answers)?;
        let case = self.write(&questions, &answers, &items)?;
        Ok(Recording {
            items: items.len(),
            findings: answers
                .iter()
                .map(|answer| answer.evaluation.findings.len())
                .sum(),
            silent: silent.into_iter().map(|answer| answer.rule).collect(),
            text: case.text,
            files: case.files,
        })
    }

    /// Writes the case: without what stat(2) says, where the findings do not
    /// depend on it.
    fn write(
        &self,
        questions: &Questions<'_>,
        answers: &[Answer],
        items: &BTreeSet<EvidenceId>,
    ) -> Result<written::Written, RecordError> {
        let Questions { policy, facts, .. } = *questions;
        let attempt = |stat: bool| {
            let frame = item::Frame::new(policy, facts.snapshot(), items, stat);
            let case = written::case(self, policy, facts, answers, items, &frame);
            self.verify(questions, answers, items, &frame, &case)?;
            Ok(case)
        };
        attempt(false).or_else(|_: RecordError| attempt(true))
    }

    /// Makes sure that the case is read as it was meant, and gives the same
    /// findings.
    fn verify(
        &self,
        questions: &Questions<'_>,
        answers: &[Answer],
        items: &BTreeSet<EvidenceId>,
        frame: &item::Frame,
        written: &written::Written,
    ) -> Result<(), RecordError> {
        let mut case = Case::parse(self.path, &written.text).map_err(RecordError::NoCase)?;
        case.beside.clone_from(&written.files);
        let snapshot = case
            .snapshot(&Bases::default())
            .map_err(RecordError::NoCase)?;
        let original = questions.facts.snapshot();
        for id in items {
            frame.compare(original, *id, &snapshot)?;
        }
        let facts = Arc::new(Facts::new(Arc::new(snapshot)));
        let again = Questions {
            facts: &facts,
            as_of: case.as_of().map_err(RecordError::NoCase)?,
            parameters: case.parameters(),
            ..*questions
        }
        .ask(&case.rules)?;
        match difference(answers, questions.facts, &again, &facts) {
            Some(difference) => Err(RecordError::Differs(difference)),
            None => {
                let given = again.iter().flat_map(|answer| answer.given(&facts));
                let differences = compare(&case.findings, given.collect());
                match differences.first() {
                    Some(difference) => Err(RecordError::Differs(difference.to_string())),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The items that rules need to say the same again: those that they read, and
/// those whose mere presence told them something. A host with the items that
/// were read is judged; what is missing there and was not on the first host
/// is added, until nothing is.
fn sufficient(
    questions: &Questions<'_>,
    answers: &[Answer],
) -> Result<BTreeSet<EvidenceId>, RecordError> {
    let original = questions.facts.snapshot();
    let rules: Vec<String> = answers.iter().map(|answer| answer.rule.clone()).collect();
    let mut items: BTreeSet<EvidenceId> = answers
        .iter()
        .flat_map(|answer| answer.evaluation.reads.items.iter().copied())
        .collect();
    let mut differs = String::new();
    for _ in 0..ROUNDS {
        let facts = Arc::new(Facts::new(Arc::new(part(original, &items)?)));
        let again = Questions {
            facts: &facts,
            ..*questions
        }
        .ask(&rules)?;
        match difference(answers, questions.facts, &again, &facts) {
            None => return Ok(items),
            Some(difference) => differs = difference,
        }
        let before = items.len();
        for (answer, again) in answers.iter().zip(&again) {
            let known = &answer.evaluation.reads.missing;
            for (path, absence) in &again.evaluation.reads.missing {
                if known.get(path) != Some(absence) {
                    items.extend(at(original, path));
                }
            }
        }
        if items.len() == before {
            break;
        }
    }
    Err(RecordError::Differs(differs))
}

/// All that a snapshot has at a path, and the links that lead there.
fn at(snapshot: &Snapshot, path: &str) -> BTreeSet<EvidenceId> {
    let mut items = BTreeSet::new();
    for kind in Kind::ALL {
        if let Ok(path) = HostPath::new(path) {
            items.extend(snapshot.get(&EvidenceKey::new(kind, path)));
        }
        match snapshot.find_written(kind, path) {
            Ok(found) => {
                items.insert(found.id);
                items.extend(found.via);
            }
            Err(not_found) => items.extend(not_found.via),
        }
    }
    items
}

/// A snapshot with some items of another one.
fn part(snapshot: &Snapshot, items: &BTreeSet<EvidenceId>) -> Result<Snapshot, CaseError> {
    let mut builder = SnapshotBuilder::new();
    for id in items {
        base::copy(snapshot, *id, &mut builder);
    }
    Ok(builder.finish(snapshot.manifest().clone())?)
}

/// The first thing that two hosts differ in, by what rules said of them.
fn difference(
    answers: &[Answer],
    facts: &Facts,
    again: &[Answer],
    again_facts: &Facts,
) -> Option<String> {
    for (answer, again) in answers.iter().zip(again) {
        let (given, given_again) = (answer.given(facts), again.given(again_facts));
        let pairs = given.iter().zip(&given_again);
        let differing = pairs
            .filter(|(left, right)| left != right)
            .map(|(left, _)| left);
        let longer = given.iter().skip(given_again.len());
        if let Some(finding) = differing.chain(longer).next() {
            let difference = Difference::NotExpected(finding.clone());
            return Some(format!("not given again: {difference}"));
        }
        if let Some(finding) = given_again.get(given.len()) {
            let difference = Difference::NotExpected(finding.clone());
            return Some(format!("given in addition: {difference}"));
        }
        let missing = &answer.evaluation.reads.missing;
        let missing_again = &again.evaluation.reads.missing;
        for (path, absence) in missing_again {
            if missing.get(path) != Some(absence) {
                return Some(format!(
                    "rule {} misses {path} ({absence}), which it did not on the host",
                    answer.rule
                ));
            }
        }
        if let Some((path, absence)) = missing
            .iter()
            .find(|(path, _)| !missing_again.contains_key(*path))
        {
            return Some(format!(
                "rule {} does not miss {path} ({absence}), as it did on the host",
                answer.rule
            ));
        }
    }
    None
}
