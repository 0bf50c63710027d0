//! What rules did on the host of a case: the evidence that they read, what
//! was missing, what they found and logged.

use std::fmt::Write as _;

use casefile_cases::{Answer, Trial, word};
use casefile_engine::facts::Facts;
use casefile_engine::finding::Finding;
use casefile_snapshot::{Content, EvidenceId, Snapshot};

use super::visible;

/// Digits of a digest that are shown.
const DIGITS: usize = 16;

/// All rules of a case, indented below it.
pub(super) fn trial(trial: &Trial) -> String {
    let answers = trial.answers.iter();
    answers
        .map(|answer| rule(answer, &trial.facts))
        .collect::<String>()
}

fn rule(answer: &Answer, facts: &Facts) -> String {
    let evaluation = &answer.evaluation;
    let mut text = format!(
        "    {}: {} fuel, {} host calls\n",
        answer.rule, evaluation.fuel, evaluation.host_calls
    );
    // Writing to a String can't fail.
    let mut row = |label: &str, value: &str| {
        let value = visible(value).replace('\n', "\n                ");
        let _ = writeln!(text, "      {label:<8}  {value}");
    };
    for id in &evaluation.reads.items {
        row("read", &item(facts.snapshot(), *id));
    }
    for (path, absence) in &evaluation.reads.missing {
        row("missing", &format!("{path} ({absence})"));
    }
    for found in &evaluation.findings {
        row("finding", &finding(found));
    }
    for message in &evaluation.messages {
        row("log", &format!("{}: {}", message.level, message.text));
    }
    text
}

/// An item: what it is called, and what is held of it.
fn item(snapshot: &Snapshot, id: EvidenceId) -> String {
    let key = snapshot.key(id);
    match &snapshot.entry(id).content {
        Content::Bytes {
            size,
            sha256,
            redacted,
            ..
        } => {
            let digest: String = sha256.to_string().chars().take(DIGITS).collect();
            let hidden = match redacted {
                Some(places) => format!(", redacted in {places} places"),
                None => String::new(),
            };
            format!("{key}: {size} bytes, sha256:{digest}{hidden}")
        }
        Content::Symlink { target } => format!("{key} -> {target}"),
        Content::Directory { names } => format!("{key}: a directory with {} names", names.len()),
        Content::Missing(absence) => format!("{key}: {absence}"),
    }
}

fn finding(finding: &Finding) -> String {
    let mut text = format!(
        "{} {:?}: {}",
        word(finding.outcome),
        finding.subject,
        finding.message
    );
    for (name, value) in [
        ("actual", &finding.actual),
        ("wanted", &finding.wanted),
        ("remedy", &finding.remedy),
    ] {
        if let Some(value) = value {
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    for missing in &finding.missing {
        let _ = write!(text, "\nmissing: {} ({})", missing.path, missing.reason);
    }
    text
}
