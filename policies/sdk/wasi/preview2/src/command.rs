//! What a command-line program gets: no environment, no arguments, no
//! terminal, its standard streams; and its exit, which traps.

use crate::bindings::casefile::policy::log::Level;
use crate::bindings::exports::wasi::cli::{
    environment, exit, stderr, stdin, stdout, terminal_input, terminal_output, terminal_stderr,
    terminal_stdin, terminal_stdout,
};
use crate::bindings::exports::wasi::io::streams::{InputStream, OutputStream};
use crate::streams::{Ended, Logged};
use crate::{Inert, Nothing};

impl environment::Guest for Inert {
    fn get_environment() -> Vec<(String, String)> {
        Vec::new()
    }

    fn get_arguments() -> Vec<String> {
        Vec::new()
    }

    fn initial_cwd() -> Option<String> {
        None
    }
}

impl exit::Guest for Inert {
    fn exit(_: Result<(), ()>) {
        std::process::abort();
    }

    fn exit_with_code(_: u8) {
        std::process::abort();
    }
}

impl stdin::Guest for Inert {
    fn get_stdin() -> InputStream {
        InputStream::new(Ended)
    }
}

impl stdout::Guest for Inert {
    fn get_stdout() -> OutputStream {
        OutputStream::new(Logged(Level::Info))
    }
}

impl stderr::Guest for Inert {
    fn get_stderr() -> OutputStream {
        OutputStream::new(Logged(Level::Warn))
    }
}

impl terminal_input::GuestTerminalInput for Nothing {}

impl terminal_output::GuestTerminalOutput for Nothing {}

impl terminal_input::Guest for Inert {
    type TerminalInput = Nothing;
}

impl terminal_output::Guest for Inert {
    type TerminalOutput = Nothing;
}

impl terminal_stdin::Guest for Inert {
    fn get_terminal_stdin() -> Option<terminal_stdin::TerminalInput> {
        None
    }
}

impl terminal_stdout::Guest for Inert {
    fn get_terminal_stdout() -> Option<terminal_stdout::TerminalOutput> {
        None
    }
}

impl terminal_stderr::Guest for Inert {
    fn get_terminal_stderr() -> Option<terminal_stderr::TerminalOutput> {
        None
    }
}
