//! From text to what a configuration says, names of policies, rules and
//! parameters still to be checked. Keys and types are strict: what is not
//! documented is an error, never passed over.

mod values;

use casefile_engine::description::Value;
use casefile_engine::finding::Severity;
use casefile_engine::sandbox::Interface;
use casefile_engine::waiver::Waivable;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::names::hint;
use crate::problem::{Finder, Problems, quoted};
use crate::{Sources, TrustedKey};

/// A configuration whose names of policies, rules and parameters are still to
/// be checked.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) text: String,
    pub(crate) sources: Sources,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) parameters: Vec<Named<Value>>,
    pub(crate) severity: Vec<(Spanned<String>, Severity)>,
    pub(crate) waivers: Vec<WaiverText>,
    pub(crate) grants: Vec<Named<bool>>,
}

/// What is said about one policy, by name.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    pub(crate) policy: Spanned<String>,
    pub(crate) entries: Vec<(Spanned<String>, Spanned<T>)>,
}

/// A waiver whose rule is still to be checked.
#[derive(Clone, Debug)]
pub(crate) struct WaiverText {
    pub(crate) rule: Spanned<String>,
    pub(crate) subject: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) outcomes: Vec<Waivable>,
    pub(crate) reason: String,
    pub(crate) until: i64,
}

/// Keys of the file itself.
const KEYS: [&str; 9] = [
    "packs",
    "built-in",
    "trusted-keys",
    "require-signature",
    "fail-on",
    "parameters",
    "severity",
    "waivers",
    "grants",
];

/// Keys of a waiver.
const WAIVER_KEYS: [&str; 6] = ["rule", "subject", "host", "outcomes", "reason", "until"];

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// All that is wrong with it, names of policies, rules and parameters
    /// left out.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let mut reader = Reader {
            finder: Finder::new(text),
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        let nothing = DeTable::new();
        // What is made of a text that is no TOML may be anything.
        let table = if errors.is_empty() {
            table.get_ref()
        } else {
            &nothing
        };
        for error in errors {
            let span = error.span().unwrap_or(text.len()..text.len());
            reader.finder.add(span, error.message());
        }
        let document = reader.document(text, table);
        reader.finder.end(document)
    }

    /// What to judge by, and whom to trust.
    #[must_use]
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The least severity whose failures make a check fail, if the file says.
    #[must_use]
    pub const fn fail_on(&self) -> Option<Severity> {
        self.fail_on
    }
}

/// Reads values, and gathers what is wrong with them.
struct Reader<'a> {
    finder: Finder<'a>,
}

impl Reader<'_> {
    fn document(&mut self, text: &str, table: &DeTable<'_>) -> Document {
        self.keys(table, &KEYS);
        Document {
            text: text.to_owned(),
            sources: self.sources(table),
            fail_on: entry(table, "fail-on").and_then(|value| self.severity("fail-on", value)),
            parameters: self.named(table, "parameters", Reader::parameter),
            severity: self.severities(table),
            waivers: self.waivers(table),
            grants: self.grants(table),
        }
    }

    fn sources(&mut self, table: &DeTable<'_>) -> Sources {
        let packs = entry(table, "packs").map(|value| self.texts("packs", value));
        let packs = packs.unwrap_or_default();
        for pack in packs.iter().filter(|pack| is_blank(pack.get_ref())) {
            self.finder
                .add(pack.span(), "a pack is the name of a file or folder");
        }
        let packs: Vec<String> = packs.into_iter().map(Spanned::into_inner).collect();
        let mut boolean = |key| entry(table, key).and_then(|value| self.boolean(key, value));
        let built_in = boolean("built-in").unwrap_or(packs.is_empty());
        let require_signature = boolean("require-signature").unwrap_or(false);
        Sources {
            built_in,
            packs,
            trusted_keys: self.trusted_keys(table),
            require_signature,
        }
    }

    fn trusted_keys(&mut self, table: &DeTable<'_>) -> Vec<TrustedKey> {
        let keys = entry(table, "trusted-keys").map(|value| self.texts("trusted-keys", value));
        let mut trusted = Vec::new();
        for key in keys.unwrap_or_default() {
            let span = key.span();
            let text = key.into_inner();
            if text.ends_with(".pub") && text != ".pub" {
                trusted.push(TrustedKey::File(text));
            } else if is_public_key(&text) {
                trusted.push(TrustedKey::Text(text));
            } else {
                let message = format!(
                    "{} is no minisign public key (56 characters that begin with RW), \
                     and no name of a file that ends in .pub",
                    quoted(&text)
                );
                self.finder.add(span, &message);
            }
        }
        trusted
    }

    fn parameter(&mut self, _: &Spanned<String>, value: &Item<'_>) -> Option<Value> {
        match value.get_ref() {
            DeValue::Boolean(value) => Some(Value::Boolean(*value)),
            DeValue::Integer(_) => self.integer("a parameter", value).map(Value::Integer),
            DeValue::String(text) => Some(Value::Text(text.to_string())),
            DeValue::Array(_) => {
                let texts = self.strings("a parameter", value)?;
                Some(Value::Texts(
                    texts.into_iter().map(Spanned::into_inner).collect(),
                ))
            }
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
                let takes = "true or false, a whole number, text or an array of texts";
                self.wrong("a parameter", takes, value);
                None
            }
        }
    }

    fn severities(&mut self, table: &DeTable<'_>) -> Vec<(Spanned<String>, Severity)> {
        let Some(rules) = self.table(table, "severity") else {
            return Vec::new();
        };
        let severities = rules.iter().filter_map(|(rule, value)| {
            let severity = self.severity("a severity", value)?;
            Some((owned(rule), severity))
        });
        severities.collect()
    }

    fn waivers(&mut self, table: &DeTable<'_>) -> Vec<WaiverText> {
        let Some(value) = entry(table, "waivers") else {
            return Vec::new();
        };
        let DeValue::Array(waivers) = value.get_ref() else {
            self.wrong("waivers", "tables, each under [[waivers]]", value);
            return Vec::new();
        };
        waivers
            .iter()
            .filter_map(|waiver| self.waiver(waiver))
            .collect()
    }

    fn waiver(&mut self, item: &Item<'_>) -> Option<WaiverText> {
        let DeValue::Table(table) = item.get_ref() else {
            self.wrong("a waiver", "a table", item);
            return None;
        };
        self.keys(table, &WAIVER_KEYS);
        let rule = self.required(item, table, "rule").and_then(|value| {
            let rule = self.filled("rule", value)?;
            Some(Spanned::new(value.span(), rule))
        });
        let reason = self.required(item, table, "reason");
        let reason = reason.and_then(|value| self.filled("reason", value));
        let until = self.required(item, table, "until");
        let until = until.and_then(|value| self.end("until", value));
        let mut pattern = |key| entry(table, key).map(|value| self.filled(key, value));
        let (subject, host) = (pattern("subject"), pattern("host"));
        let outcomes = match entry(table, "outcomes") {
            Some(value) => self.outcomes(value),
            None => vec![Waivable::Fail],
        };
        Some(WaiverText {
            rule: rule?,
            subject: subject.flatten(),
            host: host.flatten(),
            outcomes,
            reason: reason?,
            until: until?,
        })
    }

    fn outcomes(&mut self, value: &Item<'_>) -> Vec<Waivable> {
        let texts = self.texts("outcomes", value);
        if texts.is_empty() && matches!(value.get_ref(), DeValue::Array(array) if array.is_empty())
        {
            self.finder
                .add(value.span(), "outcomes names at least one outcome");
        }
        let mut outcomes = Vec::new();
        for text in texts {
            let found = Waivable::ALL
                .into_iter()
                .find(|one| one.as_str() == text.get_ref());
            match found {
                Some(outcome) => outcomes.push(outcome),
                None => {
                    let message = format!(
                        "{} can't be waived; there are: {}",
                        quoted(text.get_ref()),
                        Waivable::ALL.map(Waivable::as_str).join(", ")
                    );
                    self.finder.add(text.span(), &message);
                }
            }
        }
        outcomes.sort_unstable();
        outcomes
    }

    fn grants(&mut self, table: &DeTable<'_>) -> Vec<Named<bool>> {
        self.named(table, "grants", |reader, interface, value| {
            let mut known = Interface::ALL
                .into_iter()
                .filter(|known| known.is_permission())
                .map(Interface::as_str);
            if !known.clone().any(|known| known == interface.get_ref()) {
                let message = format!(
                    "there is no interface {}; {}",
                    quoted(interface.get_ref()),
                    hint(interface.get_ref(), known.by_ref())
                );
                reader.finder.add(interface.span(), &message);
            }
            reader.boolean("a grant", value)
        })
    }

    /// Tables by policy, such as `[parameters.limits]`.
    fn named<T>(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        read: impl Fn(&mut Self, &Spanned<String>, &Item<'_>) -> Option<T>,
    ) -> Vec<Named<T>> {
        let Some(policies) = self.table(table, key) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for (policy, value) in policies {
            let DeValue::Table(entries) = value.get_ref() else {
                let name = policy.get_ref();
                let message = format!(
                    "{key} stand in a table for each policy, such as [{key}.limits]; \
                     {} is {}",
                    quoted(name),
                    values::kind(value.get_ref())
                );
                self.finder.add(policy.span(), &message);
                continue;
            };
            let entries = entries.iter().filter_map(|(name, value)| {
                let name = owned(name);
                let read = read(self, &name, value)?;
                Some((name, Spanned::new(value.span(), read)))
            });
            all.push(Named {
                entries: entries.collect(),
                policy: owned(policy),
            });
        }
        all
    }
}

type Item<'i> = Spanned<DeValue<'i>>;

/// The value of a key, if it is there.
fn entry<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t Item<'i>> {
    let found = table.iter().find(|(other, _)| other.get_ref() == key);
    found.map(|(_, value)| value)
}

fn owned(key: &Spanned<toml::de::DeString<'_>>) -> Spanned<String> {
    Spanned::new(key.span(), key.get_ref().to_string())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Base64 of the algorithm `Ed`, eight bytes of the key's id, and the Ed25519
/// key (minisign's format).
fn is_public_key(text: &str) -> bool {
    let bytes = data_encoding::BASE64.decode(text.as_bytes());
    bytes.is_ok_and(|bytes| bytes.len() == 42 && bytes.starts_with(b"Ed"))
}
