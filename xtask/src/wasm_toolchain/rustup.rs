//! Asks rustup for the wasm32 target, where the compiler in use is one of
//! rustup's. It may be without a network: it gets a limited time.

use std::path::Path;
use std::time::Duration;

use crate::process::{self, Ended, run_within};
use crate::step::Step;
use crate::{compiler, workspace};

use super::TARGET;

/// Time for fetching and unpacking some 30 MB.
const LIMIT: Duration = Duration::from_secs(180);

/// Whether the target could be added. Where not, it says why in one line.
///
/// # Errors
/// rustup or the compiler can't be run.
pub(super) fn add_target() -> anyhow::Result<bool> {
    if process::find("rustup").is_none() || !is_of_rustup()? {
        return Ok(false);
    }
    let step = Step::start(format!("rustup target add {TARGET}"));
    let mut add = workspace::program("rustup");
    let ended = run_within(add.args(["target", "add", TARGET]), LIMIT)?;
    match ended {
        Ended::ByItself(status, _) if status.success() => {
            step.end("done");
            return Ok(true);
        }
        Ended::ByItself(_, said) => step.end(&format!("not possible: {}", reason(&said))),
        Ended::TooLate => step.end("stopped: it took too long"),
    }
    Ok(false)
}

/// Whether rustup knows the compiler in use: its target would be of no use
/// to another.
fn is_of_rustup() -> anyhow::Result<bool> {
    let sysroot = compiler::sysroot(&compiler::in_use())?;
    // It fails where rustup has no toolchain at all.
    let known = process::output(workspace::program("rustup").args(["which", "rustc"]));
    Ok(known.is_ok_and(|rustc| Path::new(rustc.trim()).starts_with(sysroot)))
}

/// The first error in rustup's words, in one line.
fn reason(said: &str) -> &str {
    said.lines()
        .find_map(|line| line.strip_prefix("error: "))
        .or_else(|| said.lines().rfind(|line| !line.trim().is_empty()))
        .unwrap_or("it gave no reason")
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_first_error() {
        let said = "info: downloading component rust-std\n\
                    error: could not download file\n\
                    error: caused by a closed network\n";
        assert_eq!(reason(said), "could not download file");
        assert_eq!(reason("warning: one\nno network\n\n"), "no network");
        assert_eq!(reason(""), "it gave no reason");
    }
}
