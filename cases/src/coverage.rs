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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use casefile_engine::description::Rule;
    use casefile_engine::finding::{ExitClass, Severity};

    use super::*;

    fn description(codes: &[&str]) -> Description {
        let rule = |code: &&str| Rule {
            code: (*code).to_owned(),
            title: String::new(),
            severity: Severity::High,
            exit_class: ExitClass::Limits,
            documentation: String::new(),
        };
        Description {
            id: "p".to_owned(),
            version: "1".to_owned(),
            title: String::new(),
            rules: codes.iter().map(rule).collect(),
            parameters: Vec::new(),
            needs: None,
        }
    }

    fn case(rule: &str, outcomes: &[&str]) -> Case {
        let findings: String = outcomes
            .iter()
            .map(|outcome| format!("[[findings]]\noutcome = \"{outcome}\"\nsubject = \"x\"\n"))
            .collect();
        let text = format!("rules = [\"{rule}\"]\n{findings}");
        Case::parse(Path::new("/nowhere/case.toml"), &text).unwrap()
    }

    fn gaps(never: &str) -> (Vec<String>, usize) {
        let description = description(&["a", "b"]);
        let cases = [
            case("a", &["pass", "fail", "fail"]),
            case("a", &["unknown"]),
            case("b", &["pass", "not-applicable"]),
        ];
        let cases: Vec<&Case> = cases.iter().collect();
        let never = Never::parse(never).unwrap();
        let coverage = Coverage::new(std::iter::once(&description), &cases, &never);
        assert_eq!(coverage.rows[0].stated[&Outcome::Fail], 2);
        let rows = coverage.rows.iter();
        let gaps = rows.flat_map(|row| row.gaps.iter().map(|gap| format!("{}: {gap}", row.rule)));
        let gaps: Vec<String> = gaps.collect();
        assert_eq!(
            coverage.is_whole(),
            gaps.is_empty() && coverage.strangers.is_empty()
        );
        (gaps, coverage.strangers.len())
    }

    #[test]
    fn each_rule_is_to_be_shown_in_every_light() {
        let (gaps, strangers) = gaps("never = []");
        assert_eq!(gaps, ["b: no case shows fail", "b: no case shows unknown"]);
        assert_eq!(strangers, 0);
    }

    #[test]
    fn exemptions_hold_where_they_are_true() {
        let never = |rule: &str, outcome: &str| {
            format!("[[never]]\nrule = \"{rule}\"\noutcome = \"{outcome}\"\nreason = \"so\"\n")
        };
        let both = never("b", "fail") + &never("b", "unknown");
        assert_eq!(gaps(&both), (Vec::new(), 0));
        let (shown, _) = gaps(&(both.clone() + &never("a", "pass")));
        assert_eq!(
            shown,
            ["a: pass is shown, and is said to be never given (so)"]
        );
        assert_eq!(gaps(&(both + &never("c", "pass"))), (Vec::new(), 1));
        assert!(
            Never::parse("[[never]]\nrule = \"b\"\noutcome = \"fail\"\nreason = \" \"\n").is_err()
        );
        assert!(Never::parse("[[never]]\nrule = \"b\"\noutcome = \"fail\"\n").is_err());
    }
}
