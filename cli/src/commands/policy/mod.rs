//! `casefile policy`: what is done with policies without judging a host. One
//! file for each command.

mod build;
mod inspect;
mod lint;
mod new;

use crate::terminal::Terminal;

/// Look at policies
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Build(build::Arguments),
    Inspect(inspect::Arguments),
    Lint(lint::Arguments),
    New(new::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Build(arguments) => build::run(&arguments, terminal),
        Command::Inspect(arguments) => inspect::run(&arguments, terminal),
        Command::Lint(arguments) => lint::run(&arguments, terminal),
        Command::New(arguments) => new::run(&arguments, terminal),
    }
}
