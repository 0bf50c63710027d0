//! The languages that policies are written in, by their names on the command
//! line and in `policy.toml`.

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
