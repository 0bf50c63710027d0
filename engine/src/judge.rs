//! Judges a snapshot by policies: every rule once, in parallel, and the
//! result in the same order whatever the number of threads.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::description::{ParameterError, Value};
use crate::facts::Facts;
use crate::finding::MissingEvidence;
use crate::sandbox::{CONTRACT, Evaluation, Message, Policy, Question, Sandbox};
use crate::timestamp;
use crate::verdict::{
    self, Counts, EngineIdentity, PolicyVerdict, RuleVerdict, SCHEMA_VERSION, Verdict,
};

/// What the user decides about a judgement.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The time as of which to judge, seconds since 1970-01-01 UTC; none for
    /// the snapshot's own.
    pub as_of: Option<i64>,
    /// Parameters by policy and name, as text.
    pub parameters: BTreeMap<String, BTreeMap<String, String>>,
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
    let parameters = parameters(&policies, &options.parameters)?;
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
                };
                let policy = policies[policy];
                policy.evaluate(sandbox, &policy.description().rules[rule], &question)
            })
            .collect()
    });
    Ok(assemble(
        sandbox,
        &policies,
        facts,
        now,
        &parameters,
        evaluations,
    ))
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

fn parameters(
    policies: &[&Policy],
    set: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Vec<Values>, JudgeError> {
    let known: Vec<&str> = policies
        .iter()
        .map(|policy| policy.description().id.as_str())
        .collect();
    if let Some(stranger) = set.keys().find(|id| !known.contains(&id.as_str())) {
        return Err(JudgeError::NoSuchPolicy {
            policy: stranger.clone(),
            known: known.join(", "),
        });
    }
    let none = BTreeMap::new();
    policies
        .iter()
        .map(|policy| {
            let set = set.get(&policy.description().id).unwrap_or(&none);
            Ok(Arc::new(policy.description().values(set)?))
        })
        .collect()
}

fn assemble(
    sandbox: &Sandbox,
    policies: &[&Policy],
    facts: &Facts,
    now: i64,
    parameters: &[Values],
    evaluations: Vec<Evaluation>,
) -> Judgement {
    let mut evaluations = evaluations.into_iter();
    let mut counts = Counts::default();
    let mut read = BTreeSet::new();
    let mut messages = Vec::new();
    let mut verdicts = Vec::with_capacity(policies.len());
    for (policy, parameters) in policies.iter().zip(parameters) {
        let description = policy.description();
        let mut rules = Vec::with_capacity(description.rules.len());
        for (rule, evaluation) in description.rules.iter().zip(evaluations.by_ref()) {
            for finding in &evaluation.findings {
                counts.add(finding.outcome);
            }
            read.extend(&evaluation.reads.items);
            messages.extend(
                evaluation
                    .messages
                    .into_iter()
                    .map(|message| (description.id.clone(), rule.code.clone(), message)),
            );
            rules.push(RuleVerdict {
                code: rule.code.clone(),
                title: rule.title.clone(),
                severity: rule.severity,
                exit_class: rule.exit_class,
                read: evaluation.reads.items.iter().map(|id| id.0).collect(),
                missing: evaluation
                    .reads
                    .missing
                    .iter()
                    .map(|(path, absence)| MissingEvidence::new(path, absence))
                    .collect(),
                findings: evaluation.findings,
            });
        }
        verdicts.push(PolicyVerdict {
            id: description.id.clone(),
            version: description.version.clone(),
            title: description.title.clone(),
            sha256: policy.digest().to_string(),
            imports: policy.interfaces().to_vec(),
            parameters: parameters.as_ref().clone(),
            rules,
        });
    }
    let verdict = Verdict {
        schema: SCHEMA_VERSION,
        engine: EngineIdentity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            contract: CONTRACT.to_owned(),
            limits: *sandbox.limits(),
        },
        snapshot: verdict::snapshot_identity(facts.snapshot()),
        as_of: timestamp::rfc3339(now),
        counts,
        policies: verdicts,
        evidence: verdict::evidence_table(facts.snapshot(), &read),
    };
    Judgement { verdict, messages }
}
