//! Makes sure of releases of Go, with which tests build the programs that they
//! read. Each is an environment `target/toolchains/go-RELEASE`; the newest is
//! that of the kit for Go, `target/toolchains/go`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::python::Environment;
use crate::workspace;

/// Where they are pinned, a file for each.
const PINNED: &str = "collector/tests/go_releases";
/// Where the newest is pinned.
const NEWEST: &str = "policies/sdk/go/toolchain/requirements.txt";
/// The oldest: with the newest, all that tests need which are always run.
const OLDEST: &str = "1.21.13";

/// Makes sure of the oldest and the newest.
///
/// # Errors
/// One can't be had.
pub(crate) fn ensure_two() -> anyhow::Result<()> {
    ensure(OLDEST)?;
    Environment::ensure("go", Path::new(NEWEST))?;
    Ok(())
}

/// Makes sure of all of them.
///
/// # Errors
/// One can't be had.
pub(crate) fn ensure_all() -> anyhow::Result<()> {
    let folder = workspace::root().join(PINNED);
    let shown = folder.display();
    let mut releases = Vec::new();
    for file in fs::read_dir(&folder).with_context(|| format!("{shown}: can't be listed"))? {
        let path = file
            .with_context(|| format!("{shown}: can't be listed"))?
            .path();
        let release = path.file_stem().and_then(|stem| stem.to_str());
        releases.extend(release.map(str::to_owned));
    }
    releases.sort();
    for release in releases {
        ensure(&release)?;
    }
    ensure_two()
}

fn ensure(release: &str) -> anyhow::Result<()> {
    let pinned = Path::new(PINNED).join(format!("{release}.txt"));
    Environment::ensure(&format!("go-{release}"), &pinned)?;
    Ok(())
}
