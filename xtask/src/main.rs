//! What developers of Casefile run: `cargo xtask COMMAND`. Each command makes
//! sure of what it needs, and skips what is up to date.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers talks to them"
)]

mod apt;
mod commands;
mod compiler;
mod content;
mod dependencies;
mod oracles;
mod process;
mod scripts;
mod step;
mod toolchains;
mod wasm_toolchain;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;

/// What developers of Casefile run
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
