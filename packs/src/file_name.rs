//! Names of files inside a pack. They are a subset of what any system takes
//! for a name, so that no name climbs, hides or moves a terminal's cursor.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits;

/// A name without a folder: ASCII letters, digits, `.`, `_` and `-`, a letter
/// or digit first, at most [`limits::NAME_BYTES`] of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(Box<str>);

/// The text is no name of a file in a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} can't be the name of a file in a pack: letters, digits, '.', '_' and '-', a letter or digit first, {limit} bytes at most",
    limit = limits::NAME_BYTES
)]
pub struct FileNameError(String);

impl FileName {
    /// Takes a name.
    ///
    /// # Errors
    /// It has another shape.
    pub fn new(text: &str) -> Result<Self, FileNameError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let begins = text
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphanumeric());
        if begins && text.len() <= limits::NAME_BYTES && text.bytes().all(plain) {
            Ok(Self(text.into()))
        } else {
            Err(FileNameError(
                text.chars().take(limits::NAME_BYTES).collect(),
            ))
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for FileName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_shape() {
        for name in ["a", "A.md", "0-9_x.tar.gz", &"n".repeat(limits::NAME_BYTES)] {
            assert!(FileName::new(name).is_ok(), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            ".hidden",
            "-x",
            "a/b",
            "a\\b",
            "a b",
            "a\n",
            "\u{e4}",
            &"n".repeat(limits::NAME_BYTES + 1),
        ] {
            assert!(FileName::new(name).is_err(), "{name}");
        }
    }
}
