//! `casefile policy`: what is done with policies without judging a host. One
//! file for each command.

mod inspect;
mod record;
mod test;

use crate::terminal::Terminal;

/// Look at policies, and test them
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Inspect(inspect::Arguments),
    Test(test::Arguments),
    Record(record::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Inspect(arguments) => inspect::run(&arguments, terminal),
        Command::Record(arguments) => record::run(&arguments, terminal),
        Command::Test(arguments) => test::run(&arguments, terminal),
    }
}
