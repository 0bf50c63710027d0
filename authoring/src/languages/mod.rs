//! The languages that policies are written in: each has a template for new
//! projects, and a driver that makes a component by the language's own tool.
//! One file for each.

mod c;
mod go;
mod javascript;
mod python;
mod rego;
mod rust;

use std::path::{Path, PathBuf};

use self::javascript::Dialect;
use crate::error::ComponentError;
use crate::language::Language;
use crate::project::Project;
use crate::template::{self, TemplateError, TemplateFile};
use crate::tool::ToolError;

/// Components of Casefile that others are made with. What a build of the
/// program does not carry is none.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The interpreter for JavaScript.
    pub javascript: Option<&'a [u8]>,
    /// The interpreter for Rego.
    pub rego: Option<&'a [u8]>,
    /// The inert WASI preview 2.
    pub preview2: Option<&'a [u8]>,
    /// Attaches a script, with its name and its text, to an interpreter.
    pub attach: fn(interpreter: &[u8], name: &str, text: &str) -> Vec<u8>,
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

/// Begins a project in a folder that is not there yet. It is there whole or
/// not at all.
///
/// # Errors
/// The name is no id, the folder is there, or it can't be written.
pub fn begin(folder: &Path, name: &str, language: Language) -> Result<Project, TemplateError> {
    template::write(folder, name, language, files(language))
}

/// The files of a new project.
fn files(language: Language) -> Vec<TemplateFile> {
    match language {
        Language::Go => go::template(),
        Language::Python => python::template(),
        Language::Rust => rust::template(),
        Language::C => c::template(),
        Language::Js => javascript::template(Dialect::JavaScript),
        Language::Ts => javascript::template(Dialect::TypeScript),
        Language::Rego => rego::template(),
    }
}

/// Makes the component of a project.
///
/// # Errors
/// The language's tool is missing or fails, or what it makes is no policy.
pub fn build(project: &Project, parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
    match project.language {
        Language::Go => go::build(project),
        Language::Python => python::build(project, parts),
        Language::Rust => rust::build(project),
        Language::C => c::build(project),
        Language::Js => javascript::build(project, Dialect::JavaScript, parts),
        Language::Ts => javascript::build(project, Dialect::TypeScript, parts),
        Language::Rego => rego::build(project, parts),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::fs;

    use super::*;

    /// The name that templates are written with.
    const NAME: [&str; 2] = ["policy-name", "policy_name"];

    #[test]
    fn a_project_bears_its_own_name_everywhere() {
        let place = tempfile::tempdir().unwrap();
        for language in Language::ALL {
            let folder = place.path().join(language.as_str());
            let project = begin(&folder, "two-words", language).unwrap();
            assert_eq!(Project::open(&folder).unwrap(), project);
            let mut left = vec![folder.clone()];
            let mut files = 0;
            while let Some(next) = left.pop() {
                for entry in fs::read_dir(next).unwrap() {
                    let path = entry.unwrap().path();
                    for name in NAME {
                        assert!(!path.to_string_lossy().contains(name), "{}", path.display());
                    }
                    if path.is_dir() {
                        left.push(path);
                        continue;
                    }
                    files += 1;
                    let content = fs::read(&path).unwrap();
                    let text = String::from_utf8_lossy(&content);
                    for name in NAME {
                        assert!(!text.contains(name), "{}", path.display());
                    }
                }
            }
            assert!(files > 1, "{}", language.as_str());
            assert!(matches!(
                begin(&folder, "two-words", language),
                Err(TemplateError::Exists(_))
            ));
        }
    }

    #[test]
    fn a_name_that_is_no_id_makes_nothing() {
        let place = tempfile::tempdir().unwrap();
        for name in ["", "Two", "two_words", "-two", "2words", "../two"] {
            let folder = place.path().join("project");
            assert!(matches!(
                begin(&folder, name, Language::Rust),
                Err(TemplateError::Name(_))
            ));
            assert!(!folder.exists());
        }
    }
}
