//! Which outcomes of which rules the cases show. Each rule is to be shown
//! passing, failing and lacking evidence, unless it is said why it never does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casefile_engine::description::Description;
use casefile_engine::finding::Outcome;
use serde::Deserialize;

use crate::error::{At as _, ensure};
use crate::{Case, CaseError, files};

/// The outcomes that a table has, in order.
pub const OUTCOMES: [Outcome; 4] = [
    Outcome::Pass,
    Outcome::Fail,
    Outcome::Unknown,
    Outcome::NotApplicable,
];

/// Bytes of a file of exemptions.
const NEVER_BYTES: u64 = 1 << 20;

/// An outcome that a rule can never have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Never {
    /// The rule's code.
    pub rule: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it never has it.
    pub reason: String,
}

/// A file of exemptions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeverFile {
    never: Vec<Never>,
}

impl Never {
    /// Those in the file `never.toml` of each folder of cases, or beside each
    /// case that is named by its file; where there is no such file, none.
    ///
    /// # Errors
    /// A file can't be read, or gives no reason.
    pub fn beside(paths: &[PathBuf]) -> Result<Vec<Self>, CaseError> {
        let mut folders: Vec<&Path> = paths
            .iter()
            .map(|path| match path.parent() {
                Some(parent) if !path.is_dir() => parent,
                _ => path,
            })
            .collect();
        folders.sort_unstable();
        folders.dedup();
        let mut all = Vec::new();
        for folder in folders {
            let path = folder.join(files::NEVER);
            if path.exists() {
                let text = files::text(&path, NEVER_BYTES)?;
                all.extend(Self::parse(&text).at(path.display())?);
            }
        }
        Ok(all)
    }

    fn parse(text: &str) -> Result<Vec<Self>, CaseError> {
        let NeverFile { never } = toml::from_str(text)?;
        for one in &never {
            ensure!(
                !one.reason.trim().is_empty(),
                "it gives no reason why {} is never {:?}",
                one.rule,
                one.outcome
            );
        }
        Ok(never)
    }
}

/// How often cases show each outcome of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The rule's code.
    pub rule: String,
    /// Findings that cases state, by outcome.
    pub stated: BTreeMap<Outcome, usize>,
    /// What is wrong, in words; nothing where the rule is covered.
    pub gaps: Vec<String>,
}

/// What cases show of the rules of policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// A row for each rule, in the policies' order.
    pub rows: Vec<Row>,
    /// Exemptions of rules that there are none of.
    pub strangers: Vec<Never>,
}

impl Coverage {
    /// What these cases show of these policies.
    pub fn new<'a>(
        policies: impl Iterator<Item = &'a Description>,
        cases: &[&Case],
        never: &[Never],
    ) -> Self {
        let mut stated: BTreeMap<&str, BTreeMap<Outcome, usize>> = BTreeMap::new();
        for finding in cases.iter().flat_map(|case| &case.findings) {
            let outcomes = stated.entry(&finding.rule).or_default();
            *outcomes.entry(finding.outcome).or_default() += 1;
        }
        let rows: Vec<Row> = policies
            .flat_map(|policy| &policy.rules)
            .map(|rule| {
                let stated = stated.remove(rule.code.as_str()).unwrap_or_default();
                row(&rule.code, stated, never)
            })
            .collect();
        let is_strange = |one: &&Never| !rows.iter().any(|row| row.rule == one.rule);
        let strangers = never.iter().filter(is_strange).cloned().collect();
        Self { rows, strangers }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.strangers.is_empty() && self.rows.iter().all(|row| row.gaps.is_empty())
    }
}

fn row(rule: &str, stated: BTreeMap<Outcome, usize>, never: &[Never]) -> Row {
    let mut gaps = Vec::new();
    for outcome in OUTCOMES {
        let shown = stated.contains_key(&outcome);
        let exempt = never
            .iter()
            .find(|one| one.rule == rule && one.outcome == outcome);
        let word = word(outcome);
        match exempt {
            Some(never) if shown => gaps.push(format!(
                "{word} is shown, and is said to be never given ({})",
                never.reason
            )),
            None if !shown && outcome != Outcome::NotApplicable => {
                gaps.push(format!("no case shows {word}"));
            }
            _ => {}
        }
    }
    Row {
        rule: rule.to_owned(),
        stated,
        gaps,
    }
}

/// An outcome as cases write it.
#[must_use]
pub const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "not-applicable",
        Outcome::Error => "error",
    }
}
