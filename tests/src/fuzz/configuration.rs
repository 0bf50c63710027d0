//! The user's configuration: what is read comes to the same when it is
//! written out and read again, and what is wrong stands somewhere in the text.

use casefile_configuration::{Configuration, Document, FAIL_ON, Problems, Strangers};
use casefile_engine::description::{Description, Parameter, Rule, Value};
use casefile_engine::finding::{ExitClass, Severity};

/// A configuration, and two policies that have a rule in common.
pub(super) fn configuration(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let document = match Document::parse(&text) {
        Ok(document) => document,
        Err(problems) => return check_problems(&text, &problems),
    };
    let policies = [policy("limits", "open-files-low"), policy("acme", "a")];
    let policies: Vec<&Description> = policies.iter().collect();
    for strangers in [Strangers::Refused, Strangers::LeftOut] {
        match document.check(&policies, strangers) {
            Ok(configuration) => check_effective(&configuration, &policies),
            Err(problems) => check_problems(&text, &problems),
        }
    }
}

fn policy(id: &str, code: &str) -> Description {
    let rule = |code: &str| Rule {
        code: code.to_owned(),
        title: String::new(),
        severity: Severity::High,
        exit_class: ExitClass::Limits,
        documentation: String::new(),
    };
    let parameter = |(name, default): (&str, Value)| Parameter {
        name: name.to_owned(),
        default,
        documentation: String::new(),
    };
    Description {
        id: id.to_owned(),
        version: String::new(),
        title: String::new(),
        rules: vec![rule(code), rule("shared")],
        parameters: [
            ("boolean", Value::Boolean(true)),
            ("integer", Value::Integer(-1)),
            ("text", Value::Text(String::new())),
            ("texts", Value::Texts(Vec::new())),
        ]
        .map(parameter)
        .into(),
        needs: None,
    }
}

fn check_effective(first: &Configuration, policies: &[&Description]) {
    let written = first.effective();
    let second = Document::parse(&written)
        .and_then(|document| document.check(policies, Strangers::Refused))
        .unwrap_or_else(|problems| panic!("{problems}\n{written}"));
    assert_eq!(second.sources, first.sources);
    assert_eq!(second.fail_on, Some(first.fail_on.unwrap_or(FAIL_ON)));
    // A table without entries decides nothing, and is written all the same.
    assert_eq!(second.parameters, first.parameters);
    assert_eq!(second.grants, first.grants);
    assert_eq!(second.severity, first.severity);
    let waivers = |one: &Configuration| {
        let waivers = one.waivers.iter().map(|written| written.waiver.clone());
        waivers.collect::<Vec<_>>()
    };
    assert_eq!(waivers(&second), waivers(first));
    assert_eq!(second.effective(), written);
}

fn check_problems(text: &str, problems: &Problems) {
    assert!(!problems.list().is_empty());
    for problem in problems.list() {
        let line = text.split('\n').nth(problem.line - 1).expect("a line");
        assert!(
            (1..=line.chars().count() + 1).contains(&problem.column),
            "{problem:?}"
        );
        let shown = problem.shown("f");
        assert_eq!(shown.lines().count(), 3, "{shown}");
        assert!(shown.lines().skip(1).all(|line| line.chars().count() < 120));
    }
    let shown = problems.shown("f");
    let moves = |character: char| character.is_control() && character != '\n';
    assert!(!shown.contains(moves), "it moves the cursor: {shown:?}");
}
