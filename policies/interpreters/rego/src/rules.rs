//! The rules of a script: its definitions of `deny`, `violation`, `warn` and
//! `finding`, put together by their codes.

use std::collections::BTreeSet;

use casefile_interpreter_facts::Severity;

use crate::annotations::{Annotation, Content, Custom, Scope};
use crate::problem::Problem;
use crate::source::{Definition, Source};
use crate::tokens::{Token, tokens};
use crate::wants::{Keys, Wants};

/// What the results of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `deny` or `violation`: failures.
    Deny,
    /// `warn`: failures of low severity.
    Warn,
    /// `finding`: findings of any outcome, as the contract has them.
    Finding,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let is = |kind: &str| {
            let rest = name.strip_prefix(kind);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        if is("deny") || is("violation") {
            Some(Self::Deny)
        } else if is("warn") {
            Some(Self::Warn)
        } else {
            is("finding").then_some(Self::Finding)
        }
    }

    /// How much a failure matters where nothing is said.
    pub(crate) const fn severity(self) -> Severity {
        match self {
            Self::Warn => Severity::Low,
            Self::Deny | Self::Finding => Severity::High,
        }
    }
}

/// One rule of the policy.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) code: String,
    /// Of the first definition.
    pub(crate) kind: Kind,
    /// The names in the script, in order.
    pub(crate) names: Vec<String>,
    /// What METADATA says: of the definition, of all of its name, and of the
    /// package, in this order.
    pub(crate) notes: Vec<Content>,
}

impl Rule {
    /// The first note that says something.
    pub(crate) fn said<T>(&self, what: impl Fn(&Content) -> Option<T>) -> Option<T> {
        self.notes.iter().find_map(what)
    }

    /// The same of what is under `custom`.
    pub(crate) fn custom<T>(&self, what: impl Fn(&Custom) -> Option<T>) -> Option<T> {
        self.said(|note| note.custom.as_ref().and_then(&what))
    }
}

/// A script and its rules.
pub(crate) struct Rules {
    pub(crate) source: Source,
    /// What METADATA says of the package.
    pub(crate) package: Content,
    pub(crate) rules: Vec<Rule>,
    /// The code of each definition that belongs to a rule.
    codes: Vec<(Definition, String)>,
    /// Names that other parts of the script use.
    used: BTreeSet<String>,
}

impl Rules {
    /// Finds the rules of a script.
    pub(crate) fn of(source: Source) -> Result<Self, Problem> {
        let package = package_note(&source);
        let mut rules: Vec<Rule> = Vec::new();
        let mut codes = Vec::new();
        for definition in &source.definitions {
            let Some(kind) = Kind::of(&definition.name) else {
                continue;
            };
            if definition.is_no_rule {
                continue;
            }
            let notes = notes(&source, definition);
            let code = code(&notes, &definition.name);
            codes.push((definition.clone(), code.clone()));
            match rules.iter_mut().find(|rule| rule.code == code) {
                Some(rule) => {
                    if !rule.names.contains(&definition.name) {
                        rule.names.push(definition.name.clone());
                    }
                    rule.notes.extend(notes);
                }
                None => rules.push(Rule {
                    code,
                    kind,
                    names: vec![definition.name.clone()],
                    notes,
                }),
            }
        }
        if rules.is_empty() {
            return Err(source.problem(
                0,
                "there is no rule in it: none is called deny, violation, warn or finding, or \
                 begins with that and an underscore",
            ));
        }
        for rule in &mut rules {
            rule.notes.push(package.clone());
        }
        let used = used(&source);
        let rules = Self {
            used,
            source,
            package,
            rules,
            codes,
        };
        rules.check()?;
        Ok(rules)
    }

    /// Whether everything that the script names is there.
    fn check(&self) -> Result<(), Problem> {
        for (definition, code) in &self.codes {
            let others = self
                .codes
                .iter()
                .find(|(other, other_code)| other.name == definition.name && other_code != code);
            if self.used.contains(&definition.name) && others.is_some() {
                return Err(self.source.problem(
                    definition.name_at,
                    format!(
                        "{} is used by other rules, and its definitions have several codes: a rule \
                         that others use has one",
                        definition.name
                    ),
                ));
            }
        }
        for rule in &self.rules {
            let wants = self.wants(rule)?;
            if wants.keys("files") == Some(&Keys::All) {
                return Err(Problem::new(format!(
                    "{}: rule {} uses input.files without a path in quotes: name the paths in the \
                     METADATA, custom.needs: [{{files: [PATH]}}], or call casefile.files",
                    self.source.name, rule.code
                )));
            }
        }
        Ok(())
    }

    /// The text in which only one of the rules is left.
    pub(crate) fn text(&self, rule: &Rule) -> String {
        self.source.text_with(|definition| {
            // Tests are for `opa test`.
            if definition.name.starts_with("test_") || definition.name.starts_with("todo_test_") {
                return false;
            }
            let code = self.codes.iter().find(|(other, _)| other == definition);
            match code {
                Some((_, code)) => *code == rule.code || self.used.contains(&definition.name),
                None => true,
            }
        })
    }

    /// The facts that a rule names.
    pub(crate) fn wants(&self, rule: &Rule) -> Result<Wants, Problem> {
        let mut wants =
            Wants::of(&self.text(rule)).map_err(|(at, text)| self.source.problem(at, text))?;
        for note in &rule.notes {
            if let Some(needs) = note
                .custom
                .as_ref()
                .and_then(|custom| custom.needs.as_ref())
            {
                wants.add(needs);
            }
        }
        Ok(wants)
    }
}

/// Names of rules that stand elsewhere than at the head of a definition.
fn used(source: &Source) -> BTreeSet<String> {
    let text = source.text_with(|definition| !definition.name.starts_with("test_"));
    let heads: BTreeSet<usize> = source
        .definitions
        .iter()
        .map(|definition| definition.name_at)
        .collect();
    tokens(&text)
        .into_iter()
        .filter(|(at, _)| !heads.contains(at))
        .filter_map(|(_, token)| match token {
            Token::Word(word) | Token::Text(word) => Some(word.to_owned()),
            Token::Mark(_) => None,
        })
        .collect()
}

/// What METADATA before the package says of it.
fn package_note(source: &Source) -> Content {
    let mut notes = source.annotations.iter().filter(|annotation| {
        let is_before = annotation.last < source.package_line;
        match annotation.content.scope {
            Some(Scope::Package | Scope::Subpackages) => true,
            Some(_) => false,
            None => is_before,
        }
    });
    notes
        .next()
        .map(|annotation| annotation.content.clone())
        .unwrap_or_default()
}

/// The blocks that belong to a definition: its own, then those of its name.
fn notes(source: &Source, definition: &Definition) -> Vec<Content> {
    let follows = |annotation: &Annotation| {
        source
            .definitions
            .iter()
            .filter(|other| other.line > annotation.last)
            .min_by_key(|other| other.line)
            .filter(|_| annotation.last > source.package_line)
    };
    let own = source.annotations.iter().filter(|annotation| {
        matches!(annotation.content.scope, None | Some(Scope::Rule))
            && follows(annotation) == Some(definition)
    });
    let document = source.annotations.iter().filter(|annotation| {
        annotation.content.scope == Some(Scope::Document)
            && follows(annotation).is_some_and(|other| other.name == definition.name)
    });
    own.chain(document)
        .map(|annotation| annotation.content.clone())
        .collect()
}

/// The code that METADATA gives, else one made of the title or the name.
fn code(notes: &[Content], name: &str) -> String {
    let given = notes.iter().find_map(|note| {
        let custom = note.custom.as_ref();
        custom
            .and_then(|custom| custom.code.clone().or_else(|| custom.short_name.clone()))
            .or_else(|| note.short_name.clone())
    });
    given.unwrap_or_else(|| {
        let title = notes.iter().find_map(|note| note.title.as_deref());
        slug(title.unwrap_or(name))
    })
}

/// Lower-case words with hyphens.
pub(crate) fn slug(text: &str) -> String {
    let words = text
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}
