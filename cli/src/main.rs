//! `casefile`: judges a Linux host, live or saved, by sandboxed WebAssembly
//! policies. Results go to standard output, everything else to standard error.

mod cache;
mod commands;
mod configuration;
mod embedded;
mod host;
mod input;
mod judging;
mod policies;
mod scripts;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::terminal::{ColourWhen, Terminal};

/// Exit code for usage, input and internal errors.
const EXIT_ERROR: u8 = 2;

/// Judges a Linux host, live or saved, by sandboxed WebAssembly policies.
#[derive(Parser)]
#[command(name = "casefile", version, about, max_term_width = 100)]
struct Arguments {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColourWhen,

    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.color, arguments.quiet);
    match commands::run(arguments.command, &terminal) {
        Ok(code) => ExitCode::from(code),
        Err(error) if terminal::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(EXIT_ERROR)
        }
    }
}
