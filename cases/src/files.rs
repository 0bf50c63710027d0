//! Files and folders of cases: which cases there are, in a stable order, and
//! reading what they name, of a limited size.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::CaseError;

/// The file in a folder of cases that is none: see [`crate::Never`].
pub(crate) const NEVER: &str = "never.toml";

/// A case's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// What it is called: the file's name without `.toml`, or its path where
    /// two files have the same name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The cases at these paths: files as they are, of folders the files `*.toml`
/// in them. Sorted by name; a file that is named twice is there once.
///
/// # Errors
/// A path is not there, or a folder can't be listed.
pub fn find(paths: &[PathBuf]) -> Result<Vec<CaseFile>, CaseError> {
    let mut found = Vec::new();
    for path in paths {
        let unreadable = |error| CaseError::Unreadable {
            path: path.clone(),
            error,
        };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            found.push(path.clone());
            continue;
        }
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let is_case = file.extension().is_some_and(|end| end == "toml");
            if is_case && !file.ends_with(NEVER) {
                found.push(file);
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(named(found))
}

fn named(paths: Vec<PathBuf>) -> Vec<CaseFile> {
    let stem = |path: &Path| {
        let stem = path.file_stem().unwrap_or(path.as_os_str());
        stem.to_string_lossy().into_owned()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for path in &paths {
        *counts.entry(stem(path)).or_default() += 1;
    }
    let mut files: Vec<CaseFile> = paths
        .into_iter()
        .map(|path| {
            let name = stem(&path);
            let name = match counts.get(&name) {
                Some(1) => name,
                _ => path.display().to_string(),
            };
            CaseFile { name, path }
        })
        .collect();
    files.sort_by(|left, right| (&left.name, &left.path).cmp(&(&right.name, &right.path)));
    files
}

/// A whole file of so many bytes at most. Pipes and devices are refused: they
/// may have no end.
pub(crate) fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, CaseError> {
    let read = || {
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        let file = File::open(path)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            let problem = format!("it is over the limit of {limit} bytes");
            return Err(io::Error::other(problem));
        }
        Ok(bytes)
    };
    read().map_err(|error| CaseError::Unreadable {
        path: path.to_owned(),
        error,
    })
}

/// A whole file of UTF-8.
pub(crate) fn text(path: &Path, limit: u64) -> Result<String, CaseError> {
    String::from_utf8(bytes(path, limit)?).map_err(|error| CaseError::Unreadable {
        path: path.to_owned(),
        error: io::Error::new(io::ErrorKind::InvalidData, error),
    })
}
