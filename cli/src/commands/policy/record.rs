//! `casefile policy record`: freezes what a policy read of a host into a case
//! that `casefile policy test` passes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use casefile_cases::{Recorder, Recording};
use casefile_collector::Options as CaptureOptions;
use casefile_collector::output::write_with;
use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Limits, Policy, Sandbox};

use super::pack::existing;
use crate::judging::parse_time;
use crate::terminal::Terminal;
use crate::{host, input, policies};

/// Record what a policy read of a host, and what it found, as a case
///
/// The case has the evidence that was read and no other, in a text that can
/// be read and changed (docs/cases.md). Values that the snapshot hides stay
/// hidden. It is written when it gives the same findings again.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The policy
    #[arg(value_name = "POLICY")]
    policy: PathBuf,

    /// The snapshot (- for standard input); this host where none is given
    #[arg(value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,

    /// Record this rule; all rules of the policy where none is given
    #[arg(long = "rule", value_name = "CODE")]
    rules: Vec<String>,

    /// Where the case goes; standard output where it is not given. What is no
    /// text goes into a folder beside it
    #[arg(short, long, value_name = "CASE.toml")]
    output: Option<PathBuf>,

    /// Write over a case that is there
    #[arg(long, requires = "output")]
    force: bool,

    /// Judge as of this time (2026-01-31, 2026-01-31T12:00:00Z or @SECONDS)
    /// instead of the snapshot's own
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    as_of: Option<i64>,

    /// Set a parameter of the policy
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_parameter)]
    parameters: Vec<(String, String)>,
}

fn parse_parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as NAME=VALUE: open-files-low=65536".to_owned())
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    if let Some(output) = &arguments.output
        && !arguments.force
        && fs::symlink_metadata(output).is_ok()
    {
        bail!(
            "{}: is there already; --force writes over it",
            output.display()
        );
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = arguments.rules.iter().find(|rule| !seen.insert(*rule)) {
        bail!("rule {twice} is named twice");
    }
    let mut parameters = BTreeMap::new();
    for (name, value) in &arguments.parameters {
        if parameters.insert(name.clone(), value.clone()).is_some() {
            bail!("parameter {name} is set twice");
        }
    }
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let loaded = policies::under_test(&sandbox, &arguments.policy, terminal)?;
    let policy = only(&loaded, &arguments.rules)?;
    let snapshot = match &arguments.snapshot {
        Some(path) => input::snapshot(path)?,
        None => host::capture(&CaptureOptions::default(), terminal)?,
    };
    terminal.progress("recording");
    let facts = Arc::new(Facts::new(Arc::new(snapshot)));
    let recorder = Recorder {
        rules: &arguments.rules,
        as_of: arguments.as_of,
        parameters: &parameters,
        path: arguments
            .output
            .as_deref()
            .unwrap_or(Path::new("case.toml")),
    };
    let recording = recorder.record(&sandbox, policy, &facts)?;
    terminal.progress_done();
    for rule in &recording.silent {
        terminal.note(&format!(
            "rule {rule} gave no finding: it is not in the case"
        ));
    }
    match &arguments.output {
        Some(output) => write(output, &recording, arguments.force)?,
        None if recording.files.is_empty() => terminal.result(&recording.text)?,
        None => bail!(
            "the case needs {} files beside it: say where it goes (-o CASE.toml)",
            recording.files.len()
        ),
    }
    terminal.note(&format!(
        "recorded: findings {}, items {}, files beside the case {}",
        recording.findings,
        recording.items,
        recording.files.len()
    ));
    Ok(0)
}

/// The policy that has these rules, if it is one.
fn only<'p>(policies: &'p [Policy], rules: &[String]) -> anyhow::Result<&'p Policy> {
    let has = |policy: &Policy, code: &String| {
        let mut rules = policy.description().rules.iter();
        rules.any(|rule| rule.code == *code)
    };
    let known = policies
        .iter()
        .flat_map(|policy| &policy.description().rules);
    let known: Vec<&str> = known.map(|rule| rule.code.as_str()).collect();
    if let Some(stranger) = rules.iter().find(|code| !known.contains(&code.as_str())) {
        bail!(
            "there is no rule {stranger:?}; there are: {}",
            known.join(", ")
        );
    }
    let fits = |policy: &&Policy| rules.iter().all(|code| has(policy, code));
    let fitting: Vec<&Policy> = policies.iter().filter(fits).collect();
    match fitting[..] {
        [policy] => Ok(policy),
        [] => bail!("a case is about one policy; these rules are of several"),
        _ => bail!("a case is about one policy; say by --rule which one"),
    }
}

/// Writes the files beside the case, then the case.
fn write(output: &Path, recording: &Recording, force: bool) -> anyhow::Result<()> {
    let folder = output.parent().unwrap_or(Path::new(""));
    for (name, bytes) in &recording.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("{}: can't be made", parent.display()))?;
        }
        write_file(&path, bytes, force)?;
    }
    write_file(output, recording.text.as_bytes(), force)
}

fn write_file(path: &Path, bytes: &[u8], force: bool) -> anyhow::Result<()> {
    write_with(path, 0o644, existing(force), |file| file.write_all(bytes))?;
    Ok(())
}
