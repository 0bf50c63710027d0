//! What a configuration comes to, as a configuration: defaults and whole
//! names written out. Read again it gives the same.

use casefile_engine::description::Value;
use casefile_engine::timestamp;
use toml::{Table, Value as Toml};

use crate::{Configuration, FAIL_ON, TrustedKey, WrittenWaiver};

impl Configuration {
    /// The effective content as TOML; keys in alphabetical order.
    #[must_use]
    pub fn effective(&self) -> String {
        let sources = &self.sources;
        let keys = sources.trusted_keys.iter().map(|key| match key {
            TrustedKey::Text(text) | TrustedKey::File(text) => text.clone(),
        });
        let fail_on = self.fail_on.unwrap_or(FAIL_ON).as_str();
        let mut table = Table::new();
        for (key, value) in [
            ("packs", texts(sources.packs.iter().cloned())),
            ("built-in", Toml::Boolean(sources.built_in)),
            ("trusted-keys", texts(keys)),
            (
                "require-signature",
                Toml::Boolean(sources.require_signature),
            ),
            ("fail-on", Toml::String(fail_on.to_owned())),
        ] {
            table.insert(key.to_owned(), value);
        }
        let severity = self.severity.iter();
        let severity =
            severity.map(|(rule, severity)| (rule.to_string(), Toml::from(severity.as_str())));
        let parameters = self.parameters.iter().map(|(policy, values)| {
            let values = values
                .iter()
                .map(|(name, value)| (name.clone(), toml(value)));
            (policy.clone(), Toml::Table(values.collect()))
        });
        let grants = self.grants.iter().map(|(policy, grants)| {
            let grants = grants.iter();
            let grants = grants.map(|(name, granted)| (name.clone(), Toml::Boolean(*granted)));
            (policy.clone(), Toml::Table(grants.collect()))
        });
        for (key, tables) in [
            ("parameters", parameters.collect::<Table>()),
            ("severity", severity.collect()),
            ("grants", grants.collect()),
        ] {
            if !tables.is_empty() {
                table.insert(key.to_owned(), Toml::Table(tables));
            }
        }
        if !self.waivers.is_empty() {
            let waivers = self.waivers.iter().map(waiver).collect();
            table.insert("waivers".to_owned(), Toml::Array(waivers));
        }
        table.to_string()
    }
}

fn waiver(written: &WrittenWaiver) -> Toml {
    let waiver = &written.waiver;
    let outcomes = waiver.outcomes.iter().map(|one| one.as_str().to_owned());
    let until = timestamp::rfc3339(waiver.until);
    let mut table = Table::new();
    table.insert("rule".to_owned(), Toml::String(waiver.rule.to_string()));
    for (key, pattern) in [("subject", &waiver.subject), ("host", &waiver.host)] {
        if let Some(pattern) = pattern {
            table.insert(key.to_owned(), Toml::String(pattern.clone()));
        }
    }
    table.insert("outcomes".to_owned(), texts(outcomes));
    table.insert("reason".to_owned(), Toml::String(waiver.reason.clone()));
    // Every time that was read is one of TOML's.
    let until = until.parse().map_or(Toml::String(until), Toml::Datetime);
    table.insert("until".to_owned(), until);
    Toml::Table(table)
}

fn texts(texts: impl Iterator<Item = String>) -> Toml {
    Toml::Array(texts.map(Toml::String).collect())
}

fn toml(value: &Value) -> Toml {
    match value {
        Value::Boolean(value) => Toml::Boolean(*value),
        Value::Integer(value) => Toml::Integer(*value),
        Value::Text(value) => Toml::String(value.clone()),
        Value::Texts(values) => texts(values.iter().cloned()),
    }
}
