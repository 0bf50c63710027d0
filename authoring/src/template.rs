//! Writes a new project: a language's template with the kit inside, so that
//! it builds on a machine that has neither this source tree nor a network.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::Dir;

use crate::contract;
use crate::language::Language;
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
pub(crate) fn write(
    folder: &Path,
    name: &str,
    language: Language,
    files: Vec<TemplateFile>,
) -> Result<Project, TemplateError> {
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
    for (path, content) in files {
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
