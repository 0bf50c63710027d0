//! Writes the seeds of every fuzz target below a folder, a folder for each
//! and a file for each seed, and prints the names of the targets; `engine`
//! behind those that are of the engine.
#![allow(
    clippy::print_stdout,
    reason = "cargo xtask fuzz reads the names from here"
)]

use std::path::PathBuf;
use std::{env, fs};

use anyhow::Context as _;
use casefile_tests::fuzz::{OF_THE_ENGINE, TARGETS, seeds};

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).context("which folder?")?);
    for (name, _) in TARGETS {
        let folder = folder.join(name);
        let shown = folder.display();
        fs::create_dir_all(&folder).with_context(|| format!("{shown}: can't be made"))?;
        for (number, seed) in seeds(name).iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:02}")), seed)
                .with_context(|| format!("{shown}: can't be written to"))?;
        }
        let engine = if OF_THE_ENGINE.contains(name) {
            " engine"
        } else {
            ""
        };
        println!("{name}{engine}");
    }
    Ok(())
}
