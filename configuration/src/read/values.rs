//! Values of TOML by their types, with what is wrong told where it stands.

use casefile_engine::finding::Severity;
use casefile_engine::timestamp;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::{Item, Reader, entry, is_blank};
use crate::names::hint;
use crate::problem::quoted;

/// Seconds from the first to the last of a day.
const REST_OF_A_DAY: i64 = 86_399;

impl Reader<'_> {
    /// Tells of keys that are not among these.
    pub(super) fn keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let hint = hint(name, known.iter().copied());
                let message = format!("there is no key {} here; {hint}", quoted(name));
                self.finder.add(key.span(), &message);
            }
        }
    }

    /// Tells of a value of another type than the one that is taken.
    pub(super) fn wrong(&mut self, what: &str, takes: &str, value: &Item<'_>) {
        let message = format!("{what} takes {takes}, not {}", kind(value.get_ref()));
        self.finder.add(value.span(), &message);
    }

    /// The value of a key that has to be there.
    pub(super) fn required<'t, 'i>(
        &mut self,
        item: &Item<'_>,
        table: &'t DeTable<'i>,
        key: &str,
    ) -> Option<&'t Item<'i>> {
        let found = entry(table, key);
        if found.is_none() {
            self.finder
                .add(item.span(), &format!("this waiver has no {key}"));
        }
        found
    }

    /// The table of a key, if it is there.
    pub(super) fn table<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        key: &str,
    ) -> Option<&'t DeTable<'i>> {
        let value = entry(table, key)?;
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong(key, "a table", value);
        None
    }

    pub(super) fn boolean(&mut self, what: &str, value: &Item<'_>) -> Option<bool> {
        if let DeValue::Boolean(value) = value.get_ref() {
            return Some(*value);
        }
        self.wrong(what, "true or false", value);
        None
    }

    pub(super) fn integer(&mut self, what: &str, value: &Item<'_>) -> Option<i64> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong(what, "a whole number", value);
            return None;
        };
        let read = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if read.is_none() {
            let message = format!("{what} takes a whole number of 64 bits; this is too large");
            self.finder.add(value.span(), &message);
        }
        read
    }

    /// Text that is not blank.
    pub(super) fn filled(&mut self, what: &str, value: &Item<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if is_blank(text) => {
                self.finder.add(value.span(), &format!("{what} is blank"));
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(what, "text", value);
                None
            }
        }
    }

    /// An array of texts.
    pub(super) fn strings(&mut self, what: &str, value: &Item<'_>) -> Option<Vec<Spanned<String>>> {
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong(what, "an array of texts", value);
            return None;
        };
        let mut texts = Some(Vec::new());
        for item in array {
            match (item.get_ref(), &mut texts) {
                (DeValue::String(text), Some(texts)) => {
                    texts.push(Spanned::new(item.span(), text.to_string()));
                }
                (DeValue::String(_), None) => {}
                (other, _) => {
                    let message = format!("{what} takes texts here, not {}", kind(other));
                    self.finder.add(item.span(), &message);
                    texts = None;
                }
            }
        }
        texts
    }

    /// An array of texts that differ; none of them where it is something else.
    pub(super) fn texts(&mut self, what: &str, value: &Item<'_>) -> Vec<Spanned<String>> {
        let texts = self.strings(what, value).unwrap_or_default();
        let mut seen = std::collections::BTreeSet::new();
        for text in &texts {
            if !seen.insert(text.get_ref()) {
                let message = format!("{} is named twice", quoted(text.get_ref()));
                self.finder.add(text.span(), &message);
            }
        }
        texts
    }

    pub(super) fn severity(&mut self, what: &str, value: &Item<'_>) -> Option<Severity> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(what, "the name of a severity", value);
            return None;
        };
        let mut known = Severity::ALL.into_iter();
        let found = known.find(|severity| severity.as_str() == text);
        if found.is_none() {
            let message = if text == "off" {
                "a rule can't be turned off; a waiver takes its findings out, \
                 with a reason and an end"
                    .to_owned()
            } else {
                let hint = hint(text, Severity::ALL.map(Severity::as_str));
                format!("there is no severity {}; {hint}", quoted(text))
            };
            self.finder.add(value.span(), &message);
        }
        found
    }

    /// The last second of a day, or of what lasts until a time.
    pub(super) fn end(&mut self, what: &str, value: &Item<'_>) -> Option<i64> {
        let takes = "a date (2027-03-31) or a time with its offset (2027-03-31T12:00:00Z)";
        let DeValue::Datetime(time) = value.get_ref() else {
            let takes = match value.get_ref() {
                DeValue::String(_) => format!("{takes} without quotation marks"),
                _ => takes.to_owned(),
            };
            self.wrong(what, &takes, value);
            return None;
        };
        let seconds = match time {
            Datetime {
                date: Some(date),
                time: None,
                offset: None,
            } => timestamp::parse(&date.to_string()).map(|first| first + REST_OF_A_DAY),
            Datetime {
                date: Some(date),
                time: Some(time),
                offset: Some(offset),
            } => {
                let (hour, minute) = (time.hour, time.minute);
                let second = time.second.unwrap_or(0);
                let text = format!("{date}T{hour:02}:{minute:02}:{second:02}{offset}");
                timestamp::parse(&text)
            }
            _ => {
                self.wrong(what, takes, value);
                return None;
            }
        };
        // An offset may lead out of the years that can be written.
        let seconds = seconds.filter(|seconds| !timestamp::rfc3339(*seconds).starts_with('@'));
        if seconds.is_none() {
            self.finder.add(value.span(), "there is no such time");
        }
        seconds
    }
}

/// The type of a value, for messages.
pub(super) const fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
