//! `cargo xtask conformance`: the conformance policy and the attempts to leave
//! the sandbox in each language, built by the pinned tools of the languages,
//! and the tests that compare what they say.

use std::process::Command;

use crate::process::{self, run_in};
use crate::step::Step;
use crate::toolchains::go::Go;
use crate::workspace;

use super::policies;

/// Folders of `policies` with a project for each language, and of
/// `target/policies` where their components are put.
const PLACES: [&str; 2] = ["conformance", "escapes"];

/// A language beside Rust, whose policies `cargo xtask policies` builds.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Go, from a Python package
    Go,
}

impl Language {
    const ALL: [Self; 1] = [Self::Go];

    const fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
        }
    }

    /// Makes sure of its tools, and lets a command find them.
    fn apply(self, command: &mut Command) -> anyhow::Result<()> {
        match self {
            Self::Go => Go::ensure()?.apply(command),
        }
    }
}

/// Builds and compares.
///
/// # Errors
/// A tool can't be had, a policy can't be built, or it says something else
/// than the reference.
pub(crate) fn run(languages: &[Language]) -> anyhow::Result<()> {
    policies::run()?;
    let languages = if languages.is_empty() {
        &Language::ALL
    } else {
        languages
    };
    for language in languages {
        build(*language)?;
    }
    let names: Vec<&str> = languages.iter().map(|language| language.name()).collect();
    let names = names.join(" ");
    let mut test = workspace::cargo("test");
    test.args(["--package", "casefile-tests", "--test", "conformance"])
        .args(["--test", "escapes", "--test", "escapes_again"])
        .env("CASEFILE_CONFORMANCE", &names)
        .env("CASEFILE_ESCAPES", &names);
    process::run(&mut test)
}

fn build(language: Language) -> anyhow::Result<()> {
    let name = language.name();
    for place in PLACES {
        let output = workspace::built_policies()
            .join(place)
            .join(name)
            .with_extension("wasm");
        let mut build = workspace::cargo("run");
        build
            .current_dir(workspace::root())
            .args(["--quiet", "--package", "casefile", "--"])
            .args(["policy", "build", "--output"])
            .arg(&output)
            .arg(workspace::policies().join(place).join(name));
        language.apply(&mut build)?;
        let mut step = Step::start(format!("{place} in {name}"));
        std::fs::create_dir_all(workspace::built_policies().join(place))?;
        run_in(&mut step, &mut build)?;
        step.end("built");
    }
    Ok(())
}
