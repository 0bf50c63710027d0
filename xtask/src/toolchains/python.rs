//! Makes sure of tools that are published as Python packages, in a virtual
//! environment of their own. A requirements file pins each of them by version
//! and digest; what was installed by the same file is used again.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::process::{self, run_in};
use crate::step::Step;
use crate::{content, workspace};

/// In the environment, the digest of the requirements that are installed.
const STAMP: &str = "casefile-requirements.sha256";

/// A virtual environment with what one requirements file names.
pub(crate) struct Environment {
    folder: PathBuf,
    /// The digest of its requirements file; other tools give other bytes.
    pub(crate) identity: String,
}

impl Environment {
    /// Makes sure of the environment `target/toolchains/NAME` with the
    /// packages of a requirements file, which stands in the checkout.
    ///
    /// # Errors
    /// There is no Python, or a package can't be had, or is another than the
    /// file says.
    pub(crate) fn ensure(name: &str, requirements: &Path) -> anyhow::Result<Self> {
        let requirements = workspace::root().join(requirements);
        let shown = requirements.display();
        let text = fs::read(&requirements).with_context(|| format!("{shown}: can't be read"))?;
        let environment = Self {
            folder: workspace::target().join("toolchains").join(name),
            identity: content::digest(&text),
        };
        if !environment.is_up_to_date() {
            environment
                .make(name, &requirements)
                .with_context(|| format!("the tools that {shown} names"))?;
        }
        Ok(environment)
    }

    /// A program of one of its packages.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(format!("{name}{EXE_SUFFIX}"))
    }

    /// The folder of one of its packages.
    ///
    /// # Errors
    /// It has no such package.
    pub(crate) fn package(&self, name: &str) -> anyhow::Result<PathBuf> {
        let libraries = self.folder.join("lib");
        let shown = libraries.display();
        let versions =
            fs::read_dir(&libraries).with_context(|| format!("{shown}: can't be listed"))?;
        for version in versions {
            let version = version.with_context(|| format!("{shown}: can't be listed"))?;
            let package = version.path().join("site-packages").join(name);
            if package.is_dir() {
                return Ok(package);
            }
        }
        bail!("{shown}: there is no Python package {name}")
    }

    fn is_up_to_date(&self) -> bool {
        fs::read_to_string(self.folder.join(STAMP)).is_ok_and(|stamp| stamp == self.identity)
    }

    fn make(&self, name: &str, requirements: &Path) -> anyhow::Result<()> {
        if process::find("python3").is_none() {
            bail!("there is no python3: install your distribution's package of it, with venv");
        }
        let mut step = Step::start(format!("tools of {name}"));
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("{}: can't be removed", self.folder.display()))?;
        }
        let mut create = workspace::program("python3");
        create.args(["-m", "venv"]).arg(&self.folder);
        run_in(&mut step, &mut create).context(
            "python3 can't make a virtual environment; on Debian and Ubuntu it needs the \
             package python3-venv",
        )?;
        let mut install = workspace::program(self.program("python"));
        install
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--no-input"])
            .args(["--require-hashes", "--only-binary", ":all:"])
            .arg("--requirement")
            .arg(requirements);
        run_in(&mut step, &mut install)?;
        content::write_changed(
            &self.folder.join(STAMP),
            self.identity.as_bytes(),
            0o644,
            &workspace::target().join("xtask"),
        )?;
        step.end("installed in target/toolchains");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn environment(folder: &Path) -> Environment {
        Environment {
            folder: folder.to_owned(),
            identity: content::digest(b"tool==1"),
        }
    }

    #[test]
    fn an_environment_is_up_to_date_when_its_stamp_is_of_the_requirements() {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment(folder.path());
        assert!(!environment.is_up_to_date());
        let stamp = folder.path().join(STAMP);
        fs::write(&stamp, content::digest(b"tool==2")).unwrap();
        assert!(!environment.is_up_to_date());
        fs::write(&stamp, content::digest(b"tool==1")).unwrap();
        assert!(environment.is_up_to_date());
    }

    #[test]
    fn a_package_is_found_whatever_the_version_of_python() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("lib/python3.11/site-packages/tool");
        fs::create_dir_all(&package).unwrap();
        let environment = environment(folder.path());
        assert_eq!(environment.package("tool").unwrap(), package);
        environment.package("other").unwrap_err();
    }
}
