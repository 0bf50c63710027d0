//! Names of policies, rules and parameters, checked against the policies that
//! are loaded. A name that is not there is an error: a waiver that names no
//! rule would be taken for one that waives.

use std::collections::{BTreeMap, BTreeSet};

use casefile_engine::description::{Description, Value};
use casefile_engine::finding::Severity;
use casefile_engine::rule_name::RuleName;
use casefile_engine::waiver::Waiver;
use toml::Spanned;

use crate::names::hint;
use crate::problem::{Finder, Problems, quoted};
use crate::read::{Document, Named};
use crate::{Configuration, WrittenWaiver};

/// What to do with names of policies that are not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// They are errors.
    Refused,
    /// They are left out: the user has chosen other policies than the file
    /// names.
    LeftOut,
}

impl Document {
    /// Checks all names against the policies that are loaded.
    ///
    /// # Errors
    /// All names that are not there, and parameters of another type.
    pub fn check(
        &self,
        policies: &[&Description],
        strangers: Strangers,
    ) -> Result<Configuration, Problems> {
        let mut checker = Checker {
            finder: Finder::new(&self.text),
            policies,
            strangers,
            left_out: BTreeSet::new(),
        };
        let configuration = Configuration {
            sources: self.sources.clone(),
            fail_on: self.fail_on,
            parameters: checker.parameters(&self.parameters),
            severity: checker.severity(self),
            waivers: checker.waivers(self),
            grants: checker.grants(&self.grants),
            left_out: checker.left_out.into_iter().collect(),
        };
        checker.finder.end(configuration)
    }
}

struct Checker<'a> {
    finder: Finder<'a>,
    policies: &'a [&'a Description],
    strangers: Strangers,
    left_out: BTreeSet<String>,
}

impl<'a> Checker<'a> {
    fn parameters(&mut self, all: &[Named<Value>]) -> BTreeMap<String, BTreeMap<String, Value>> {
        let mut checked: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for Named { policy, entries } in all {
            let Some(description) = self.policy(policy) else {
                continue;
            };
            let values = checked.entry(description.id.clone()).or_default();
            for (name, value) in entries {
                if self.parameter(description, name, value) {
                    values.insert(name.get_ref().clone(), value.get_ref().clone());
                }
            }
        }
        checked
    }

    /// Whether the policy takes this value for this parameter.
    fn parameter(
        &mut self,
        description: &Description,
        name: &Spanned<String>,
        value: &Spanned<Value>,
    ) -> bool {
        let id = &description.id;
        let mut parameters = description.parameters.iter();
        let Some(parameter) = parameters.find(|one| one.name == *name.get_ref()) else {
            let known = description.parameters.iter().map(|one| one.name.as_str());
            let message = format!(
                "policy {id} has no parameter {}; {}",
                quoted(name.get_ref()),
                hint(name.get_ref(), known)
            );
            self.finder.add(name.span(), &message);
            return false;
        };
        let (takes, given) = (kind(&parameter.default), kind(value.get_ref()));
        if takes != given {
            let name = name.get_ref();
            let message = format!("parameter {id}.{name} takes {takes}, not {given}");
            self.finder.add(value.span(), &message);
        }
        takes == given
    }

    fn severity(&mut self, document: &Document) -> BTreeMap<RuleName, Severity> {
        let mut checked = BTreeMap::new();
        for (written, severity) in &document.severity {
            let Some(rule) = self.rule(written) else {
                continue;
            };
            let shown = rule.to_string();
            if checked.insert(rule, *severity).is_some() {
                let message = format!("rule {shown} is given a severity twice");
                self.finder.add(written.span(), &message);
            }
        }
        checked
    }

    fn waivers(&mut self, document: &Document) -> Vec<WrittenWaiver> {
        let breaks = document.text.match_indices('\n').map(|(at, _)| at);
        let breaks: Vec<usize> = breaks.collect();
        let mut lines = BTreeMap::new();
        let mut checked: Vec<WrittenWaiver> = Vec::new();
        for text in &document.waivers {
            let Some(rule) = self.rule(&text.rule) else {
                continue;
            };
            let start = text.rule.span().start;
            let line = breaks.partition_point(|at| *at < start) + 1;
            let findings = (rule.clone(), &text.subject, &text.host, &text.outcomes);
            if let Some(other) = lines.insert(findings, line) {
                let message = format!("line {other} waives the same findings");
                self.finder.add(text.rule.span(), &message);
            }
            let waiver = Waiver {
                rule,
                subject: text.subject.clone(),
                host: text.host.clone(),
                outcomes: text.outcomes.clone(),
                reason: text.reason.clone(),
                until: text.until,
            };
            checked.push(WrittenWaiver { waiver, line });
        }
        checked
    }

    fn grants(&mut self, all: &[Named<bool>]) -> BTreeMap<String, BTreeMap<String, bool>> {
        let mut checked: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
        for Named { policy, entries } in all {
            let Some(description) = self.policy(policy) else {
                continue;
            };
            let grants = checked.entry(description.id.clone()).or_default();
            let entries = entries.iter();
            grants.extend(entries.map(|(name, value)| (name.get_ref().clone(), *value.get_ref())));
        }
        checked
    }

    fn policy(&mut self, written: &Spanned<String>) -> Option<&'a Description> {
        let name = written.get_ref();
        let found = self.policies.iter().find(|policy| policy.id == *name);
        if found.is_none() {
            let known = self.policies.iter().map(|policy| policy.id.as_str());
            let message = format!("there is no policy {}; {}", quoted(name), hint(name, known));
            self.stranger(written.span(), name, message);
        }
        found.copied()
    }

    /// The rule that `POLICY/RULE` names, or `RULE` where one policy has it.
    fn rule(&mut self, written: &Spanned<String>) -> Option<RuleName> {
        let name = written.get_ref();
        if let Some((policy, rule)) = name.split_once('/') {
            let policy = Spanned::new(written.span(), policy.to_owned());
            return self.rule_of(&policy, rule);
        }
        let found: Vec<RuleName> = self
            .rules()
            .filter(|(_, code)| code == name)
            .map(|(policy, code)| RuleName::new(policy, code))
            .collect();
        match found.as_slice() {
            [] => {
                let known = self.rules().map(|(_, code)| code);
                let message = format!("there is no rule {}; {}", quoted(name), hint(name, known));
                self.stranger(written.span(), name, message);
                None
            }
            [rule] => Some(rule.clone()),
            several => {
                let names: Vec<String> = several.iter().map(RuleName::to_string).collect();
                let message = format!(
                    "several policies have a rule {}; write one of {}",
                    quoted(name),
                    names.join(", ")
                );
                self.finder.add(written.span(), &message);
                None
            }
        }
    }

    fn rule_of(&mut self, policy: &Spanned<String>, code: &str) -> Option<RuleName> {
        let description = self.policy(policy)?;
        if description.rules.iter().any(|rule| rule.code == code) {
            return Some(RuleName::new(&description.id, code));
        }
        let known = description.rules.iter().map(|rule| rule.code.as_str());
        let message = format!(
            "policy {} has no rule {}; {}",
            description.id,
            quoted(code),
            hint(code, known)
        );
        self.finder.add(policy.span(), &message);
        None
    }

    fn rules(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let policies = self.policies.iter();
        policies.flat_map(|policy| {
            let rules = policy.rules.iter();
            rules.map(|rule| (policy.id.as_str(), rule.code.as_str()))
        })
    }

    fn stranger(&mut self, span: std::ops::Range<usize>, name: &str, message: String) {
        match self.strangers {
            Strangers::Refused => self.finder.add(span, &message),
            Strangers::LeftOut => {
                self.left_out.insert(name.to_owned());
            }
        }
    }
}

/// The type of a value as TOML has it.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Boolean(_) => "true or false",
        Value::Integer(_) => "a whole number",
        Value::Text(_) => "text",
        Value::Texts(_) => "an array of texts",
    }
}
