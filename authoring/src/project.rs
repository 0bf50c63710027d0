//! A policy's project: a folder with a file `policy.toml` that says what it
//! is called and which language it is written in.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::language::Language;

/// The file that makes a folder a project.
pub const FILE: &str = "policy.toml";

/// A policy's project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its folder.
    pub folder: PathBuf,
    /// The policy's id.
    pub name: String,
    /// The language that it is written in.
    pub language: Language,
}

/// Why a folder is no project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// There is no project file.
    #[error("{0}: there is no {FILE} here; `casefile policy new` makes a project")]
    None(PathBuf),
    /// A file can't be read.
    #[error("{path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The project file is wrong.
    #[error("{path}: {error}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        error: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    name: String,
    language: Language,
}

impl Project {
    /// Reads the project of a folder.
    ///
    /// # Errors
    /// There is none, or its file can't be used.
    pub fn open(folder: &Path) -> Result<Self, ProjectError> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ProjectError::None(folder.to_owned()));
            }
            Err(error) => return Err(ProjectError::Read { path, error }),
        };
        let wrong = |error: String| ProjectError::Content {
            path: path.clone(),
            error,
        };
        let content: Content =
            toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        check_name(&content.name).map_err(wrong)?;
        Ok(Self {
            folder: folder.to_owned(),
            name: content.name,
            language: content.language,
        })
    }

    /// Where its component is put when nothing else is said.
    #[must_use]
    pub fn output(&self) -> PathBuf {
        self.folder.join(format!("{}.wasm", self.name))
    }
}

/// Checks that a name is an id of a policy, and a name to every language's
/// tool as well.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), String> {
    let word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.len() <= 64 && name.split('-').all(word) {
        return Ok(());
    }
    Err(format!(
        "the name {name:?} is not made of words of lower-case letters and digits, with single hyphens between them: my-policy"
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn open(text: &str) -> Result<Project, ProjectError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        Project::open(folder.path())
    }

    #[test]
    fn a_project_has_a_name_and_a_language() {
        let project = open("name = \"my-policy\"\nlanguage = \"rust\"\n").unwrap();
        assert_eq!(project.name, "my-policy");
        assert_eq!(project.language, Language::Rust);
        assert!(project.output().ends_with("my-policy.wasm"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(
            Project::open(empty.path()),
            Err(ProjectError::None(_))
        ));
        for (text, words) in [
            ("name = \"x\"\nlanguage = \"cobol\"\n", "line 2"),
            ("name = \"X\"\nlanguage = \"rust\"\n", "lower-case"),
            ("name = \"x\"\nlanguage = \"rust\"\nmore = 1\n", "more"),
            ("name = \"x\"\n", "language"),
        ] {
            let error = open(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
