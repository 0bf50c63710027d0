//! The tools of other languages: found, run, and when one is missing, named
//! with the way to get it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a language's tool has not done its work.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not there.
    #[error("{name} is needed, and is not on PATH; get it: {how}")]
    Missing {
        /// The tool.
        name: String,
        /// How to get it.
        how: &'static str,
    },
    /// It is there, and too old.
    #[error("{name} is too old: {version}; get it: {how}")]
    TooOld {
        /// The tool.
        name: String,
        /// Its version.
        version: String,
        /// How to get a newer one.
        how: &'static str,
    },
    /// It can't be started.
    #[error("{name} can't be started: {error}")]
    Start {
        /// The tool.
        name: String,
        /// Why.
        error: std::io::Error,
    },
    /// It has failed.
    #[error("{name} failed ({status}):\n{said}")]
    Failed {
        /// The tool and its first argument.
        name: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it said.
        said: String,
    },
}

/// Finds a tool: a path as it is, a name on PATH.
///
/// # Errors
/// It is not there; the error says how to get it.
pub fn find(name: &str, how: &'static str) -> Result<PathBuf, ToolError> {
    if name.contains('/') && Path::new(name).is_file() {
        return Ok(PathBuf::from(name));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| ToolError::Missing {
            name: name.to_owned(),
            how,
        })
}

/// Runs a tool to its end. Its output is kept, for an error.
///
/// # Errors
/// It can't be started, or it fails; the error has what it said.
pub fn run(command: &mut Command) -> Result<Vec<u8>, ToolError> {
    let name = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| ToolError::Start {
            name: name.clone(),
            error,
        })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stdout));
    Err(ToolError::Failed {
        name,
        status: output.status,
        said: said.trim().to_owned(),
    })
}

/// The tool and its first argument: `cargo build`.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut shown = program
        .file_name()
        .unwrap_or(OsStr::new(""))
        .to_string_lossy()
        .into_owned();
    if let Some(first) = command.get_args().next() {
        shown.push(' ');
        shown.push_str(&first.to_string_lossy());
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_missing_tool_is_named_with_the_way_to_get_it() {
        let error = find("no-such-tool-anywhere", "ask for it").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no-such-tool-anywhere is needed, and is not on PATH; get it: ask for it"
        );
        assert!(find("sh", "").unwrap().ends_with("sh"));
    }

    #[test]
    fn what_a_failed_tool_said_is_in_the_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let error = run(&mut command).unwrap_err();
        assert_eq!(
            error.to_string(),
            "sh -c failed (exit status: 3):\nerr\nout"
        );
    }
}
