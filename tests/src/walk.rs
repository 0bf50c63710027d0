//! Documents that are run as they are written: the blocks of a Markdown file
//! that are marked `console` hold commands behind `$ `, and what they print.
//!
//! All commands of a document run in one shell, in an empty folder. In what is
//! printed, a line `...` stands for any number of lines, and `[..]` for any
//! text in a line. A command that fails ends the document, unless the next one
//! is `echo $?`.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// A command and what it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The line of the document, from 1.
    pub line: usize,
    /// What is typed.
    pub command: String,
    /// What is printed, in patterns.
    pub printed: Vec<String>,
}

/// A step that did not go as it is written.
#[derive(Debug)]
pub struct Stumble {
    step: Step,
    status: i32,
    printed: Vec<String>,
}

impl fmt::Display for Stumble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            step,
            status,
            printed,
        } = self;
        writeln!(
            formatter,
            "line {}: $ {} (exit {status})",
            step.line, step.command
        )?;
        for line in &step.printed {
            writeln!(formatter, "  written: {line}")?;
        }
        for line in printed {
            writeln!(formatter, "  printed: {line}")?;
        }
        Ok(())
    }
}

/// The steps of a document.
///
/// # Errors
/// It has none, or one of its blocks begins with no command.
pub fn steps(document: &str) -> anyhow::Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    let mut begun = false;
    for (number, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside && line == "```console";
            begun = false;
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            begun = true;
            steps.push(Step {
                line: number + 1,
                command: command.to_owned(),
                printed: Vec::new(),
            });
        } else {
            ensure!(begun, "line {}: output before a command", number + 1);
            let step = steps.last_mut().context("output before a command")?;
            step.printed.push(line.to_owned());
        }
    }
    ensure!(!steps.is_empty(), "it has no command");
    Ok(steps)
}

/// What ends the output of a command: no program prints it.
const MARK: char = '\u{1}';

/// Takes the steps in a folder; `path` is put before PATH.
///
/// # Errors
/// The shell can't be run, or ends too early.
pub fn take(steps: &[Step], folder: &Path, path: &Path) -> anyhow::Result<Vec<Stumble>> {
    let mut script = String::from("set -u\n");
    for step in steps {
        // The status stays what the command left it, for `echo $?`.
        script.push_str(&step.command);
        script.push_str("\nstatus=$?; printf '\\001%d\\n' \"$status\"; (exit \"$status\")\n");
    }
    let file = folder.join(".walk");
    fs::File::create(&file)?.write_all(script.as_bytes())?;
    let mut paths = path.as_os_str().to_owned();
    if let Some(old) = std::env::var_os("PATH") {
        paths.push(":");
        paths.push(old);
    }
    let output = Command::new("bash")
        .args(["-c", "exec 2>&1; . ./.walk"])
        .current_dir(folder)
        .env("PATH", paths)
        .env("CASEFILE_CACHE", folder.join(".cache"))
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .context("bash")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut parts = text.split(MARK);
    let mut printed = parts.next().unwrap_or_default().to_owned();
    let mut stumbles = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let Some(part) = parts.next() else {
            bail!("line {}: the shell ended: {printed}", step.line);
        };
        let (status, rest) = part.split_once('\n').context("the mark")?;
        let status: i32 = status.parse().context("the status")?;
        let lines: Vec<String> = printed.lines().map(str::to_owned).collect();
        printed = rest.to_owned();
        let asked = steps
            .get(number + 1)
            .is_some_and(|next| next.command == "echo $?");
        if !matches(&step.printed, &lines) || (status != 0 && !asked) {
            stumbles.push(Stumble {
                step: step.clone(),
                status,
                printed: lines,
            });
            // What follows stands on this step.
            break;
        }
    }
    Ok(stumbles)
}

/// Whether lines are what is written.
fn matches(written: &[String], printed: &[String]) -> bool {
    match written {
        [] => printed.is_empty(),
        [any, rest @ ..] if any == "..." => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        [first, rest @ ..] => match printed {
            [line, others @ ..] => fits(first, line) && matches(rest, others),
            [] => false,
        },
    }
}

/// Whether a line is what is written.
fn fits(written: &str, line: &str) -> bool {
    let (written, line) = (written.trim_end(), line.trim_end());
    match written.split_once("[..]") {
        None => written == line,
        Some((before, after)) => line.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(index, _)| index)
                .chain([rest.len()])
                .any(|index| fits(after, &rest[index..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# A walk\n\n```console\n$ echo one; echo two >&2\none\ntwo\n$ false\n$ echo $?\n1\n```\n\n```sh\nrm -r /\n```\n\n```console\n$ cd /\n$ pwd\n/\n$ seq 9\n1\n...\n8\n9\n$ echo took 12 s\ntook [..] s\n```\n";

    #[test]
    fn a_document_is_taken_step_by_step() {
        let steps = steps(DOCUMENT).unwrap();
        assert_eq!(steps.len(), 7);
        assert_eq!(steps[0].line, 4);
        let folder = tempfile::tempdir().unwrap();
        let stumbles = take(&steps, folder.path(), Path::new("/bin")).unwrap();
        assert!(stumbles.is_empty(), "{}", stumbles[0]);
    }

    #[test]
    fn what_is_not_as_written_is_told() {
        for document in [
            "```console\n$ echo one\ntwo\n```",
            "```console\n$ echo one\n```",
            "```console\n$ false\n```",
            "```console\n$ true\nsomething\n```",
            "```console\n$ seq 3\n...\n4\n```",
        ] {
            let steps = steps(document).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let stumbles = take(&steps, folder.path(), Path::new("/bin")).unwrap();
            assert_eq!(stumbles.len(), 1, "{document}");
        }
        steps("no commands").unwrap_err();
        steps("```console\noutput\n$ true\n```").unwrap_err();
    }
}
