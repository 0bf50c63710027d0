//! Asks apt about packages, fetches and installs them. Its words are parsed
//! with LC_ALL=C.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::process::{self, run_in};
use crate::step::Step;

/// Seconds that a server may be silent.
const PATIENCE: &str = "Acquire::http::Timeout=30";

/// Whether this is a system of Debian's family.
pub(crate) fn is_here() -> bool {
    ["apt-cache", "apt-get", "dpkg-deb"]
        .iter()
        .all(|name| process::find(name).is_some())
}

/// Whether this user may install packages and fetch lists of them.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn command(name: &str) -> Command {
    let mut command = Command::new(name);
    command
        .env("LC_ALL", "C")
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The versions of packages that apt would install, by their names; those
/// that it knows none of are left out.
///
/// # Errors
/// apt fails.
pub(crate) fn candidates(packages: &[&str]) -> anyhow::Result<BTreeMap<String, String>> {
    let said = process::output(command("apt-cache").arg("policy").args(packages))?;
    Ok(parse_candidates(&said))
}

/// The packages that a package depends on, the first of alternatives each.
///
/// # Errors
/// apt fails.
pub(crate) fn depends(package: &str) -> anyhow::Result<Vec<String>> {
    let said = process::output(command("apt-cache").args(["show", "--no-all-versions", package]))?;
    Ok(parse_depends(&said))
}

/// Whether a package is installed.
pub(crate) fn is_installed(package: &str) -> bool {
    let mut query = command("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    // It fails where it never heard of the package.
    process::output(&mut query).is_ok_and(|said| said.starts_with("installed"))
}

/// Whether apt has no lists of packages, as in fresh containers.
///
/// # Errors
/// apt fails.
pub(crate) fn lists_are_empty() -> anyhow::Result<bool> {
    let said =
        process::output(command("apt-config").args(["shell", "folder", "Dir::State::lists/d"]))?;
    let Some(folder) = parse_setting(&said) else {
        bail!("apt-config: names no folder of lists");
    };
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(true);
    };
    Ok(!entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().contains("_Packages")))
}

/// Fetches the lists of packages; for root alone.
///
/// # Errors
/// This is another user, or apt fails.
pub(crate) fn update() -> anyhow::Result<()> {
    if !is_root() {
        bail!("`apt-get update` is needed; run it as root");
    }
    let mut step = Step::start("apt-get update");
    let mut update = command("apt-get");
    run_in(&mut step, update.args(["update", "-q", "-o", PATIENCE]))?;
    step.end("done");
    Ok(())
}

/// Fetches packages (`NAME` or `NAME=VERSION`) as files into a folder.
///
/// # Errors
/// apt fails.
pub(crate) fn download(step: &mut Step, packages: &[String], folder: &Path) -> anyhow::Result<()> {
    let mut download = command("apt-get");
    download
        .current_dir(folder)
        .args(["download", "-q", "-o", PATIENCE]);
    if is_root() {
        // The user that apt would step down to can't write into the folder.
        download.args(["-o", "APT::Sandbox::User=root"]);
    }
    run_in(step, download.args(packages))
}

/// Installs packages; for root alone.
///
/// # Errors
/// apt fails.
pub(crate) fn install(packages: &[&str]) -> anyhow::Result<()> {
    if lists_are_empty()? {
        update()?;
    }
    let mut step = Step::start(format!("apt-get install {}", packages.join(" ")));
    let mut install = command("apt-get");
    install
        .args([
            "install",
            "-q",
            "-y",
            "--no-install-recommends",
            "-o",
            PATIENCE,
        ])
        .args(packages);
    run_in(&mut step, &mut install).context("packages that the tests need")?;
    step.end("done");
    Ok(())
}

/// `NAME:` and then `  Candidate: VERSION` of `apt-cache policy`.
fn parse_candidates(said: &str) -> BTreeMap<String, String> {
    let mut candidates = BTreeMap::new();
    let mut package = "";
    for line in said.lines() {
        if !line.starts_with(' ') {
            package = line.trim_end_matches(':');
        } else if let Some(version) = line.trim().strip_prefix("Candidate: ")
            && version != "(none)"
        {
            candidates.insert(package.to_owned(), version.to_owned());
        }
    }
    candidates
}

/// The names in `Depends:` and `Pre-Depends:` of the first record.
fn parse_depends(said: &str) -> Vec<String> {
    said.lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.strip_prefix("Depends: ")
                .or_else(|| line.strip_prefix("Pre-Depends: "))
        })
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.split_whitespace().next())
        // `python3:any`: which architecture does not matter here.
        .filter_map(|name| name.split(':').next())
        .map(str::to_owned)
        .collect()
}

/// The value in `folder='VALUE'` of `apt-config shell`.
fn parse_setting(said: &str) -> Option<String> {
    let value = said.lines().next()?.split_once('=')?.1;
    Some(value.trim_matches('\'').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_the_versions_to_install() {
        let said = "rustc-web:\n  Installed: 1.85.0\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n  \
                    Version table:\n     1.85.0+dfsg3-1~deb12u3 500\n\
                    gone:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n\
                    rustc:\n  Installed: (none)\n  Candidate: 1.63.0+dfsg1-2\n";
        let candidates = parse_candidates(said);
        let expected = [
            ("rustc", "1.63.0+dfsg1-2"),
            ("rustc-web", "1.96.0+dfsg1-1~deb12u2"),
        ];
        let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
        assert_eq!(candidates, BTreeMap::from(expected));
        assert!(parse_candidates("").is_empty());
    }

    #[test]
    fn dependencies_are_names_alone() {
        let said = "Package: rustc-web\n\
                    Pre-Depends: dpkg (>= 1.17)\n\
                    Depends: libc6 (>= 2.34), gcc | clang, python3:any, libstd-rust-web-dev (= 1.96.0+dfsg1)\n\
                    Recommends: cargo-web\n\
                    \n\
                    Package: rustc-web\n\
                    Depends: another\n";
        assert_eq!(
            parse_depends(said),
            ["dpkg", "libc6", "gcc", "python3", "libstd-rust-web-dev"]
        );
        assert!(parse_depends("Package: a\n").is_empty());
    }

    #[test]
    fn a_setting_is_what_stands_between_the_quotes() {
        let said = "folder='/var/lib/apt/lists/'\n";
        assert_eq!(parse_setting(said).as_deref(), Some("/var/lib/apt/lists/"));
        assert_eq!(parse_setting(""), None);
    }
}
