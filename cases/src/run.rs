//! Runs a case: its host is judged by the rules that it names, each once, and
//! the findings are compared with those that it states.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casefile_engine::description::Rule;
use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Evaluation, InterfaceSet, Policy, Question, Sandbox};

use crate::base::Bases;
use crate::error::{OrWrong as _, bail};
use crate::{Case, CaseError, Difference, Given, compare};

/// What one rule said of a host.
#[derive(Debug)]
pub struct Answer {
    /// Its code.
    pub rule: String,
    /// What it gave, read and used.
    pub evaluation: Evaluation,
    /// How long it took on this machine.
    pub elapsed: Duration,
}

/// A case that was run.
#[derive(Debug)]
pub struct Trial {
    /// The host.
    pub facts: Arc<Facts>,
    /// What the rules said, in the order in which the case names them.
    pub answers: Vec<Answer>,
    /// Findings that stand on one side alone; none where the case passes.
    pub differences: Vec<Difference>,
}

impl Case {
    /// The one of these policies that the case is about: the one that has the
    /// rules which it names.
    ///
    /// # Errors
    /// None of them has all of these rules.
    pub fn policy<'p>(&self, policies: &'p [Policy]) -> Result<&'p Policy, CaseError> {
        let has = |policy: &Policy, code: &str| rule(policy, code).is_some();
        let fits = |policy: &&Policy| self.rules.iter().all(|code| has(policy, code));
        if let Some(policy) = policies.iter().find(fits) {
            return Ok(policy);
        }
        let known = |code: &str| policies.iter().any(|policy| has(policy, code));
        let ids: Vec<&str> = policies
            .iter()
            .map(|policy| policy.description().id.as_str())
            .collect();
        match self.rules.iter().find(|code| !known(code)) {
            Some(code) => bail!("policy {} has no rule {code}", ids.join(", ")),
            None => bail!("the rules that it names are of several policies"),
        }
    }

    /// Judges the host, and compares the findings with those of the case.
    ///
    /// # Errors
    /// The case does not fit the policy, or describes no host.
    pub fn run(
        &self,
        sandbox: &Sandbox,
        policy: &Policy,
        bases: &Bases,
    ) -> Result<Trial, CaseError> {
        let facts = Arc::new(self.facts(bases)?);
        let questions = Questions {
            sandbox,
            policy,
            facts: &facts,
            as_of: self.as_of()?,
            parameters: self.parameters(),
        };
        let answers = questions.ask(&self.rules)?;
        let given = answers.iter().flat_map(|answer| answer.given(&facts));
        let differences = compare(&self.findings, given.collect());
        Ok(Trial {
            facts,
            answers,
            differences,
        })
    }
}

impl Answer {
    /// Its findings in the words of cases.
    pub(crate) fn given(&self, facts: &Facts) -> Vec<Given> {
        let findings = self.evaluation.findings.iter();
        findings
            .map(|finding| Given::new(&self.rule, finding, facts.snapshot()))
            .collect()
    }
}

/// What rules of a policy are asked about.
#[derive(Clone, Copy)]
pub(crate) struct Questions<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) policy: &'a Policy,
    pub(crate) facts: &'a Arc<Facts>,
    /// Seconds since 1970-01-01 UTC; none for the snapshot's own time.
    pub(crate) as_of: Option<i64>,
    pub(crate) parameters: &'a BTreeMap<String, String>,
}

impl Questions<'_> {
    /// Evaluates rules, one after the other.
    pub(crate) fn ask(&self, codes: &[String]) -> Result<Vec<Answer>, CaseError> {
        let description = self.policy.description();
        let parameters = Arc::new(description.values(self.parameters)?);
        let clock = self.facts.snapshot().manifest().clock;
        let question = Question {
            facts: self.facts,
            now: self
                .as_of
                .unwrap_or_else(|| clock.realtime_ns.div_euclid(1_000_000_000)),
            parameters: &parameters,
            denied: InterfaceSet::default(),
        };
        let mut answers = Vec::with_capacity(codes.len());
        for code in codes {
            let rule = rule(self.policy, code)
                .or_wrong(format_args!("policy {} has no rule {code}", description.id))?;
            let started = Instant::now();
            let evaluation = self.policy.evaluate(self.sandbox, rule, &question);
            answers.push(Answer {
                rule: code.clone(),
                evaluation,
                elapsed: started.elapsed(),
            });
        }
        Ok(answers)
    }
}

fn rule<'p>(policy: &'p Policy, code: &str) -> Option<&'p Rule> {
    let mut rules = policy.description().rules.iter();
    rules.find(|rule| rule.code == code)
}
