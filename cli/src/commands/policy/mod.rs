//! `casefile policy`: what is done with policies without judging a host. One
//! file for each command.

mod build;
mod documentation;
mod export;
mod import;
mod inspect;
mod keygen;
mod lint;
mod new;
mod pack;
mod password;
mod record;
mod sign;
mod test;
mod verify;

use crate::terminal::Terminal;

/// Write, test, pack, sign and carry policies
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    New(new::Arguments),
    Build(build::Arguments),
    Test(test::Arguments),
    Record(record::Arguments),
    Lint(lint::Arguments),
    Inspect(inspect::Arguments),
    Doc(documentation::Arguments),
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
        Command::Doc(arguments) => documentation::run(&arguments, terminal),
        Command::Build(arguments) => build::run(&arguments, terminal),
        Command::Inspect(arguments) => inspect::run(&arguments, terminal),
        Command::Lint(arguments) => lint::run(&arguments, terminal),
        Command::New(arguments) => new::run(&arguments, terminal),
        Command::Record(arguments) => record::run(&arguments, terminal),
        Command::Test(arguments) => test::run(&arguments, terminal),
        Command::Pack(arguments) => pack::run(&arguments, terminal),
        Command::Keygen(arguments) => keygen::run(&arguments, terminal),
        Command::Sign(arguments) => sign::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Export(arguments) => export::run(&arguments, terminal),
        Command::Import(arguments) => import::run(&arguments, terminal),
    }
}
