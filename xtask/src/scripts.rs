//! Checks that the shell scripts of the checkout can be parsed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use walkdir::WalkDir;

use crate::process;

/// Folders that hold no source.
const SKIPPED: [&str; 2] = [".git", "target"];

/// Checks every script with the shell that it names; gives how many.
///
/// # Errors
/// A script can't be read, or its shell does not take it.
pub(crate) fn check(root: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for path in files(root)? {
        let Some(shell) = shell(&path)? else {
            continue;
        };
        process::output(Command::new(shell).arg("-n").arg(&path))
            .with_context(|| path.display().to_string())?;
        count += 1;
    }
    if count == 0 {
        bail!("{}: no script was found", root.display());
    }
    Ok(count)
}

fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            !(entry.file_type().is_dir() && SKIPPED.contains(&name.as_ref()))
        });
    for entry in entries {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// The shell of a script: by its first line, else by the end of its name.
fn shell(path: &Path) -> anyhow::Result<Option<&'static str>> {
    let text = fs::read(path).with_context(|| format!("{}: can't be read", path.display()))?;
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let program = first.strip_prefix("#!").map(|line| {
        let mut words = line
            .split_whitespace()
            .flat_map(|word| word.rsplit('/').next());
        match words.next() {
            Some("env") => words.next().unwrap_or_default().to_owned(),
            other => other.unwrap_or_default().to_owned(),
        }
    });
    Ok(match program.as_deref() {
        Some("sh" | "dash") => Some("sh"),
        Some("bash") => Some("bash"),
        Some(_) => None,
        None => path
            .extension()
            .is_some_and(|end| end == "sh")
            .then_some("sh"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn scripts_are_known_by_their_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.sh");
        for (text, expected) in [
            ("#!/bin/sh\n", Some("sh")),
            ("#!/usr/bin/env bash\n", Some("bash")),
            ("#!/bin/bash -e\n", Some("bash")),
            ("#!/usr/bin/python3\n", None),
            ("true\n", Some("sh")),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(shell(&path).unwrap(), expected, "{text}");
        }
        let other = folder.path().join("file.rs");
        fs::write(&other, "#![allow()]\n").unwrap();
        assert_eq!(shell(&other).unwrap(), None);
    }

    #[test]
    fn a_script_that_can_not_be_parsed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("good"), "#!/bin/sh\ntrue\n").unwrap();
        assert_eq!(check(folder.path()).unwrap(), 1);
        fs::write(folder.path().join("bad"), "#!/bin/sh\nif true\n").unwrap();
        let error = format!("{:#}", check(folder.path()).unwrap_err());
        assert!(error.contains("/bad: "), "{error}");
    }
}
