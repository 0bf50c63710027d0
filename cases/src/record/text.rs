//! Writes a case as a person would: one table for each item, texts over
//! several lines, files beside the case for what is no text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Interface, Policy};
use casefile_engine::timestamp;
use casefile_snapshot::{EvidenceId, EvidenceKey, Kind, Manifest, Source};
use toml::Value;

use super::Recorder;
use super::item::Frame;
use crate::Answer;
use crate::findings::Words;

/// Columns of a list; a longer one has a line for each value.
const COLUMNS: usize = 100;

/// A case, and the files that it names.
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
}

/// Files beside a case, in a folder of its name.
pub(crate) struct Beside {
    folder: String,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Beside {
    /// None yet.
    pub(crate) fn new(case: &Path) -> Self {
        let stem = case.file_stem().map(|stem| stem.to_string_lossy());
        Self {
            folder: stem.map_or_else(|| "case".to_owned(), |stem| stem.into_owned()),
            files: BTreeMap::new(),
        }
    }

    /// All of them, by what the case calls them.
    pub(crate) fn into_files(self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.files
    }

    /// Keeps a file's bytes; what the case calls it.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8]) -> String {
        /// Characters of the host's name that are kept.
        const CHARACTERS: usize = 60;
        let plain = |character: char| {
            if character.is_ascii_alphanumeric() || "._-".contains(character) {
                character
            } else {
                '_'
            }
        };
        let name: String = name.chars().take(CHARACTERS).map(plain).collect();
        let number = self.files.len() + 1;
        let path = format!("{}/{number}-{name}", self.folder);
        self.files.insert(PathBuf::from(&path), bytes.to_vec());
        path
    }
}

/// The case.
pub(crate) fn case(
    recorder: &Recorder<'_>,
    policy: &Policy,
    facts: &Arc<Facts>,
    answers: &[Answer],
    items: &BTreeSet<EvidenceId>,
    frame: &Frame,
) -> Written {
    let snapshot = facts.snapshot();
    let mut text = head(recorder, policy, snapshot.manifest(), answers);
    let mut beside = Beside::new(recorder.path);
    for id in items {
        let heading = heading(snapshot.key(*id));
        text.push_str(&frame.table(snapshot, *id, &heading, &mut beside));
    }
    // Writing to a String can't fail.
    for answer in answers {
        for finding in answer.given(facts) {
            text.push_str("\n[[findings]]\n");
            if answers.len() > 1 {
                let _ = writeln!(text, "rule = {}", quoted(&answer.rule));
            }
            for (name, words) in finding.words() {
                let words = match words {
                    Words::Text(text) => string(&text),
                    Words::List(texts) => list(&texts),
                };
                let _ = writeln!(text, "{name} = {words}");
            }
        }
    }
    Written {
        text,
        files: beside.into_files(),
    }
}

/// What an item's table is called.
pub(crate) fn heading(key: &EvidenceKey) -> String {
    let table = match key.kind {
        Kind::Raw => "evidence",
        kind => kind.name(),
    };
    format!("{table}.{}", quoted(key.path.as_str()))
}

/// All that stands before the items.
fn head(
    recorder: &Recorder<'_>,
    policy: &Policy,
    manifest: &Manifest,
    answers: &[Answer],
) -> String {
    let time = timestamp::rfc3339(manifest.clock.realtime_ns.div_euclid(1_000_000_000));
    let description = policy.description();
    let rules: Vec<String> = answers.iter().map(|answer| answer.rule.clone()).collect();
    let mut text = format!(
        "# Recorded: what policy {} read of a host, and what it found.\nrules = {}\ntime = {}\n",
        description.id,
        list(&rules),
        quoted(&time)
    );
    // Writing to a String can't fail.
    if let Some(as_of) = recorder.as_of {
        let _ = writeln!(text, "as_of = {}", quoted(&timestamp::rfc3339(as_of)));
    }
    if manifest.source == Source::Image {
        text.push_str("source = \"image\"\n");
    }
    let architecture = quoted(&manifest.host.architecture);
    let _ = writeln!(text, "architecture = {architecture}");
    text.push('\n');
    if !recorder.parameters.is_empty() {
        text.push_str("[parameters]\n");
        for (name, value) in recorder.parameters {
            let _ = writeln!(text, "{} = {}", quoted(name), string(value));
        }
    }
    // Without this interface no policy sees the programs.
    if policy.needs().contains(Interface::Elf) {
        for program in &manifest.programs {
            let path = quoted(program.path.as_str());
            let origins = list(&program.origins);
            let _ = writeln!(text, "[[programs]]\npath = {path}\norigins = {origins}");
        }
    }
    text
}

/// Whether a text can be read: it has no control characters but tabs and ends
/// of lines.
pub(crate) fn is_text(text: &str) -> bool {
    !text.chars().any(|character| {
        character.is_control() && character != '\n' && character != '\t' && character != '\r'
    })
}

/// A text: over several lines, if it has some.
pub(crate) fn string(text: &str) -> String {
    let plain = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    let literal = text.chars().all(plain) && !text.contains("'''") && !text.ends_with('\'');
    if text.contains('\n') && literal {
        format!("'''\n{text}'''")
    } else {
        quoted(text)
    }
}

/// A text in one line, between quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                // Writing to a String can't fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// A list of texts.
pub(crate) fn list(texts: &[String]) -> String {
    values(texts.iter().map(|text| quoted(text)).collect())
}

/// A value: a list over several lines where it is long, all else in one.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Array(array) => values(array.iter().map(inline).collect()),
        other => inline(other),
    }
}

fn values(values: Vec<String>) -> String {
    let length: usize = values.iter().map(|value| value.len() + 2).sum();
    if length <= COLUMNS {
        return format!("[{}]", values.join(", "));
    }
    let lines: String = values
        .iter()
        .map(|value| format!("    {value},\n"))
        .collect();
    format!("[\n{lines}]")
}

/// A value in one line.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(array) => {
            let values: Vec<String> = array.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => {
            let fields: Vec<String> = table
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), inline(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// A key: bare where it may be.
fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !name.is_empty() && name.bytes().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use proptest::prelude::*;
    use toml::{Table, Value};

    use super::{list, string, value};

    fn read(text: &str) -> Value {
        let table: Table = format!("x = {text}\n").parse().unwrap();
        table["x"].clone()
    }

    fn check(text: &str) {
        let wanted = Value::from(text);
        assert_eq!(read(&string(text)), wanted, "{text:?}");
        let many = vec![text.to_owned(); 40];
        assert_eq!(read(&list(&many)), Value::from(many), "{text:?}");
        let table: Table = [(text.to_owned(), wanted)].into_iter().collect();
        let nested = Value::Array(vec![Value::Table(table); 3]);
        assert_eq!(read(&value(&nested)), nested, "{text:?}");
    }

    #[test]
    fn texts_are_read_as_they_were() {
        for text in [
            "",
            "\n",
            "a\n",
            "\n\na",
            "a\r\nb\n",
            "it's\n'''\n",
            "ends\n'",
            "\"\"\"\n\\",
            "\u{1b}[1m",
            "\u{85}\u{7f}\n",
            "\u{feff}\n",
            "\ta\n",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was(text in "(?s)[a'\"\\\\\r\n\t\u{0}-\u{1f}\u{7f}-\u{9f}].{0,12}") {
            check(&text);
        }
    }
}
