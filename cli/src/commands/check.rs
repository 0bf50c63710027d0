//! `casefile check`: judges this host, or saved snapshots.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use casefile_collector::Options as CaptureOptions;
use casefile_engine::facts::Facts;
use casefile_engine::finding::Severity;
use casefile_engine::gate::Gate;
use casefile_engine::judge::{self, Judgement};
use casefile_engine::report::{self, Style};
use casefile_engine::sandbox::{Limits, Sandbox};
use casefile_engine::timestamp;
use casefile_engine::waiver::WaiverState;
use casefile_snapshot::{HostPath, Snapshot};

use crate::configuration::{self, Chosen, ConfigurationArguments, Grant, parse_grant};
use crate::policies::{Loaded, PolicyArguments};
use crate::terminal::{Terminal, is_broken_pipe};
use crate::{EXIT_ERROR, host, input};

/// Judge this host, or saved snapshots
///
/// Exit codes: 0 pass; 1 a finding at or above --fail-on failed; 2 usage,
/// input or internal error; 3 nothing failed, but evidence is missing or a
/// rule was stopped; 4 there was nothing to judge by. 2 comes before 1, 1
/// before 3, 3 before 4.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Snapshots to judge (- for standard input); this host where none is given
    #[arg(value_name = "SNAPSHOT")]
    snapshots: Vec<PathBuf>,

    #[command(flatten)]
    policies: PolicyArguments,

    #[command(flatten)]
    configuration: ConfigurationArguments,

    /// Set a policy's parameter
    #[arg(long = "param", value_name = "POLICY.NAME=VALUE", value_parser = parse_parameter)]
    parameters: Vec<Parameter>,

    /// Let a policy ask for this, where it would be denied: what shows
    /// secrets is, to policies that nobody has signed
    #[arg(long = "grant", value_name = "POLICY.INTERFACE", value_parser = parse_grant)]
    grants: Vec<Grant>,

    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// The least severity whose failures make the exit code 1; high where
    /// neither this nor the configuration says otherwise
    #[arg(long, value_name = "SEVERITY", value_parser = parse_severity)]
    fail_on: Option<Severity>,

    /// Judge as of this time (2026-01-31, 2026-01-31T12:00:00Z or @SECONDS)
    /// instead of the snapshot's own
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    as_of: Option<i64>,

    /// List what passes as well
    #[arg(long)]
    all: bool,

    /// Rules that are evaluated at a time; as many as there are processors
    /// where it is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    /// Show what policies log
    #[arg(long)]
    log: bool,

    /// Judge this tree of files instead of the running host
    #[arg(long, value_name = "DIR", conflicts_with = "snapshots")]
    root: Option<PathBuf>,

    /// Take this program into account, beside those that run or that units
    /// start
    #[arg(long = "binary", value_name = "PATH", value_parser = parse_host_path, conflicts_with = "snapshots")]
    binaries: Vec<HostPath>,

    /// Keep what was captured of this host
    #[arg(long, value_name = "FILE", conflicts_with = "snapshots")]
    save: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: docs/verdict.schema.json; several snapshots give
    /// several documents
    Json,
}

#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) policy: String,
    pub(super) name: String,
    pub(super) value: String,
}

pub(super) fn parse_parameter(text: &str) -> Result<Parameter, String> {
    text.split_once('=')
        .and_then(|(key, value)| Some((key.split_once('.')?, value)))
        .map(|((policy, name), value)| Parameter {
            policy: policy.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .ok_or_else(|| "write it as POLICY.NAME=VALUE: limits.open-files-low=65536".to_owned())
}

fn parse_severity(text: &str) -> Result<Severity, String> {
    Severity::ALL
        .into_iter()
        .find(|severity| severity.as_str() == text)
        .ok_or_else(|| format!("one of {}", Severity::ALL.map(Severity::as_str).join(", ")))
}

pub(super) fn parse_time(text: &str) -> Result<i64, String> {
    timestamp::parse(text)
        .ok_or_else(|| "write it as 2026-01-31, 2026-01-31T12:00:00Z or @SECONDS".to_owned())
}

fn parse_host_path(text: &str) -> Result<HostPath, String> {
    HostPath::from_bytes(text.as_bytes()).map_err(|error| error.to_string())
}

/// Runs the command.
pub(crate) fn run(arguments: Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let threads = arguments.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let sandbox = Sandbox::new(Limits::default(), threads)?;
    let chosen = configuration::choose(
        &arguments.policies,
        &arguments.configuration,
        &sandbox,
        terminal,
    )?;
    let options = options(&arguments, &chosen, threads)?;
    let mut check = Check {
        arguments: &arguments,
        terminal,
        sandbox: &sandbox,
        policies: &chosen.policies,
        options: &options,
        fail_on: arguments.fail_on.unwrap_or_else(|| chosen.fail_on()),
        waivers: vec![WaiverState::OtherHost; options.waivers.len()],
    };
    if arguments.snapshots.is_empty() {
        let snapshot = check.capture()?;
        let gate = check.judge(snapshot)?;
        chosen.tell_unused(&check.waivers, terminal);
        return Ok(gate.exit_code());
    }
    let mut gate = Gate::Pass;
    let mut failed = false;
    for path in &arguments.snapshots {
        match input::snapshot(path).and_then(|snapshot| check.judge(snapshot)) {
            Ok(one) => gate = gate.join(one),
            Err(error) => {
                terminal.error(&error);
                failed = true;
            }
        }
    }
    // One that could not be judged may be what a waiver is for.
    if !failed {
        chosen.tell_unused(&check.waivers, terminal);
    }
    Ok(if failed { EXIT_ERROR } else { gate.exit_code() })
}

fn options(
    arguments: &Arguments,
    chosen: &Chosen,
    threads: usize,
) -> anyhow::Result<judge::Options> {
    let mut parameters: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for Parameter {
        policy,
        name,
        value,
    } in &arguments.parameters
    {
        let old = parameters
            .entry(policy.clone())
            .or_default()
            .insert(name.clone(), value.clone());
        if old.is_some() {
            bail!("parameter {policy}.{name} is set twice");
        }
    }
    let mut options = judge::Options {
        as_of: arguments.as_of,
        parameters,
        threads,
        ..judge::Options::default()
    };
    chosen.decide(&arguments.grants, &mut options)?;
    Ok(options)
}

struct Check<'a> {
    arguments: &'a Arguments,
    terminal: &'a Terminal,
    sandbox: &'a Sandbox,
    policies: &'a [Loaded],
    options: &'a judge::Options,
    fail_on: Severity,
    /// What each waiver did, of all snapshots together.
    waivers: Vec<WaiverState>,
}

impl Check<'_> {
    fn capture(&self) -> anyhow::Result<Snapshot> {
        let options = CaptureOptions {
            root: self.arguments.root.clone(),
            binaries: self.arguments.binaries.clone(),
            ..CaptureOptions::default()
        };
        let snapshot = host::capture(&options, self.terminal)?;
        if let Some(path) = &self.arguments.save {
            casefile_collector::output::write_file(&snapshot, path, LEVEL)
                .context("the snapshot can't be kept")?;
        }
        Ok(snapshot)
    }

    fn judge(&mut self, snapshot: Snapshot) -> anyhow::Result<Gate> {
        let facts = Arc::new(Facts::new(Arc::new(snapshot)));
        let Judgement { verdict, messages } =
            judge::judge(self.sandbox, self.policies, &facts, self.options)?;
        for (state, waiver) in self.waivers.iter_mut().zip(&verdict.waivers) {
            *state = configuration::together(*state, waiver.state);
        }
        if self.arguments.log {
            for (policy, rule, message) in messages {
                self.terminal.note(&format!(
                    "{policy} {rule} {}: {:?}",
                    message.level, message.text
                ));
            }
        }
        let text = match self.arguments.format {
            Format::Json => report::json(&verdict)?,
            Format::Text => report::text(
                &verdict,
                Style {
                    colour: self.terminal.colour(),
                    all: self.arguments.all,
                    width: self.terminal.width(),
                },
            ),
        };
        // A reader that went away has seen enough: the verdict, of this
        // snapshot and of the next, is in the exit code all the same.
        match self.terminal.result(&text) {
            Err(error) if is_broken_pipe(&error) => {}
            written => written?,
        }
        Ok(Gate::of(&verdict, self.fail_on))
    }
}

/// zstd's level for snapshots: fast.
const LEVEL: i32 = 3;
