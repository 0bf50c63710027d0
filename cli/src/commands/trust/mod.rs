//! `casefile trust`: what the libraries of a host trust.

mod verify;

use crate::terminal::Terminal;

/// Ask what the TLS libraries of a host trust
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Verify(verify::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: &Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Verify(arguments) => verify::run(arguments, terminal),
    }
}
