//! `casefile policy`: what is done with policies without judging a host. One
//! file for each command.

mod documentation;
mod export;
mod import;
mod inspect;
mod keygen;
mod pack;
mod password;
mod sign;
mod verify;

use crate::terminal::Terminal;

/// Look at policies, pack, sign and carry them
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Inspect(inspect::Arguments),
    Pack(pack::Arguments),
    Keygen(keygen::Arguments),
    Sign(sign::Arguments),
    Verify(verify::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Inspect(arguments) => inspect::run(&arguments, terminal),
        Command::Pack(arguments) => pack::run(&arguments, terminal),
        Command::Keygen(arguments) => keygen::run(&arguments, terminal),
        Command::Sign(arguments) => sign::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Export(arguments) => export::run(&arguments, terminal),
        Command::Import(arguments) => import::run(&arguments, terminal),
    }
}
