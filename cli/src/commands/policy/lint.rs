//! `casefile policy lint`: what the loader lets pass, and whoever uses a
//! policy will not: empty documentation, findings that are made up, codes
//! that went away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use casefile_engine::description::{Description, HEADINGS, Rule};
use casefile_engine::facts::Facts;
use casefile_engine::finding::Outcome;
use casefile_engine::sandbox::{
    Evaluation, Interface, InterfaceSet, Limits, Policy, Question, Sandbox,
};
use casefile_snapshot::Snapshot;

use crate::terminal::Terminal;
use crate::{input, policies};

/// Longest title of a rule: it stands in a line of a list.
const TITLE: usize = 80;

/// Look for what is wrong with a policy
///
/// Documentation, names and versions; permissions that nobody can need, and
/// such as rules ask for in vain; rules that pass without evidence, or say
/// something else each time. Exit code 1 where something is wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The policy
    policy: PathBuf,

    /// Its last release: rules, codes and parameters must still be there
    #[arg(long, value_name = "POLICY")]
    against: Option<PathBuf>,

    /// Evaluate the rules on this snapshot as well
    #[arg(long = "snapshot", value_name = "SNAPSHOT")]
    snapshots: Vec<PathBuf>,
}

/// What is wrong, by what it is about.
type Problems = Vec<(String, String)>;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let mut problems = Problems::new();
    for policy in policies::under_test(&sandbox, &arguments.policy, terminal)? {
        let id = policy.description().id.clone();
        let mut found = Problems::new();
        describe(policy.description(), &mut found);
        permissions(&policy, &mut found);
        without_evidence(&sandbox, &policy, &mut found)?;
        for path in &arguments.snapshots {
            let snapshot = input::snapshot(path)?;
            repeat(&sandbox, &policy, snapshot, &mut found);
        }
        if let Some(path) = &arguments.against {
            compare(&sandbox, &policy, path, terminal, &mut found)?;
        }
        problems.extend(
            found
                .into_iter()
                .map(|(what, wrong)| (format!("{id}: {what}"), wrong)),
        );
    }
    let shown: String = problems
        .iter()
        .map(|(what, wrong)| format!("{what}: {wrong}\n"))
        .collect();
    terminal.result(&shown)?;
    if problems.is_empty() {
        terminal.note("nothing is wrong");
    }
    Ok(u8::from(!problems.is_empty()))
}

fn describe(description: &Description, problems: &mut Problems) {
    if let Err(error) = semver::Version::parse(&description.version) {
        problems.push((
            "version".to_owned(),
            format!("{:?} is no semantic version: {error}", description.version),
        ));
    }
    let mut say = |what: String, wrong: &str| problems.push((what, wrong.to_owned()));
    if description.title.trim().is_empty() {
        say("title".to_owned(), "it has none");
    }
    for parameter in &description.parameters {
        if parameter.documentation.trim().is_empty() {
            say(
                format!("parameter {}", parameter.name),
                "it is not documented",
            );
        }
    }
    for rule in &description.rules {
        let what = || format!("rule {}", rule.code);
        let title = rule.title.trim();
        if title.is_empty() || title.chars().count() > TITLE || title.ends_with('.') {
            say(
                what(),
                "its title is empty, longer than 80 characters, or ends with a full stop",
            );
        }
        for heading in empty_sections(&rule.documentation) {
            say(what(), &format!("there is nothing under {heading:?}"));
        }
    }
}

/// Headings of a rule's documentation without a text.
fn empty_sections(documentation: &str) -> Vec<&'static str> {
    let mut texts: BTreeMap<&str, bool> = BTreeMap::new();
    let mut current = "";
    for line in documentation.lines() {
        let heading = line.trim_start_matches('#').trim();
        if line.starts_with('#') && HEADINGS.contains(&heading) {
            current = heading;
        } else if !line.trim().is_empty() {
            texts.insert(current, true);
        }
    }
    HEADINGS
        .into_iter()
        .filter(|heading| !texts.contains_key(heading))
        .collect()
}

fn permissions(policy: &Policy, problems: &mut Problems) {
    let needs = policy.needs();
    let permissions = needs.iter().filter(|one| one.is_permission()).count();
    let all = Interface::ALL
        .iter()
        .filter(|one| one.is_permission())
        .count();
    if permissions == all {
        problems.push((
            "permissions".to_owned(),
            "it asks for everything: say what it needs (`needs` in its description)".to_owned(),
        ));
    }
}

/// On a host of which nothing is known no rule can say anything.
fn without_evidence(
    sandbox: &Sandbox,
    policy: &Policy,
    problems: &mut Problems,
) -> anyhow::Result<()> {
    let nothing = Facts::empty().context("an empty snapshot")?;
    let facts = Arc::new(nothing);
    for rule in &policy.description().rules {
        let evaluation = evaluate(sandbox, policy, rule, &facts, 0);
        for finding in &evaluation.findings {
            if matches!(finding.outcome, Outcome::Pass | Outcome::Fail) {
                problems.push((
                    format!("rule {}", rule.code),
                    format!(
                        "of a host of which nothing is known it says {:?} about {:?}: missing evidence is never a pass, and never a failure",
                        finding.outcome, finding.subject
                    ),
                ));
            }
        }
        in_vain(rule, &evaluation, problems);
        if let Some(wrong) = made_up(sandbox, policy, rule, &facts, &evaluation) {
            problems.push((format!("rule {}", rule.code), wrong));
        }
    }
    Ok(())
}

/// Interfaces that a rule asks and its policy does not say that it needs: the
/// answer is a refusal on every host.
fn in_vain(rule: &Rule, evaluation: &Evaluation, problems: &mut Problems) {
    for interface in &evaluation.reads.refused {
        problems.push((
            format!("rule {}", rule.code),
            format!("it asks {interface}, which `needs` leaves out: it is always denied"),
        ));
    }
}

fn repeat(sandbox: &Sandbox, policy: &Policy, snapshot: Snapshot, problems: &mut Problems) {
    let facts = Arc::new(Facts::new(Arc::new(snapshot)));
    for rule in &policy.description().rules {
        let evaluation = evaluate(sandbox, policy, rule, &facts, 0);
        for finding in &evaluation.findings {
            if finding.outcome == Outcome::Error {
                problems.push((format!("rule {}", rule.code), finding.message.clone()));
            }
        }
        in_vain(rule, &evaluation, problems);
        if let Some(wrong) = made_up(sandbox, policy, rule, &facts, &evaluation) {
            problems.push((format!("rule {}", rule.code), wrong));
        }
    }
}

/// Whether a rule says something else with another seed.
fn made_up(
    sandbox: &Sandbox,
    policy: &Policy,
    rule: &Rule,
    facts: &Arc<Facts>,
    first: &Evaluation,
) -> Option<String> {
    let other = evaluate(sandbox, policy, rule, facts, u64::MAX / 3);
    (other.findings != first.findings).then(|| {
        "its findings depend on random numbers, or on an order that is one: they are not of the host"
            .to_owned()
    })
}

fn evaluate(
    sandbox: &Sandbox,
    policy: &Policy,
    rule: &Rule,
    facts: &Arc<Facts>,
    seed: u64,
) -> Evaluation {
    let defaults = policy.description().parameters.iter();
    let parameters = defaults
        .map(|parameter| (parameter.name.clone(), parameter.default.clone()))
        .collect();
    let taken = facts.snapshot().manifest().clock.realtime_ns;
    let question = Question {
        facts,
        now: taken.div_euclid(1_000_000_000),
        parameters: &Arc::new(parameters),
        denied: InterfaceSet::default(),
    };
    policy.evaluate_seeded(sandbox, rule, &question, seed)
}

/// What users have written into their configuration must still be there.
fn compare(
    sandbox: &Sandbox,
    policy: &Policy,
    against: &Path,
    terminal: &Terminal,
    problems: &mut Problems,
) -> anyhow::Result<()> {
    let id = &policy.description().id;
    let released = policies::under_test(sandbox, against, terminal)?;
    let Some(old) = released.iter().find(|old| old.description().id == *id) else {
        bail!("{}: there is no policy {id} in it", against.display());
    };
    let (new, old) = (policy.description(), old.description());
    let mut say = |what: String, wrong: &str| problems.push((what, wrong.to_owned()));
    for rule in &old.rules {
        match new.rules.iter().find(|other| other.code == rule.code) {
            None => say(format!("rule {}", rule.code), "it is gone; a code stays"),
            Some(other) if other.exit_class != rule.exit_class => say(
                format!("rule {}", rule.code),
                "its exit class is another one: scripts depend on it",
            ),
            Some(_) => {}
        }
    }
    for parameter in &old.parameters {
        let what = || format!("parameter {}", parameter.name);
        match new
            .parameters
            .iter()
            .find(|other| other.name == parameter.name)
        {
            None => say(what(), "it is gone; users set it"),
            Some(other) if other.default.type_name() != parameter.default.type_name() => {
                say(what(), "it has another type");
            }
            Some(_) => {}
        }
    }
    if new.version == old.version && new != old {
        say(
            "version".to_owned(),
            "the description is another one, and the version is not",
        );
    }
    Ok(())
}
