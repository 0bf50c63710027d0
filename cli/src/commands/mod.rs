//! One file for each command.

mod check;
mod config;
mod explain;
mod policy;
mod snapshot;
mod trust;
mod why;

use crate::terminal::Terminal;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Check(check::Arguments),
    Why(why::Arguments),
    Explain(explain::Arguments),
    #[command(subcommand)]
    Config(config::Command),
    #[command(subcommand)]
    Snapshot(snapshot::Command),
    #[command(subcommand)]
    Trust(trust::Command),
    #[command(subcommand)]
    Policy(policy::Command),
}

/// Runs a command; its exit code.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Why(arguments) => why::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Config(command) => config::run(command, terminal),
        Command::Snapshot(command) => snapshot::run(command, terminal),
        Command::Trust(command) => trust::run(&command, terminal),
        Command::Policy(command) => policy::run(command, terminal),
    }
}
