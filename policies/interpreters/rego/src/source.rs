//! A script that was parsed: its package, and the definitions in it with the
//! places where they stand.

use std::ops::Range;

use regorus::Engine;
use regorus::unstable::{Expr, Rule, RuleHead};

use crate::annotations::{self, Annotation};
use crate::builtins;
use crate::problem::Problem;

/// A parsed script.
pub(crate) struct Source {
    /// The name of its file.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// It is written for OPA before 1.0: rules without `if` and `contains`.
    pub(crate) is_old: bool,
    /// The components of its package.
    pub(crate) package: Vec<String>,
    /// The line of its package.
    pub(crate) package_line: u32,
    /// Everything that it defines, in order.
    pub(crate) definitions: Vec<Definition>,
    /// What METADATA says, in order.
    pub(crate) annotations: Vec<Annotation>,
}

/// One definition: a rule of that name may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Its name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) name_at: usize,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// Its bytes, up to where the next one begins.
    pub(crate) range: Range<usize>,
    /// It is a function, or gives the default.
    pub(crate) is_no_rule: bool,
}

/// An engine with one script, for as long as it is judged.
pub(crate) fn engine(name: &str, text: &str, is_old: bool) -> anyhow::Result<Engine> {
    let mut engine = Engine::new();
    engine.set_rego_v0(is_old);
    builtins::add(&mut engine)?;
    engine.add_policy(name.to_owned(), text.to_owned())?;
    Ok(engine)
}

impl Source {
    /// Parses a script as OPA 1.0 writes it, else as it was written before.
    /// The attempt that comes further says what is wrong.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let of_engine = |error: anyhow::Error| Problem::of_engine(&error);
        match engine(name, text, false).map_err(of_engine) {
            Ok(engine) => Self::of(name, text, false, engine),
            Err(new) => match engine(name, text, true).map_err(of_engine) {
                Ok(engine) => Self::of(name, text, true, engine),
                Err(old) if old.position() > new.position() => Err(old),
                Err(_) => Err(new),
            },
        }
    }

    fn of(name: &str, text: &str, is_old: bool, mut engine: Engine) -> Result<Self, Problem> {
        let packages = engine
            .get_policy_package_components()
            .map_err(|error| Problem::of_engine(&error))?;
        let package = packages.into_iter().next();
        let modules = engine.get_modules();
        let module = modules
            .first()
            .ok_or_else(|| Problem::new("there is nothing in it"))?;
        let mut definitions: Vec<Definition> = module
            .policy
            .iter()
            .filter_map(|rule| definition(rule))
            .collect();
        let ends: Vec<usize> = definitions
            .iter()
            .skip(1)
            .map(|definition| definition.range.start)
            .chain([text.len()])
            .collect();
        for (definition, end) in definitions.iter_mut().zip(ends) {
            definition.range.end = end;
        }
        Ok(Self {
            annotations: annotations::of(name, text)?,
            package_line: module.package.span.line,
            package: package
                .map(|package| package.components)
                .unwrap_or_default(),
            name: name.to_owned(),
            text: text.to_owned(),
            is_old,
            definitions,
        })
    }

    /// The text with only some of the definitions: what is left out becomes
    /// blanks, so that every place stays where it is.
    pub(crate) fn text_with(&self, wanted: impl Fn(&Definition) -> bool) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for definition in &self.definitions {
            text.push_str(self.text.get(at..definition.range.start).unwrap_or(""));
            let own = self.text.get(definition.range.clone()).unwrap_or("");
            if wanted(definition) {
                text.push_str(own);
            } else {
                text.extend(own.chars().map(|letter| match letter {
                    '\n' => '\n',
                    _ => ' ',
                }));
            }
            at = definition.range.end;
        }
        text.push_str(self.text.get(at..).unwrap_or(""));
        text
    }

    /// The path of a rule in the engine: `data.a["b-c"].deny`.
    pub(crate) fn path(&self, rule: &str) -> String {
        let mut path = "data".to_owned();
        for component in &self.package {
            let is_plain = component
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if is_plain && !component.starts_with(|first: char| first.is_ascii_digit()) {
                path.push('.');
                path.push_str(component);
            } else {
                path.push_str(&format!("[{component:?}]"));
            }
        }
        format!("{path}.{rule}")
    }

    /// Line and column of a place in the text, from 1.
    pub(crate) fn position(&self, at: usize) -> (u32, u32) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (number(line), number(column))
    }

    /// A problem at a place in the text.
    pub(crate) fn problem(&self, at: usize, text: impl std::fmt::Display) -> Problem {
        let (line, column) = self.position(at);
        Problem::at(&self.name, line, column, text)
    }
}

fn definition(rule: &Rule) -> Option<Definition> {
    let (span, refr, is_no_rule) = match rule {
        Rule::Spec { span, head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } => (span, refr, false),
            RuleHead::Func { refr, .. } => (span, refr, true),
        },
        Rule::Default { span, refr, .. } => (span, refr, true),
    };
    let mut root: &Expr = refr;
    let name = loop {
        match root {
            Expr::Var { span, .. } => break span,
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root = refr,
            _ => return None,
        }
    };
    let start = usize::try_from(span.start).ok()?;
    Some(Definition {
        name: name.text().to_owned(),
        name_at: usize::try_from(name.start).ok()?,
        line: span.line,
        range: start..start,
        is_no_rule,
    })
}
