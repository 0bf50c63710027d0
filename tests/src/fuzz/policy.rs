//! What policies and their users hand to the engine: components, parameters,
//! and verdicts that come back to be shown.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use casefile_engine::description::{Description, HEADINGS, Parameter, Rule, Value};
use casefile_engine::finding::{ExitClass, Severity};
use casefile_engine::gate::Gate;
use casefile_engine::report::{Style, json, text};
use casefile_engine::sandbox::{Limits, NoStore, Sandbox};
use casefile_engine::verdict::Verdict;

/// One for all: it reserves address space. What it runs is given little.
static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
    let limits = Limits {
        fuel: 100_000,
        memory_bytes: 4 << 20,
        table_elements: 1_000,
        host_calls: 1_000,
        copied_bytes: 1 << 20,
        ..Limits::default()
    };
    Sandbox::new(limits, 2).expect("a machine that runs policies")
});

/// A component: what is no policy is refused in a few words.
pub(super) fn component(bytes: &[u8]) {
    match SANDBOX.load(bytes, &NoStore) {
        Ok(policy) => {
            policy.description().check().expect("it was checked");
            assert_eq!(policy.size(), bytes.len() as u64);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Parameters and a description: `NAME=VALUE` lines, the first one a name for
/// everything that has one.
pub(super) fn parameters(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    let name = lines.next().unwrap_or_default();
    let defaults = [
        ("boolean", Value::Boolean(true)),
        ("integer", Value::Integer(-1)),
        ("text", Value::Text("a".to_owned())),
        ("texts", Value::Texts(vec!["a".to_owned()])),
        (name, Value::Texts(Vec::new())),
    ];
    let description = Description {
        id: name.to_owned(),
        version: name.to_owned(),
        title: name.to_owned(),
        rules: vec![Rule {
            code: name.to_owned(),
            title: name.to_owned(),
            severity: Severity::High,
            exit_class: ExitClass::Limits,
            documentation: format!("{text}\n# {}\n", HEADINGS.join("\n## ")),
        }],
        parameters: defaults
            .into_iter()
            .map(|(name, default)| Parameter {
                name: name.to_owned(),
                default,
                documentation: text.clone().into_owned(),
            })
            .collect(),
        needs: None,
    };
    if description.check().is_ok() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        assert!(name.len() <= 64 && name.bytes().all(plain), "{name:?}");
    }
    let set: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if let Ok(values) = description.values(&set) {
        for parameter in &description.parameters {
            let value = &values[&parameter.name];
            if parameter.name != name {
                assert_eq!(value.type_name(), parameter.default.type_name());
            }
            if let (Value::Texts(texts), Some(text)) = (value, set.get(&parameter.name)) {
                assert_eq!(texts.join(","), *text);
            }
        }
    }
}

/// A verdict in JSON, as whoever keeps one hands it back.
pub(super) fn verdict(bytes: &[u8]) {
    let Ok(verdict) = serde_json::from_slice::<Verdict>(bytes) else {
        return;
    };
    let written = json(&verdict).expect("JSON");
    let again: Verdict = serde_json::from_str(&written).expect("what was written");
    assert_eq!(again, verdict);
    for all in [false, true] {
        for width in [0, 40, 100] {
            let style = Style {
                colour: false,
                all,
                width,
            };
            let shown = text(&verdict, style);
            let moves = |character: char| character.is_control() && character != '\n';
            assert!(!shown.contains(moves), "it moves the cursor: {shown:?}");
        }
    }
    let _ = Gate::of(&verdict, Severity::High).exit_code();
}
