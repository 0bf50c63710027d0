//! METADATA: comments in YAML before a package or a rule, as OPA defines
//! them, and what Casefile takes from their `custom`.

use casefile_interpreter_facts::{ExitClass, Parameter, Severity, Value, read};
use serde::Deserialize;

use crate::problem::Problem;
use crate::values;

/// One block of METADATA.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    /// The last line of its comment.
    pub(crate) last: u32,
    /// What it says.
    pub(crate) content: Content,
}

/// To what a block belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Scope {
    /// One definition.
    Rule,
    /// All definitions of that name.
    Document,
    /// The package.
    Package,
    /// The package, and those below it.
    Subpackages,
}

/// What a block says, of what is used here.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Content {
    pub(crate) scope: Option<Scope>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) short_name: Option<String>,
    pub(crate) custom: Option<Custom>,
    /// Lines for *References*.
    pub(crate) related_resources: Vec<String>,
}

/// What `custom` says to Casefile. Users have other keys there.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Custom {
    pub(crate) id: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) short_name: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) exit_class: Option<ExitClass>,
    pub(crate) documentation: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) pass: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) needs: Option<Needs>,
}

/// What a script says that it needs.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Needs {
    /// Interfaces of the contract.
    pub(crate) interfaces: Vec<String>,
    /// Settings for `input.sysctl`.
    pub(crate) sysctl: Vec<String>,
    /// Paths for `input.files`.
    pub(crate) files: Vec<String>,
}

const CONTENT: [&str; 5] = ["scope", "title", "description", "short_name", "custom"];
const CUSTOM: [&str; 11] = [
    "id",
    "version",
    "code",
    "short_name",
    "severity",
    "exit_class",
    "documentation",
    "subject",
    "pass",
    "parameters",
    "needs",
];

/// All blocks of a script.
pub(crate) fn of(file: &str, text: &str) -> Result<Vec<Annotation>, Problem> {
    let mut annotations = Vec::new();
    let mut lines = (1_u32..).zip(text.lines()).peekable();
    while let Some((line, content)) = lines.next() {
        if content.trim_end() != "# METADATA" {
            continue;
        }
        let mut yaml = String::new();
        let mut last = line;
        while let Some((number, content)) = lines.next_if(|(_, content)| content.starts_with('#')) {
            yaml.push_str(content.get(1..).unwrap_or(""));
            yaml.push('\n');
            last = number;
        }
        annotations.push(Annotation {
            last,
            content: content_of(&yaml).map_err(|text| Problem::at(file, line, 1, text))?,
        });
    }
    Ok(annotations)
}

fn content_of(yaml: &str) -> Result<Content, String> {
    let value = regorus::Value::from_yaml_str(yaml)
        .map_err(|error| format!("METADATA is no YAML: {error}"))?;
    let mut fields = match values::from_rego(&value) {
        Value::Record(fields) => fields,
        _ => return Err("METADATA has no keys".to_owned()),
    };
    let references = take(&mut fields, "related_resources").map_or(Ok(Vec::new()), references)?;
    fields.retain(|(name, _)| CONTENT.contains(&name.as_str()));
    for (name, value) in &mut fields {
        match (name.as_str(), value) {
            ("scope", Value::Text(scope)) => *scope = scope.to_lowercase(),
            ("custom", Value::Record(custom)) => prepare(custom)?,
            _ => {}
        }
    }
    fields.push((
        "related_resources".to_owned(),
        Value::List(references.into_iter().map(Value::Text).collect()),
    ));
    read("METADATA", &Value::Record(fields)).map_err(|mismatch| mismatch.to_string())
}

/// Leaves only what is for Casefile, in the form that it is read in.
fn prepare(custom: &mut Vec<(String, Value)>) -> Result<(), String> {
    custom.retain(|(name, _)| CUSTOM.contains(&name.as_str()));
    for (name, value) in custom {
        match (name.as_str(), &*value) {
            // Others write HIGH.
            ("severity", Value::Text(severity)) => *value = Value::Text(severity.to_lowercase()),
            ("version", Value::Signed(_) | Value::Fraction(_)) => {
                return Err("METADATA.custom.version has to stand in quotes: \"1.0.0\"".to_owned());
            }
            ("needs", Value::List(needs)) => *value = needs_of(needs)?,
            _ => {}
        }
    }
    Ok(())
}

/// `[host, process, {sysctl: [net.core.somaxconn]}]`: interfaces by name, and
/// of two of them what is wanted.
fn needs_of(needs: &[Value]) -> Result<Value, String> {
    let mut interfaces = Vec::new();
    let mut fields = Vec::new();
    for need in needs {
        match need {
            Value::Text(_) => interfaces.push(need.clone()),
            Value::Record(wanted) => {
                for (name, names) in wanted {
                    if !["sysctl", "files"].contains(&name.as_str()) {
                        return Err(format!(
                            "METADATA.custom.needs: {name} takes no names; only sysctl and files do"
                        ));
                    }
                    interfaces.push(Value::text(name));
                    fields.push((name.clone(), names.clone()));
                }
            }
            _ => return Err("METADATA.custom.needs is no list of interfaces".to_owned()),
        }
    }
    fields.push(("interfaces".to_owned(), Value::List(interfaces)));
    Ok(Value::Record(fields))
}

/// `[https://..., {ref: https://..., description: ...}]`
fn references(value: Value) -> Result<Vec<String>, String> {
    let wrong = || "METADATA.related_resources is no list of references".to_owned();
    let Value::List(resources) = value else {
        return Err(wrong());
    };
    resources
        .iter()
        .map(|resource| match (resource, resource.field("ref")) {
            (Value::Text(link), _) => Ok(format!("<{link}>")),
            (_, Some(Value::Text(link))) => Ok(match resource.field("description") {
                Some(Value::Text(description)) => format!("{description}: <{link}>"),
                _ => format!("<{link}>"),
            }),
            _ => Err(wrong()),
        })
        .collect()
}

fn take(fields: &mut Vec<(String, Value)>, name: &str) -> Option<Value> {
    let at = fields.iter().position(|(field, _)| field == name)?;
    Some(fields.remove(at).1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    const TEXT: &str = r#"# METADATA
# title: Settings
# scope: package
# custom:
#   severity: HIGH
#   of_others: {a: 1}
#   parameters:
#     - name: least
#       default: 1024
#       documentation: Fewest.
#   needs: [host, {sysctl: [net.core.somaxconn]}]
# related_resources:
#   - https://a.example
#   - {ref: https://b.example, description: B}
package a

# METADATA
# description: |
#   Two
#   lines
#
# authors: [somebody]
deny contains "x" if true
"#;

    #[test]
    fn blocks_are_read_with_their_places() {
        let annotations = of("a.rego", TEXT).unwrap();
        assert_eq!(annotations.len(), 2);
        let content = &annotations[0].content;
        assert_eq!(content.scope, Some(Scope::Package));
        assert_eq!(
            content.related_resources,
            ["<https://a.example>", "B: <https://b.example>"]
        );
        let custom = content.custom.as_ref().unwrap();
        assert_eq!(custom.severity, Some(Severity::High));
        assert_eq!(custom.parameters[0].name, "least");
        let needs = custom.needs.as_ref().unwrap();
        assert_eq!(needs.interfaces, ["host", "sysctl"]);
        assert_eq!(needs.sysctl, ["net.core.somaxconn"]);
        assert_eq!((annotations[0].last, annotations[1].last), (14, 22));
        assert_eq!(
            annotations[1].content.description.as_deref(),
            Some("Two\nlines\n")
        );
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let problem = |yaml: &str| {
            let text = format!("package a\n\n# METADATA\n{yaml}\n");
            of("a.rego", &text).unwrap_err().to_string()
        };
        assert_eq!(
            problem("# custom: {severity: bad}"),
            "a.rego:3:1: METADATA.custom.severity is \"bad\", not one of info, low, medium, high, \
             critical"
        );
        assert_eq!(
            problem("# custom: {needs: [{host: [a]}]}"),
            "a.rego:3:1: METADATA.custom.needs: host takes no names; only sysctl and files do"
        );
        assert!(problem("# a: [").starts_with("a.rego:3:1: METADATA is no YAML: "));
        assert_eq!(problem("# - a"), "a.rego:3:1: METADATA has no keys");
    }
}
