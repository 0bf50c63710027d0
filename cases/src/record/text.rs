//! The words and values of a case as a person would write them: texts over
//! several lines, and files beside the case for what is no text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use casefile_snapshot::{EvidenceKey, Kind};
use toml::Value;

/// Columns of a list; a longer one has a line for each value.
const COLUMNS: usize = 100;

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

/// What an item's table is called.
pub(crate) fn heading(key: &EvidenceKey) -> String {
    let table = match key.kind {
        Kind::Raw => "evidence",
        kind => kind.name(),
    };
    format!("{table}.{}", quoted(key.path.as_str()))
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
