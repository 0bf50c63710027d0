//! The languages that policies are written in, by their names in folders and
//! on the command line.

use std::fmt;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Rust
    Rust,
    /// Go, from a Python package
    Go,
    /// Python, by componentize-py
    Python,
    /// JavaScript
    Js,
    /// TypeScript, by esbuild
    Ts,
    /// C, by zig
    C,
    /// Rego
    Rego,
}

impl Language {
    /// All.
    pub(crate) const ALL: [Self; 7] = [
        Self::Rust,
        Self::Go,
        Self::Python,
        Self::Js,
        Self::Ts,
        Self::C,
        Self::Rego,
    ];
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rust => "rust",
            Self::Go => "go",
            Self::Python => "python",
            Self::Js => "js",
            Self::Ts => "ts",
            Self::C => "c",
            Self::Rego => "rego",
        })
    }
}
