//! `cargo xtask try`: from a clone to the verdict on this host.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context as _, bail};

use crate::process;
use crate::step::Step;
use crate::workspace;

use super::programs::{self, Program};

/// Exit codes of `casefile check` with which it gives a verdict: pass,
/// failed, incomplete.
const VERDICT: [i32; 3] = [0, 1, 3];

/// Builds what is not up to date, captures this host, judges it.
///
/// # Errors
/// Something can't be built, or no verdict was given.
pub(crate) fn run() -> anyhow::Result<()> {
    programs::run(&[])?;
    let folder = workspace::target().join("try");
    fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    let snapshot = folder.join("host.tar.zst");
    let step = Step::start("capture of this host");
    let mut collect = workspace::program(Program::CasefileCollect.path());
    process::output(collect.arg("-o").arg(&snapshot))?;
    step.end(&programs::shown_with_size(&snapshot)?);

    let step = Step::start("casefile check");
    let place = snapshot
        .strip_prefix(workspace::root())
        .unwrap_or(&snapshot);
    let mut check = workspace::program(Program::Casefile.path());
    let checked = check
        .arg("check")
        .arg(place)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("casefile can't be run")?;
    let code = checked.status.code();
    let Some(code) = code.filter(|code| VERDICT.contains(code)) else {
        drop(step);
        bail!("casefile check gave no verdict: {}", checked.status);
    };
    step.end("judged");
    let mut out = std::io::stdout().lock();
    out.write_all(&checked.stdout)?;
    out.flush()?;
    eprintln!(
        "A verdict was given: `casefile check` ended with exit code {code} ({}); try succeeded.",
        meaning(code)
    );
    Ok(())
}

/// What an exit code of `casefile check` says.
const fn meaning(code: i32) -> &'static str {
    match code {
        0 => "pass",
        1 => "findings failed",
        _ => "nothing failed, but evidence is missing",
    }
}
