//! Judges by one rule: messages become failures, no message a pass, and what
//! was not known is never passed over in silence.

use casefile_interpreter_facts::{Absence, Confidence, Finding, Outcome, Value, log, read};
use regorus::Value as Rego;

use crate::builtins::met_unknown;
use crate::document;
use crate::problem::Problem;
use crate::rules::{Kind, Rule, Rules};
use crate::source;
use crate::values::{from_rego, text};

/// The findings of one rule.
pub(crate) fn of(rules: &Rules, code: &str) -> Result<Vec<Finding>, Problem> {
    let rule = rules
        .rules
        .iter()
        .find(|rule| rule.code == code)
        .ok_or_else(|| Problem::new(format!("there is no rule {code}")))?;
    let mut findings = judge(rules, rule)?;
    let missing: Vec<Absence> = met_unknown()
        .into_iter()
        .filter(|absence| !findings.iter().any(|one| one.missing.contains(absence)))
        .collect();
    if !missing.is_empty() {
        findings.push(unknown(rule, missing));
    } else if findings.is_empty() && rule.kind != Kind::Finding {
        findings.push(pass(rule));
    }
    Ok(findings)
}

/// Runs the rule.
fn judge(rules: &Rules, rule: &Rule) -> Result<Vec<Finding>, Problem> {
    let source = &rules.source;
    let of_engine = |error: anyhow::Error| Problem::of_engine(&error);
    let text = rules.text(rule);
    let mut engine = source::engine(&source.name, &text, source.is_old).map_err(of_engine)?;
    engine.set_gather_prints(true);
    let parameters: Vec<String> = crate::description::parameters(rules)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    engine.set_input(document::of(&rules.wants(rule)?, &parameters)?);
    let mut findings = Vec::new();
    for name in &rule.names {
        let results = engine.eval_rule(source.path(name));
        for line in engine.take_prints().map_err(of_engine)? {
            log::write(log::Level::Info, &line);
        }
        for result in each(results.map_err(of_engine)?) {
            let finding = match rule.kind {
                Kind::Finding => read(name, &from_rego(&result)).map_err(Problem::new),
                Kind::Deny | Kind::Warn => failure(rule, &result),
            };
            findings.push(
                finding.map_err(|problem| Problem::new(format!("{}: {problem}", source.name)))?,
            );
        }
    }
    Ok(findings)
}

/// The results of a rule: what a set or a list holds, or the one value. A
/// rule that is false or not defined has none.
fn each(results: Rego) -> Vec<Rego> {
    match &results {
        Rego::Set(results) => results.iter_sorted().cloned().collect(),
        Rego::Array(results) => results.iter().cloned().collect(),
        Rego::Undefined | Rego::Null | Rego::Bool(false) => Vec::new(),
        _ => vec![results],
    }
}

/// The subject where a result names none.
fn subject(rule: &Rule) -> String {
    rule.custom(|custom| custom.subject.clone())
        .unwrap_or_else(|| "host".to_owned())
}

fn plain(outcome: Outcome, subject: String, message: String) -> Finding {
    Finding {
        outcome,
        subject,
        message,
        actual: None,
        wanted: None,
        remedy: None,
        confidence: Confidence::Proven,
        severity: None,
        evidence: Vec::new(),
        missing: Vec::new(),
    }
}

fn pass(rule: &Rule) -> Finding {
    let message = rule
        .custom(|custom| custom.pass.clone())
        .unwrap_or_else(|| format!("the rule {} has nothing to say against it", rule.code));
    plain(Outcome::Pass, subject(rule), message)
}

fn unknown(rule: &Rule, missing: Vec<Absence>) -> Finding {
    const SHOWN: usize = 3;
    let mut paths: Vec<&str> = missing
        .iter()
        .map(|absence| absence.path.as_str())
        .collect();
    paths.dedup();
    let more = paths.len().saturating_sub(SHOWN);
    paths.truncate(SHOWN);
    let mut message = format!("evidence is missing: {}", paths.join(", "));
    if more > 0 {
        message.push_str(&format!(" and {more} more"));
    }
    // One absence is what the finding is about, as where a rule ends with it.
    let subject = match missing.as_slice() {
        [absence] => absence.path.clone(),
        _ => subject(rule),
    };
    Finding {
        missing,
        ..plain(Outcome::Unknown, subject, message)
    }
}

/// A message of `deny` or `warn`: text, or an object with `msg`. Other keys
/// of the object are the user's own, as conftest has it.
fn failure(rule: &Rule, result: &Rego) -> Result<Finding, Problem> {
    let Rego::Object(fields) = result else {
        return match result {
            Rego::String(message) => Ok(plain(Outcome::Fail, subject(rule), message.to_string())),
            Rego::Bool(true) => Ok(plain(
                Outcome::Fail,
                subject(rule),
                format!("the rule {} is true", rule.code),
            )),
            other => Err(Problem::new(format!(
                "a result of rule {} is {other}, neither text nor an object with msg",
                rule.code
            ))),
        };
    };
    let field = |name: &str| fields.get(&Rego::from(name));
    let Some(Rego::String(message)) = field("msg").or_else(|| field("message")) else {
        return Err(Problem::new(format!(
            "a result of rule {} is an object without a text msg",
            rule.code
        )));
    };
    // The rest is read as the contract has it; numbers become their text.
    let mut finding = vec![
        ("outcome".to_owned(), Value::text("fail")),
        ("message".to_owned(), Value::text(&**message)),
    ];
    let own = field("subject").map_or_else(|| subject(rule), text);
    finding.push(("subject".to_owned(), Value::Text(own)));
    for name in ["actual", "wanted", "remedy"] {
        let value = field(name).map(text).map(Value::Text);
        finding.extend(value.map(|value| (name.to_owned(), value)));
    }
    for name in ["severity", "confidence"] {
        if let Some(value) = field(name) {
            finding.push((name.to_owned(), lower(from_rego(value))));
        }
    }
    if let Some(evidence) = field("evidence") {
        finding.push(("evidence".to_owned(), from_rego(evidence)));
    }
    let name = format!("a result of rule {}", rule.code);
    read(&name, &Value::Record(finding)).map_err(Problem::new)
}

/// Others write HIGH.
fn lower(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.to_lowercase()),
        other => other,
    }
}
