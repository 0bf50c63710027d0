//! `casefile config`: what is done with a configuration without judging a
//! host.

use std::path::PathBuf;

use casefile_configuration::Strangers;
use casefile_engine::sandbox::{Limits, Sandbox};

use crate::configuration::Written;
use crate::terminal::Terminal;

/// Look at configurations
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Check(Arguments),
}

/// Check a configuration, and print what it comes to
///
/// Exit codes: 0 it can be used; 2 something is wrong with it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The configuration; casefile.toml in the current folder where none is
    /// given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Check(arguments) => check(&arguments, terminal),
    }
}

fn check(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let written = Written::read(arguments.file.as_deref())?;
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let policies = written.load(&sandbox, terminal)?;
    let configuration = written.check(&policies, Strangers::Refused)?;
    terminal.result(&configuration.effective())?;
    Ok(0)
}
