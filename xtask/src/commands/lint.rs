//! `cargo xtask lint`: format, lints, dependencies and scripts, of both
//! workspaces.

use std::path::Path;

use crate::step::Step;
use crate::{dependencies, process, scripts, workspace};

use super::policies;

/// What cargo-deny checks without a network.
const DENY: [&str; 3] = ["bans", "licenses", "sources"];

/// Checks all.
///
/// # Errors
/// Something is not as it must be.
pub(crate) fn run() -> anyhow::Result<()> {
    let workspaces = [workspace::root(), workspace::policies()];
    for folder in &workspaces {
        in_folder(folder, &["fmt", "--all", "--check"])?;
    }
    let step = Step::start("shell scripts");
    let count = scripts::check(&workspace::root())?;
    step.end(&format!("{count} can be parsed"));
    let step = Step::start("dependencies");
    dependencies::check()?;
    step.end("as they must be");
    deny(&workspaces)?;
    // The program embeds them.
    policies::run()?;
    for folder in &workspaces {
        let clippy = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        in_folder(folder, &clippy)?;
    }
    Ok(())
}

/// Licences, sources and double versions, where cargo-deny is installed.
fn deny(workspaces: &[std::path::PathBuf]) -> anyhow::Result<()> {
    if process::find("cargo-deny").is_none() {
        eprintln!("cargo deny ... skipped: it is not installed");
        return Ok(());
    }
    let rules = workspace::root().join("deny.toml");
    for folder in workspaces {
        let mut deny = workspace::cargo("deny");
        deny.current_dir(folder)
            .arg("--config")
            .arg(&rules)
            .arg("check");
        process::run(deny.args(DENY))?;
    }
    Ok(())
}

fn in_folder(folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = workspace::program("cargo");
    command.current_dir(folder).args(arguments);
    let place = folder.strip_prefix(workspace::root()).unwrap_or(folder);
    let place = if place == Path::new("") {
        Path::new(".")
    } else {
        place
    };
    eprintln!("cargo {} in {}", arguments.join(" "), place.display());
    process::run(&mut command)
}
