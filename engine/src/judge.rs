//! Judges a snapshot by policies: every rule once, in parallel, and the
//! result in the same order whatever the number of threads.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use casefile_snapshot::{Digest, EvidenceId};
use rayon::prelude::*;

use crate::description::{Description, ParameterError, Rule, Value};
use crate::facts::Facts;
use crate::finding::{Finding, MissingEvidence, Severity};
use crate::rule_name::RuleName;
use crate::sandbox::{CONTRACT, Evaluation, InterfaceSet, Message, Policy, Question, Sandbox};
use crate::timestamp;
use crate::verdict::{
    self, Counts, EngineIdentity, PolicyVerdict, RuleVerdict, SCHEMA_VERSION, StartIdentity,
    Verdict,
};
use crate::waiver::{Waiver, Waivers};

/// What the user decides about a judgement.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The time as of which to judge, seconds since 1970-01-01 UTC; none for
    /// the snapshot's own.
    pub as_of: Option<i64>,
    /// Parameters by policy and name, as text; they come before `values`.
    pub parameters: BTreeMap<String, BTreeMap<String, String>>,
    /// Parameters by policy and name, as values.
    pub values: BTreeMap<String, BTreeMap<String, Value>>,
    /// Severities that take the place of the rules' own, and of those that
    /// single findings state.
    pub severities: BTreeMap<RuleName, Severity>,
    /// Findings that do not count, and why.
    pub waivers: Vec<Waiver>,
    /// Interfaces that a policy is denied, by its id: what it asks there is
    /// answered `unknown` (denied).
    pub denied: BTreeMap<String, InterfaceSet>,
    /// In words, who vouches for a policy, by its id.
    pub signed_by: BTreeMap<String, String>,
    /// Rules evaluated at a time; at least one.
    pub threads: usize,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// A parameter can't be set.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Parameters for a policy that is not there.
    #[error("there is no policy {policy:?} to set a parameter of; there are: {known}")]
    NoSuchPolicy {
        /// The id.
        policy: String,
        /// Those that are.
        known: String,
    },
    /// A severity or a waiver for a rule that is not there.
    #[error("there is no rule {0} to give a severity to or to waive")]
    NoSuchRule(RuleName),
    /// Two policies of one id.
    #[error("two policies are called {0:?}")]
    Duplicate(String),
    /// No threads could be started.
    #[error("threads can't be started: {0}")]
    Threads(String),
}

/// A verdict, and what rules have logged on the way to it.
#[derive(Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Messages by policy and rule.
    pub messages: Vec<(String, String, Message)>,
}

/// Judges.
///
/// # Errors
/// The options do not fit the policies.
pub fn judge<P: Borrow<Policy>>(
    sandbox: &Sandbox,
    policies: &[P],
    facts: &Arc<Facts>,
    options: &Options,
) -> Result<Judgement, JudgeError> {
    let policies = sorted(policies)?;
    let parameters = parameters(&policies, options)?;
    check_rules(&policies, options)?;
    let taken = facts.snapshot().manifest().clock.realtime_ns;
    let now = options
        .as_of
        .unwrap_or_else(|| taken.div_euclid(1_000_000_000));
    let jobs: Vec<(usize, usize)> = policies
        .iter()
        .enumerate()
        .flat_map(|(policy, loaded)| {
            (0..loaded.description().rules.len()).map(move |rule| (policy, rule))
        })
        .collect();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.max(1))
        .thread_name(|number| format!("casefile-rule-{number}"))
        .build()
        .map_err(|error| JudgeError::Threads(error.to_string()))?;
    let evaluations: Vec<Evaluation> = pool.install(|| {
        jobs.par_iter()
            .with_max_len(1)
            .map(|&(policy, rule)| {
                let question = Question {
                    facts,
                    now,
                    parameters: &parameters[policy],
                    denied: denied(policies[policy], options),
                };
                let policy = policies[policy];
                policy.evaluate(sandbox, &policy.description().rules[rule], &question)
            })
            .collect()
    });
    let case = Case {
        sandbox,
        policies: &policies,
        facts,
        now,
        parameters: &parameters,
        options,
    };
    Ok(case.assemble(evaluations))
}

/// What the user denies a policy.
fn denied(policy: &Policy, options: &Options) -> InterfaceSet {
    let denied = options.denied.get(&policy.description().id);
    denied.copied().unwrap_or_default()
}

fn names(interfaces: InterfaceSet) -> Vec<String> {
    interfaces
        .iter()
        .map(|interface| interface.as_str().to_owned())
        .collect()
}

fn sorted<P: Borrow<Policy>>(policies: &[P]) -> Result<Vec<&Policy>, JudgeError> {
    let mut sorted: Vec<&Policy> = policies.iter().map(Borrow::borrow).collect();
    sorted.sort_by(|left, right| left.description().id.cmp(&right.description().id));
    for pair in sorted.windows(2) {
        if let [left, right] = pair
            && left.description().id == right.description().id
        {
            return Err(JudgeError::Duplicate(left.description().id.clone()));
        }
    }
    Ok(sorted)
}

type Values = Arc<BTreeMap<String, Value>>;

fn parameters(policies: &[&Policy], options: &Options) -> Result<Vec<Values>, JudgeError> {
    let known: Vec<&str> = policies
        .iter()
        .map(|policy| policy.description().id.as_str())
        .collect();
    let mut set = options.parameters.keys().chain(options.values.keys());
    if let Some(stranger) = set.find(|id| !known.contains(&id.as_str())) {
        return Err(JudgeError::NoSuchPolicy {
            policy: stranger.clone(),
            known: known.join(", "),
        });
    }
    policies
        .iter()
        .map(|policy| Ok(Arc::new(values(policy.description(), options)?)))
        .collect()
}

/// A policy's parameters: as text, else as a value, else the default.
fn values(
    description: &Description,
    options: &Options,
) -> Result<BTreeMap<String, Value>, ParameterError> {
    let none = BTreeMap::new();
    let texts = options.parameters.get(&description.id).unwrap_or(&none);
    let mut values = description.values(texts)?;
    for (name, value) in options.values.get(&description.id).into_iter().flatten() {
        let Some(place) = values.get_mut(name) else {
            return Err(ParameterError::NoSuch {
                policy: description.id.clone(),
                name: name.clone(),
                known: values.into_keys().collect::<Vec<_>>().join(", "),
            });
        };
        if place.type_name() != value.type_name() {
            return Err(ParameterError::WrongType {
                policy: description.id.clone(),
                name: name.clone(),
                text: format!("{value:?}"),
                wanted: place.type_name(),
            });
        }
        if !texts.contains_key(name) {
            *place = value.clone();
        }
    }
    Ok(values)
}

fn check_rules(policies: &[&Policy], options: &Options) -> Result<(), JudgeError> {
    let known = |name: &RuleName| {
        policies.iter().any(|policy| {
            let description = policy.description();
            let mut rules = description.rules.iter();
            description.id == name.policy && rules.any(|rule| rule.code == name.rule)
        })
    };
    let waived = options.waivers.iter().map(|waiver| &waiver.rule);
    match options
        .severities
        .keys()
        .chain(waived)
        .find(|name| !known(name))
    {
        Some(stranger) => Err(JudgeError::NoSuchRule(stranger.clone())),
        None => Ok(()),
    }
}

/// What a verdict is put together from, beside what rules have given.
struct Case<'a> {
    sandbox: &'a Sandbox,
    policies: &'a [&'a Policy],
    facts: &'a Facts,
    now: i64,
    parameters: &'a [Values],
    options: &'a Options,
}

/// What is gathered from all rules.
struct Gathered<'a> {
    waivers: Waivers<'a>,
    counts: Counts,
    read: BTreeSet<EvidenceId>,
    messages: Vec<(String, String, Message)>,
}

impl Case<'_> {
    fn assemble(&self, evaluations: Vec<Evaluation>) -> Judgement {
        let mut evaluations = evaluations.into_iter();
        let hostname = &self.facts.snapshot().manifest().host.hostname;
        let mut gathered = Gathered {
            waivers: Waivers::new(&self.options.waivers, hostname, self.now),
            counts: Counts::default(),
            read: BTreeSet::new(),
            messages: Vec::new(),
        };
        let mut verdicts = Vec::with_capacity(self.policies.len());
        for (policy, parameters) in self.policies.iter().zip(self.parameters) {
            let description = policy.description();
            let rules = description.rules.iter().zip(evaluations.by_ref());
            let rules = rules
                .map(|(rule, evaluation)| {
                    let name = RuleName::new(&description.id, &rule.code);
                    self.rule(name, rule, evaluation, &mut gathered)
                })
                .collect();
            verdicts.push(PolicyVerdict {
                id: description.id.clone(),
                version: description.version.clone(),
                title: description.title.clone(),
                sha256: policy.digest().to_string(),
                signed_by: self.options.signed_by.get(&description.id).cloned(),
                contract: policy.contract().to_owned(),
                imports: names(policy.interfaces()),
                denied: names(policy.denied(denied(policy, self.options))),
                data: policy
                    .data()
                    .iter()
                    .map(|(name, bytes)| (name.clone(), Digest::of(bytes).to_string()))
                    .collect(),
                parameters: parameters.as_ref().clone(),
                rules,
            });
        }
        let verdict = Verdict {
            schema: SCHEMA_VERSION,
            engine: EngineIdentity {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                contract: CONTRACT.to_owned(),
                limits: *self.sandbox.limits(),
            },
            snapshot: verdict::snapshot_identity(self.facts.snapshot()),
            start: self.facts.circumstances().map(StartIdentity::from),
            as_of: timestamp::rfc3339(self.now),
            counts: gathered.counts,
            waivers: gathered.waivers.verdicts(),
            policies: verdicts,
            evidence: verdict::evidence_table(self.facts.snapshot(), &gathered.read),
        };
        Judgement {
            verdict,
            messages: gathered.messages,
        }
    }

    fn rule(
        &self,
        name: RuleName,
        rule: &Rule,
        mut evaluation: Evaluation,
        gathered: &mut Gathered<'_>,
    ) -> RuleVerdict {
        let severity = self.options.severities.get(&name).copied();
        for finding in &mut evaluation.findings {
            override_severity(finding, severity);
            gathered.waivers.apply(&name, finding);
            gathered.counts.add(finding);
        }
        gathered.read.extend(&evaluation.reads.items);
        let messages = evaluation.messages.into_iter();
        let messages = messages.map(|message| (name.policy.clone(), name.rule.clone(), message));
        gathered.messages.extend(messages);
        let reads = evaluation.reads;
        RuleVerdict {
            code: name.rule,
            title: rule.title.clone(),
            severity: severity.unwrap_or(rule.severity),
            policy_severity: severity.map(|_| rule.severity),
            exit_class: rule.exit_class,
            read: reads.items.iter().map(|id| id.0).collect(),
            missing: reads
                .missing
                .iter()
                .map(|(path, absence)| MissingEvidence::new(path, absence))
                .collect(),
            findings: evaluation.findings,
        }
    }
}

/// The user's severity takes the place of what the rule, or the finding
/// itself, says: whoever names a rule means all that it finds.
const fn override_severity(finding: &mut Finding, severity: Option<Severity>) {
    if let Some(severity) = severity {
        finding.policy_severity = Some(finding.severity);
        finding.severity = severity;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Outcome};

    #[test]
    fn a_severity_of_the_user_takes_the_place_of_a_findings_own() {
        let mut finding = Finding {
            outcome: Outcome::Fail,
            severity: Severity::Low,
            policy_severity: None,
            confidence: Confidence::Proven,
            subject: String::new(),
            message: String::new(),
            actual: None,
            wanted: None,
            remedy: None,
            evidence: Vec::new(),
            missing: Vec::new(),
            waiver: None,
            ended_waiver: None,
        };
        override_severity(&mut finding, None);
        assert_eq!(
            (finding.severity, finding.policy_severity),
            (Severity::Low, None)
        );
        override_severity(&mut finding, Some(Severity::Critical));
        assert_eq!(
            (finding.severity, finding.policy_severity),
            (Severity::Critical, Some(Severity::Low))
        );
    }
}
