//! A policy of the contract 0.1.0, without a kit: what a vendor shipped then
//! is served still. For tests alone.

#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit/0.1.0",
        world: "policy",
    });
}

use bindings::casefile::policy::types::{
    Absence, Confidence, Description, ExitClass, Finding, Outcome, Parameter, Rule, Severity, Value,
};
use bindings::casefile::policy::{environment, host, log, parameters, sysctl};

struct First;

const DOCUMENTATION: &str =
    "## What it checks\nx\n## Why it matters\nx\n## How to fix\nx\n## References\nx\n";

fn rule(code: &str) -> Rule {
    Rule {
        code: code.to_owned(),
        title: "Asks as one did then".to_owned(),
        severity: Severity::Low,
        exit_class: ExitClass::Limits,
        documentation: DOCUMENTATION.to_owned(),
    }
}

fn pass(subject: &str, actual: String, evidence: Vec<u32>) -> Finding {
    Finding {
        outcome: Outcome::Pass,
        subject: subject.to_owned(),
        message: "answers".to_owned(),
        actual: Some(actual),
        wanted: None,
        remedy: None,
        confidence: Confidence::Proven,
        severity: None,
        evidence,
        missing: Vec::new(),
    }
}

impl bindings::Guest for First {
    fn describe() -> Description {
        Description {
            id: "contract-0-1".to_owned(),
            version: "0.1.0".to_owned(),
            title: "A policy of the first contract".to_owned(),
            rules: vec![rule("asks"), rule("lacks")],
            parameters: vec![Parameter {
                name: "word".to_owned(),
                default: Value::Text("default".to_owned()),
                documentation: "A word.".to_owned(),
            }],
        }
    }

    fn evaluate(rule: String) -> Result<Vec<Finding>, Absence> {
        if rule == "lacks" {
            return environment::names(7).map(|_| Vec::new());
        }
        log::write(log::Level::Info, "asks");
        let setting = sysctl::get("kernel.ostype")?;
        let word = match parameters::get("word")? {
            Value::Text(word) => word,
            _ => String::new(),
        };
        Ok(vec![
            pass("kernel.ostype", setting.text, vec![setting.evidence]),
            pass("now", host::now().to_string(), Vec::new()),
            pass("word", word, Vec::new()),
        ])
    }
}

bindings::export!(First with_types_in bindings);
