//! `cargo xtask test`: all tests, with everything that they need.

use std::env;
use std::ffi::OsString;

use crate::toolchains::go;
use crate::{oracles, process, workspace};

use super::policies;

/// Runs them.
///
/// # Errors
/// A program that tests compare with is missing or can't be had, the policies
/// can't be built, or a test fails.
pub(crate) fn run(install: bool, arguments: &[OsString]) -> anyhow::Result<()> {
    let is_ci = env::var_os("CI").is_some_and(|value| value == "true");
    oracles::ensure(install || is_ci)?;
    // Programs of Go are built and started.
    go::ensure_two()?;
    policies::run()?;
    let mut test = workspace::cargo("test");
    if names_a_package(arguments) {
        return process::run(test.args(arguments));
    }
    process::run(test.arg("--workspace").args(arguments))?;
    // Guests have tests of what needs no sandbox.
    let mut guests = workspace::cargo("test");
    guests.current_dir(workspace::policies());
    process::run(guests.arg("--workspace").args(arguments))
}

/// Whether only the tests of some packages are asked for.
fn names_a_package(arguments: &[OsString]) -> bool {
    arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .take_while(|argument| argument != "--")
        .any(|argument| {
            let long = argument.starts_with("--package");
            long || (argument.starts_with("-p") && !argument.starts_with("--"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_may_be_named() {
        let names = |arguments: &[&str]| {
            let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
            names_a_package(&arguments)
        };
        assert!(names(&["-p", "casefile"]));
        assert!(names(&["-pcasefile"]));
        assert!(names(&["--package=casefile"]));
        assert!(!names(&["ca_expired", "--", "-p"]));
        assert!(!names(&[]));
    }
}
