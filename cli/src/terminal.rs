//! Where output goes and how it looks: colours, width, progress.
//! A reader that goes away early (`| head`) is no error.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Columns where output is no terminal.
const WIDTH_OF_A_FILE: usize = 100;

/// The two outputs.
pub(crate) struct Terminal {
    colour: bool,
    quiet: bool,
    progress: bool,
}

impl Terminal {
    pub(crate) fn new(when: ColourWhen, quiet: bool) -> Self {
        let colour = match when {
            ColourWhen::Always => true,
            ColourWhen::Never => false,
            ColourWhen::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        };
        Self {
            colour,
            quiet,
            progress: !quiet && io::stderr().is_terminal() && can_erase(),
        }
    }

    /// How reports look on standard output.
    pub(crate) const fn colour(&self) -> bool {
        self.colour
    }

    /// Columns of standard output.
    pub(crate) fn width(&self) -> usize {
        terminal_size::terminal_size_of(io::stdout())
            .map_or(WIDTH_OF_A_FILE, |(width, _)| usize::from(width.0))
    }

    /// Writes a result to standard output.
    pub(crate) fn result(&self, text: &str) -> anyhow::Result<()> {
        self.bytes(text.as_bytes())
    }

    /// Writes a result's bytes to standard output.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// Shows what is being done, on a terminal alone.
    pub(crate) fn progress(&self, text: &str) {
        if self.progress {
            // Standard error may be closed: progress is no result.
            let _ = write!(io::stderr(), "\r\u{1b}[2K{text}");
        }
    }

    /// Takes the last progress away again.
    pub(crate) fn progress_done(&self) {
        self.progress("");
    }

    /// Says something that is no result.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "casefile: {text}");
        }
    }

    /// Reports an error: in one line, but for what has several to say.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.progress_done();
        if let Some(Lines { headline, lines }) = error.downcast_ref::<Lines>() {
            let _ = writeln!(
                io::stderr(),
                "casefile: error: {headline}\n{}",
                lines.trim_end()
            );
            return;
        }
        let text = format!("{error:#}").replace(['\n', '\r'], " ");
        let _ = writeln!(io::stderr(), "casefile: error: {text}");
    }
}

/// An error that has several lines to say: places in a file, the words of a
/// compiler.
#[derive(Debug)]
pub(crate) struct Lines {
    /// What went wrong, in one line.
    pub(crate) headline: String,
    /// The rest.
    pub(crate) lines: String,
}

impl fmt::Display for Lines {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.headline, self.lines)
    }
}

impl std::error::Error for Lines {}

/// Whether the terminal knows how to take a line away again (terminfo(5): the
/// types without that are called so).
fn can_erase() -> bool {
    std::env::var_os("TERM").is_some_and(|name| !name.is_empty() && name != "dumb")
}

/// Whether an error is a reader that went away.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
