//! How a host is judged and reported, whatever names it: what `check` and
//! `why` share.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::bail;
use casefile_engine::facts::Facts;
use casefile_engine::finding::Severity;
use casefile_engine::gate::Gate;
use casefile_engine::judge::{self, Judgement};
use casefile_engine::report::{self, Style};
use casefile_engine::sandbox::{Limits, Sandbox};
use casefile_engine::timestamp;
use casefile_engine::waiver::WaiverState;

use crate::configuration::{self, Chosen, ConfigurationArguments, Grant, parse_grant};
use crate::policies::PolicyArguments;
use crate::terminal::{Terminal, is_broken_pipe};

/// What decides how is judged and reported.
#[derive(clap::Args)]
pub(crate) struct JudgingArguments {
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
pub(crate) struct Parameter {
    pub(crate) policy: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

pub(crate) fn parse_parameter(text: &str) -> Result<Parameter, String> {
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

pub(crate) fn parse_time(text: &str) -> Result<i64, String> {
    timestamp::parse(text)
        .ok_or_else(|| "write it as 2026-01-31, 2026-01-31T12:00:00Z or @SECONDS".to_owned())
}

/// Judges hosts one after the other, and reports on each.
pub(crate) struct Judging<'a> {
    arguments: &'a JudgingArguments,
    terminal: &'a Terminal,
    sandbox: Sandbox,
    chosen: Chosen,
    options: judge::Options,
    fail_on: Severity,
    /// What each waiver did, of all hosts together.
    waivers: Vec<WaiverState>,
}

impl<'a> Judging<'a> {
    /// Loads the policies, and what the configuration decides.
    ///
    /// # Errors
    /// A policy can't be loaded, or what was given does not fit it.
    pub(crate) fn new(
        arguments: &'a JudgingArguments,
        terminal: &'a Terminal,
    ) -> anyhow::Result<Self> {
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
        let options = options(arguments, &chosen, threads)?;
        Ok(Self {
            fail_on: arguments.fail_on.unwrap_or_else(|| chosen.fail_on()),
            waivers: vec![WaiverState::OtherHost; options.waivers.len()],
            arguments,
            terminal,
            sandbox,
            chosen,
            options,
        })
    }

    /// Judges one host, and reports on it.
    ///
    /// # Errors
    /// It can't be judged, or the report can't be written.
    pub(crate) fn judge(&mut self, facts: &Arc<Facts>) -> anyhow::Result<Gate> {
        let Judgement { verdict, messages } =
            judge::judge(&self.sandbox, &self.chosen.policies, facts, &self.options)?;
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

    /// Tells which waivers were for nothing, of all that were judged.
    pub(crate) fn tell_unused_waivers(&self) {
        self.chosen.tell_unused(&self.waivers, self.terminal);
    }
}

fn options(
    arguments: &JudgingArguments,
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
