//! `cargo xtask conformance`: the conformance policy and the attempts to leave
//! the sandbox in each language, built by the pinned tools of the languages;
//! the tests that compare what they say, and the walks of the documentation.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::process::{self, run_in};
use crate::step::Step;
use crate::toolchains::Tools;
use crate::{content, workspace};
use casefile_authoring::language::Language;

use super::policies;

/// Folders of `policies` with a project for each language, and of
/// `target/policies` where their components are put.
const PLACES: [&str; 2] = ["conformance", "escapes"];

/// The table in README.md stands between these.
const TABLE: [&str; 2] = ["<!-- conformance -->\n", "<!-- /conformance -->\n"];

/// Builds, compares, and writes what it costs into README.md if told so.
///
/// # Errors
/// A tool can't be had, a policy can't be built, or it says something else
/// than the reference.
pub(crate) fn run(languages: &[Language], write: bool) -> anyhow::Result<()> {
    policies::run()?;
    let all = Language::ALL;
    let languages = if languages.is_empty() {
        &all[..]
    } else {
        languages
    };
    let tools = Tools::ensure(languages)?;
    let casefile = program("casefile")?;
    let mut seconds = BTreeMap::new();
    let mut built: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for language in languages {
        for place in PLACES {
            let folder = workspace::policies().join(place).join(language.to_string());
            if *language == Language::Rust {
                // Both were built with the other policies.
                built.entry(place).or_default().push(language.to_string());
                continue;
            }
            // The attempts in JavaScript are those in TypeScript.
            if !folder.is_dir() {
                continue;
            }
            let took = build(
                &casefile,
                &tools,
                place,
                &language.to_string(),
                &source(folder),
            )?;
            if place == "conformance" {
                seconds.insert(language.to_string(), took);
            }
            built.entry(place).or_default().push(language.to_string());
        }
    }
    if languages.contains(&Language::C) {
        built
            .entry("escapes")
            .or_default()
            .push(c_with_system(&casefile, &tools)?);
    }
    test(&tools, &built, languages)?;
    let table = table(&seconds)?;
    eprintln!("\n{table}");
    if write {
        write_table(&table)?;
    }
    Ok(())
}

/// A program, built for development as `cargo xtask test` builds it: for
/// fewer packages cargo would build the runtime anew, with other features.
fn program(name: &str) -> anyhow::Result<PathBuf> {
    let mut step = Step::start(name);
    let mut build = workspace::cargo("build");
    build
        .current_dir(workspace::root())
        .args(["--workspace", "--bin", name]);
    run_in(&mut step, &mut build)?;
    step.end("built");
    Ok(workspace::target().join("debug").join(name))
}

/// What the program builds: a project, or where there is none its one script.
/// The attempts in JavaScript import what no bundler finds.
fn source(folder: PathBuf) -> PathBuf {
    let script = folder.join("policy.js");
    if !folder.join("policy.toml").is_file() && script.is_file() {
        return script;
    }
    folder
}

/// Builds one; how many seconds it took.
fn build(
    program: &Path,
    tools: &Tools,
    place: &str,
    name: &str,
    source: &Path,
) -> anyhow::Result<f64> {
    let folder = workspace::built_policies().join(place);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut step = Step::start(format!("{place} in {name}"));
    let mut build = workspace::program(program);
    build
        .args(["policy", "build", "--output"])
        .arg(folder.join(name).with_extension("wasm"))
        .arg(source);
    tools.apply(&mut build)?;
    let began = Instant::now();
    run_in(&mut step, &mut build)?;
    let seconds = began.elapsed().as_secs_f64();
    step.end("built");
    Ok(seconds)
}

/// The escapes of C that want a whole C library, by its own script.
fn c_with_system(program: &Path, tools: &Tools) -> anyhow::Result<String> {
    const NAME: &str = "c-wasi";
    let folder = workspace::policies().join("escapes").join(NAME);
    let mut step = Step::start(format!("module of {NAME}"));
    let mut module = workspace::program("sh");
    module.current_dir(&folder).arg("build.sh");
    tools.apply(&mut module)?;
    run_in(&mut step, &mut module)?;
    step.end("built");
    build(
        program,
        tools,
        "escapes",
        NAME,
        &folder.join("build/module.wasm"),
    )?;
    Ok(NAME.to_owned())
}

/// Runs the tests that compare, and the walks.
fn test(
    tools: &Tools,
    built: &BTreeMap<&str, Vec<String>>,
    languages: &[Language],
) -> anyhow::Result<()> {
    let names = |place: &str| built.get(place).map(|names| names.join(" "));
    let mut compare = workspace::cargo("test");
    compare
        .args(["--workspace", "--test", "conformance"])
        .args(["--test", "escapes", "--test", "escapes_again"])
        .env(
            "CASEFILE_CONFORMANCE",
            names("conformance").unwrap_or_default(),
        )
        .env("CASEFILE_ESCAPES", names("escapes").unwrap_or_default());
    process::run(&mut compare)?;
    let walks: Vec<String> = languages.iter().map(ToString::to_string).collect();
    let mut walk = workspace::cargo("test");
    walk.args(["--workspace", "--test", "command_line", "walks"])
        .env("CASEFILE_WALKS", walks.join(" "));
    tools.apply(&mut walk)?;
    process::run(&mut walk)
}

/// What the components cost, with the seconds that they took to build.
fn table(seconds: &BTreeMap<String, f64>) -> anyhow::Result<String> {
    let mut costs = workspace::program(program("conformance-costs")?);
    let seconds = seconds.iter();
    costs.args(seconds.map(|(name, seconds)| format!("{name}={seconds:.1}")));
    process::output(&mut costs)
}

fn write_table(table: &str) -> anyhow::Result<()> {
    let path = workspace::root().join("README.md");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let [begin, end] = TABLE;
    let found = text
        .split_once(begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let Some((before, after)) = found else {
        bail!("{}: it has no place for the table", path.display());
    };
    let text = format!("{before}{begin}{table}{end}{after}");
    let scratch = workspace::target().join("xtask");
    content::write_changed(&path, text.as_bytes(), 0o644, &scratch).map(|_| ())
}
