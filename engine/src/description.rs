//! What a policy says of itself, checked before anything is believed.
//! Codes and names are stable identifiers that users write into their
//! configuration, so their shape is fixed here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{ExitClass, Severity};

/// A policy's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Lower-case words with hyphens.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub title: String,
    /// Its rules, in its own order.
    pub rules: Vec<Rule>,
    /// Its parameters, in its own order.
    pub parameters: Vec<Parameter>,
    /// The interfaces that it needs, where its imports say more than that.
    pub needs: Option<Vec<String>>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// What is wrong when it fails.
    pub title: String,
    /// How much a failure matters.
    pub severity: Severity,
    /// The class of its failures.
    pub exit_class: ExitClass,
    /// Markdown with the fixed headings.
    pub documentation: String,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Lower-case words with hyphens.
    pub name: String,
    /// The value when the user sets none.
    pub default: Value,
    /// What it does.
    pub documentation: String,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

impl Value {
    /// The name of its type, for messages.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Text(_) => "text",
            Self::Texts(_) => "texts, separated by commas",
        }
    }

    /// Reads a value of the same type as this one, as the command line
    /// gives it.
    #[must_use]
    pub fn parse_like(&self, text: &str) -> Option<Self> {
        match self {
            Self::Boolean(_) => text.parse().ok().map(Self::Boolean),
            Self::Integer(_) => text.parse().ok().map(Self::Integer),
            Self::Text(_) => Some(Self::Text(text.to_owned())),
            Self::Texts(_) if text.is_empty() => Some(Self::Texts(Vec::new())),
            Self::Texts(_) => Some(Self::Texts(text.split(',').map(str::to_owned).collect())),
        }
    }
}

/// Headings that a rule's documentation must have, in this order.
pub const HEADINGS: [&str; 4] = [
    "What it checks",
    "Why it matters",
    "How to fix",
    "References",
];

/// A description that can't be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// An id, code or parameter name of another shape.
    #[error("{what} {name:?} is not made of lower-case letters, digits and single hyphens")]
    Name {
        /// Which kind of name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Twice the same.
    #[error("two {what}s are called {name:?}")]
    Duplicate {
        /// Which kind of name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// No rule at all.
    #[error("it has no rules")]
    NoRules,
    /// Documentation without a heading.
    #[error("the documentation of rule {code:?} lacks the heading {heading:?}")]
    Heading {
        /// The rule.
        code: String,
        /// What is missing.
        heading: &'static str,
    },
}

impl Description {
    /// Checks names and documentation.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self) -> Result<(), DescriptionError> {
        check_name("policy id", &self.id)?;
        if self.rules.is_empty() {
            return Err(DescriptionError::NoRules);
        }
        check_names("rule", self.rules.iter().map(|rule| rule.code.as_str()))?;
        check_names(
            "parameter",
            self.parameters
                .iter()
                .map(|parameter| parameter.name.as_str()),
        )?;
        self.rules.iter().try_for_each(check_documentation)
    }

    /// The parameters' values: what the user sets, else the defaults.
    ///
    /// # Errors
    /// A name that the policy does not have, or a value of another type.
    pub fn values(
        &self,
        set: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Value>, ParameterError> {
        let mut values: BTreeMap<String, Value> = self
            .parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), parameter.default.clone()))
            .collect();
        for (name, text) in set {
            let Some(value) = values.get_mut(name) else {
                return Err(ParameterError::NoSuch {
                    policy: self.id.clone(),
                    name: name.clone(),
                    known: values.into_keys().collect::<Vec<_>>().join(", "),
                });
            };
            *value = value
                .parse_like(text)
                .ok_or_else(|| ParameterError::WrongType {
                    policy: self.id.clone(),
                    name: name.clone(),
                    text: text.clone(),
                    wanted: value.type_name(),
                })?;
        }
        Ok(values)
    }
}

/// A parameter that can't be set.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// The policy has no such parameter.
    #[error("policy {policy} has no parameter {name:?}; it has: {known}")]
    NoSuch {
        /// The policy.
        policy: String,
        /// The name.
        name: String,
        /// The names that it has.
        known: String,
    },
    /// The text is no value of the parameter's type.
    #[error("parameter {policy}.{name} takes {wanted}, not {text:?}")]
    WrongType {
        /// The policy.
        policy: String,
        /// The name.
        name: String,
        /// The text.
        text: String,
        /// What it takes.
        wanted: &'static str,
    },
}

fn check_names<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), DescriptionError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        check_name(what, name)?;
        if !seen.insert(name) {
            return Err(DescriptionError::Duplicate {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}

fn check_name(what: &'static str, name: &str) -> Result<(), DescriptionError> {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.len() <= 64 && name.split('-').all(word) {
        return Ok(());
    }
    Err(DescriptionError::Name {
        what,
        name: name.chars().take(80).collect(),
    })
}

fn check_documentation(rule: &Rule) -> Result<(), DescriptionError> {
    let mut headings = rule
        .documentation
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| line.trim_start_matches('#').trim());
    for heading in HEADINGS {
        if !headings.any(|found| found == heading) {
            return Err(DescriptionError::Heading {
                code: rule.code.clone(),
                heading,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn description() -> Description {
        Description {
            id: "limits".to_owned(),
            version: "0.1.0".to_owned(),
            title: "Limits".to_owned(),
            rules: vec![Rule {
                code: "nofile-low".to_owned(),
                title: "Few descriptors".to_owned(),
                severity: Severity::High,
                exit_class: ExitClass::Limits,
                documentation: HEADINGS
                    .map(|heading| format!("## {heading}\ntext\n"))
                    .concat(),
            }],
            parameters: vec![Parameter {
                name: "hard-low".to_owned(),
                default: Value::Integer(4096),
                documentation: String::new(),
            }],
            needs: None,
        }
    }

    #[test]
    fn names_have_one_shape() {
        description().check().unwrap();
        for name in ["", "A", "a_b", "-a", "a-", "a--b", "a b", "ä"] {
            let mut wrong = description();
            wrong.rules[0].code = name.to_owned();
            assert!(
                matches!(wrong.check(), Err(DescriptionError::Name { .. })),
                "{name:?}"
            );
        }
    }

    #[test]
    fn duplicates_and_missing_headings_are_told() {
        let mut twice = description();
        twice.rules.push(twice.rules[0].clone());
        assert!(matches!(
            twice.check(),
            Err(DescriptionError::Duplicate { .. })
        ));
        let mut bare = description();
        bare.rules[0].documentation = "## What it checks\n## How to fix\n".to_owned();
        assert_eq!(
            bare.check(),
            Err(DescriptionError::Heading {
                code: "nofile-low".to_owned(),
                heading: "Why it matters",
            })
        );
    }

    #[test]
    fn parameters_keep_their_type() {
        let set = |name: &str, text: &str| {
            description().values(&BTreeMap::from([(name.to_owned(), text.to_owned())]))
        };
        assert_eq!(
            set("hard-low", "10").unwrap()["hard-low"],
            Value::Integer(10)
        );
        assert!(matches!(
            set("hard-low", "ten"),
            Err(ParameterError::WrongType { .. })
        ));
        assert!(matches!(
            set("hard", "10"),
            Err(ParameterError::NoSuch { .. })
        ));
    }
}
