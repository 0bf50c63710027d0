//! Writes a new project: a language's template with the kit inside, so that
//! it builds on a machine that has neither this source tree nor a network.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::Dir;

use crate::contract;
use crate::languages::Language;
use crate::project::{self, Project};

/// The name that a template is written with, in its two spellings.
const NAME: [&str; 2] = ["policy-name", "policy_name"];

/// A file of a project: its path inside, and its content.
pub(crate) type TemplateFile = (PathBuf, Cow<'static, [u8]>);

/// Why no project was made.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The name is no id of a policy.
    #[error("{0}")]
    Name(String),
    /// There is something already.
    #[error("{0}: is there already, and is left alone")]
    Exists(PathBuf),
    /// A file can't be written.
    #[error("{path}: {error}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Makes a project in a folder that is not there yet. It is there whole or
/// not at all.
///
/// # Errors
/// The name is no id, the folder is there, or it can't be written.
pub fn write(folder: &Path, name: &str, language: Language) -> Result<Project, TemplateError> {
    project::check_name(name).map_err(TemplateError::Name)?;
    if folder.symlink_metadata().is_ok() {
        return Err(TemplateError::Exists(folder.to_owned()));
    }
    let wrong = |path: &Path, error: std::io::Error| TemplateError::Write {
        path: path.to_owned(),
        error,
    };
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let scratch = tempfile::Builder::new()
        .prefix(".casefile-new-")
        .tempdir_in(parent)
        .map_err(|error| wrong(parent, error))?;
    let new = scratch.path().join("project");
    for (path, content) in language.template() {
        let (path, content) = named(&path, &content, name);
        let path = new.join(path);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, content))
            .map_err(|error| wrong(&path, error))?;
    }
    let file = new.join(project::FILE);
    let text = format!(
        "# A policy for Casefile: `casefile policy build` makes its component.\n\
         name = \"{name}\"\nlanguage = \"{}\"\n",
        language.as_str()
    );
    fs::write(&file, text).map_err(|error| wrong(&file, error))?;
    fs::rename(&new, folder).map_err(|error| wrong(folder, error))?;
    Ok(Project {
        folder: folder.to_owned(),
        name: name.to_owned(),
        language,
    })
}

/// A file with the project's name in the place of the template's.
fn named(path: &Path, content: &[u8], name: &str) -> (PathBuf, Vec<u8>) {
    let rename = |text: &str| {
        text.replace(NAME[0], name)
            .replace(NAME[1], &name.replace('-', "_"))
    };
    let path = PathBuf::from(rename(&path.to_string_lossy()));
    let content = match std::str::from_utf8(content) {
        Ok(text) => rename(text).into_bytes(),
        Err(_) => content.to_vec(),
    };
    (path, content)
}

/// Every file below an embedded folder, under another folder of the project.
pub(crate) fn folder(dir: &'static Dir<'static>, to: &str) -> Vec<TemplateFile> {
    let mut files = Vec::new();
    let mut left = vec![dir];
    while let Some(next) = left.pop() {
        left.extend(next.dirs());
        for file in next.files() {
            let inside = file.path().strip_prefix(dir.path()).unwrap_or(file.path());
            files.push((Path::new(to).join(inside), Cow::Borrowed(file.contents())));
        }
    }
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files
}

/// The files of the contract, under a folder of the project.
pub(crate) fn contract_files(to: &str) -> Vec<TemplateFile> {
    contract::files()
        .into_iter()
        .map(|(name, text)| (Path::new(to).join(name), Cow::Borrowed(text.as_bytes())))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_project_bears_its_own_name_everywhere() {
        let place = tempfile::tempdir().unwrap();
        for language in Language::ALL {
            let folder = place.path().join(language.as_str());
            let project = write(&folder, "two-words", language).unwrap();
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
                write(&folder, "two-words", language),
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
                write(&folder, name, Language::Rust),
                Err(TemplateError::Name(_))
            ));
            assert!(!folder.exists());
        }
    }
}
