//! Makes sure of what bundles TypeScript: packages of npm, pinned by a lock
//! file with digests, in a folder of their own.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::process::{self, run_in};
use crate::step::Step;
use crate::{content, workspace};

/// Where they are pinned.
const PINNED: &str = "policies/conformance/ts";

/// What names packages, and what pins them.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// In the folder, the digest of what is installed.
const STAMP: &str = "casefile-lock.sha256";

/// Packages that are installed.
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// Makes sure of them.
    ///
    /// # Errors
    /// There is no npm, or a package can't be had, or is another than pinned.
    pub(crate) fn ensure() -> anyhow::Result<Self> {
        let folder = workspace::target().join("toolchains/node");
        let mut digests = String::new();
        let mut files = Vec::new();
        for name in FILES {
            let path = workspace::root().join(PINNED).join(name);
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            digests.push_str(&content::digest(&bytes));
            files.push((name, bytes));
        }
        let stamp = folder.join(STAMP);
        if fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == digests) {
            return Ok(Self { folder });
        }
        if process::find("npm").is_none() {
            bail!("there is no npm: install Node.js 20 or later with it");
        }
        let mut step = Step::start("tools of typescript");
        let scratch = workspace::target().join("xtask");
        for (name, bytes) in files {
            content::write_changed(&folder.join(name), &bytes, 0o644, &scratch)?;
        }
        let mut install = workspace::program("npm");
        install
            .current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"]);
        run_in(&mut step, &mut install)?;
        content::write_changed(&stamp, digests.as_bytes(), 0o644, &scratch)?;
        step.end("installed in target/toolchains");
        Ok(Self { folder })
    }

    /// The folder of its programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join("node_modules/.bin")
    }
}
