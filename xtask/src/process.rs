//! Runs other programs: for their output, for their effect, within a time.
//! An error names the program and carries what it said.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::step::Step;

/// How often a program with a time limit is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Where a program is found on PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Standard output of a program.
///
/// # Errors
/// It can't be run, or it fails; the error has its standard error.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name}: can't be run"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{name}: {}: {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name}: its output is no UTF-8"))
}

/// Runs a program whose output is the user's.
///
/// # Errors
/// It can't be run, or it fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = shown(command);
    let status = command
        .status()
        .with_context(|| format!("{name}: can't be run"))?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// Runs a program as a part of a step: the step shows the last line of its
/// standard error, the rest is kept for an error.
///
/// # Errors
/// It can't be run, or it fails; the error has its standard error.
pub(crate) fn run_in(step: &mut Step, command: &mut Command) -> anyhow::Result<()> {
    let name = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name}: can't be run"))?;
    let mut said = String::new();
    if let Some(errors) = child.stderr.take() {
        for line in BufReader::new(errors).split(b'\n') {
            let line = line.with_context(|| format!("{name}: its output can't be read"))?;
            let line = String::from_utf8_lossy(&line);
            step.note(line.trim());
            said.push_str(&line);
            said.push('\n');
        }
    }
    let status = child
        .wait()
        .with_context(|| format!("{name}: can't be waited for"))?;
    if !status.success() {
        bail!("{name}: {status}\n{}", said.trim_end());
    }
    Ok(())
}

/// How a program with a time limit ended.
pub(crate) enum Ended {
    /// By itself, with this said on standard error.
    ByItself(ExitStatus, String),
    /// It was stopped, for it had not ended.
    TooLate,
}

/// Runs a program for a time at most.
///
/// # Errors
/// It can't be run.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> anyhow::Result<Ended> {
    let name = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name}: can't be run"))?;
    let errors = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(mut errors) = errors {
            // What can't be read is not shown; nothing else depends on it.
            let _ = errors.read_to_end(&mut said);
        }
        said
    });
    let started = Instant::now();
    loop {
        let ended = child
            .try_wait()
            .with_context(|| format!("{name}: can't be waited for"))?;
        if let Some(status) = ended {
            let said = reader.join().unwrap_or_default();
            let said = String::from_utf8_lossy(&said).into_owned();
            return Ok(Ended::ByItself(status, said));
        }
        if started.elapsed() > limit {
            child
                .kill()
                .and_then(|()| child.wait())
                .with_context(|| format!("{name}: can't be stopped"))?;
            return Ok(Ended::TooLate);
        }
        thread::sleep(LOOK);
    }
}

/// The program and its first argument, for messages: `cargo build`.
fn shown(command: &Command) -> String {
    let mut shown = command.get_program().to_string_lossy().into_owned();
    if let Some(first) = command.get_args().next() {
        shown.push(' ');
        shown.push_str(&first.to_string_lossy());
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use super::*;

    #[test]
    fn what_a_program_said_is_in_the_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo the reason >&2; exit 3"]);
        let error = output(&mut command).unwrap_err().to_string();
        assert_eq!(error, "sh -c: exit status: 3: the reason");
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let mut command = Command::new("sleep");
        command.arg("600");
        let ended = run_within(&mut command, Duration::ZERO).unwrap();
        assert!(matches!(ended, Ended::TooLate));
    }

    #[test]
    fn a_program_that_ends_is_waited_for() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no >&2; exit 1"]);
        let Ended::ByItself(status, said) =
            run_within(&mut command, Duration::from_secs(60)).unwrap()
        else {
            panic!("it was stopped");
        };
        assert_eq!((status.code(), said.as_str()), (Some(1), "no\n"));
    }
}
