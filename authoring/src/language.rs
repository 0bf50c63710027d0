//! The languages that policies are written in, by their names on the command
//! line and in `policy.toml`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Go.
    Go,
    /// Python.
    Python,
    /// Rust.
    Rust,
    /// C.
    C,
    /// JavaScript.
    Js,
    /// TypeScript.
    Ts,
    /// Rego.
    Rego,
}

impl Language {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::Rust,
        Self::Go,
        Self::Python,
        Self::Js,
        Self::Ts,
        Self::C,
        Self::Rego,
    ];

    /// Its name on the command line and in `policy.toml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::C => "c",
            Self::Js => "js",
            Self::Ts => "ts",
            Self::Rego => "rego",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// No language has this name.
#[derive(Debug, thiserror::Error)]
#[error("one of {}", Language::ALL.map(Language::as_str).join(", "))]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == name)
            .ok_or(UnknownLanguage)
    }
}
