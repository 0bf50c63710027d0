//! The languages that policies are written in: each has a template for new
//! projects, and a driver that makes a component by the language's own tool.
//! One file for each.

mod c;
mod go;
mod javascript;
mod python;
mod rego;
mod rust;

use std::path::PathBuf;

use serde::Deserialize;

use self::javascript::Dialect;
use crate::component::ComponentError;
use crate::project::Project;
use crate::template::TemplateFile;
use crate::tool::ToolError;

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

/// Components of Casefile that others are made with. What a build of the
/// program does not carry is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    /// The interpreter for JavaScript.
    pub javascript: Option<&'a [u8]>,
    /// The interpreter for Rego.
    pub rego: Option<&'a [u8]>,
    /// The inert WASI preview 2.
    pub preview2: Option<&'a [u8]>,
}

/// Why a project has not become a component.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The language's tool.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// What it has made.
    #[error("what was compiled is no policy: {0}")]
    Component(#[from] ComponentError),
    /// What it has made exports nothing.
    #[error("what was compiled exports nothing; a policy exports describe and evaluate")]
    Empty,
    /// A file can't be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// This build of the program lacks a part.
    #[error("this build of casefile carries no {0}")]
    Part(&'static str),
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

    /// The files of a new project.
    pub(crate) fn template(self) -> Vec<TemplateFile> {
        match self {
            Self::Go => go::template(),
            Self::Python => python::template(),
            Self::Rust => rust::template(),
            Self::C => c::template(),
            Self::Js => javascript::template(Dialect::JavaScript),
            Self::Ts => javascript::template(Dialect::TypeScript),
            Self::Rego => rego::template(),
        }
    }

    /// Makes the component of a project.
    ///
    /// # Errors
    /// The language's tool is missing or fails, or what it makes is no policy.
    pub fn build(self, project: &Project, parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
        match self {
            Self::Go => go::build(project),
            Self::Python => python::build(project, parts),
            Self::Rust => rust::build(project),
            Self::C => c::build(project),
            Self::Js => javascript::build(project, Dialect::JavaScript, parts),
            Self::Ts => javascript::build(project, Dialect::TypeScript, parts),
            Self::Rego => rego::build(project, parts),
        }
    }
}
