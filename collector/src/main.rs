//! `casefile-collect`: captures this host, or an image, into a snapshot.
//! Only a dry run and `-o -` write to standard output; all else goes to
//! standard error.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use casefile_collector::{Options, Summary, capture, output};
use casefile_snapshot::{Content, HostPath, Kind, Snapshot, Tool, write_snapshot};
use clap::Parser;

/// Exit code of every error.
const EXIT_ERROR: u8 = 2;

/// Capture this host, or an image of one, into a snapshot
///
/// Reads, and changes nothing; runs no program; never waits for what does not
/// answer. What can't be read is recorded with the reason. As an ordinary
/// user it takes what that user may read; run it as root to take all.
///
/// Of environment variables all names are kept, and the values of those alone
/// that diagnosis needs (GOMAXPROCS, PATH, LD_LIBRARY_PATH, SSL_CERT_FILE ...);
/// private keys among certificates are replaced. The summary counts what was
/// hidden.
///
/// Exit codes: 0 the snapshot was written; 2 it was not.
#[derive(Parser)]
#[command(name = "casefile-collect", version, max_term_width = 100)]
struct Arguments {
    /// Write the snapshot to this file (- for standard output); it appears
    /// whole or not at all, and only its owner may read it
    #[arg(short, long, value_name = "FILE", required_unless_present = "dry_run")]
    output: Option<PathBuf>,

    /// Take this program into account, beside those that run or that units
    /// start
    #[arg(long = "binary", value_name = "PATH", value_parser = parse_host_path)]
    binaries: Vec<HostPath>,

    /// Capture this tree of files instead of the running host
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// How long to wait for a file that does not answer
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=600))]
    timeout: u16,

    /// zstd's level: 1 is fastest, 19 smallest
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(i32).range(1..=19))]
    level: i32,

    /// Print what would be taken, and what not and why; write nothing. The
    /// capture is made in memory for it, and thrown away
    #[arg(long, conflicts_with = "output")]
    dry_run: bool,

    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

fn parse_host_path(text: &str) -> Result<HostPath, String> {
    HostPath::from_bytes(text.as_bytes()).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if arguments.dry_run && is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}").replace(['\n', '\r'], " ");
            say(&format!("casefile-collect: error: {text}"));
            ExitCode::from(EXIT_ERROR)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let to_stdout = arguments.output.as_deref() == Some(Path::new("-"));
    if to_stdout && io::stdout().is_terminal() {
        bail!("a snapshot is no text for a terminal: name a file with -o, or pipe it on");
    }
    let snapshot = take(arguments)?;
    match &arguments.output {
        None => list(&snapshot)?,
        Some(_) if to_stdout => write_snapshot(&snapshot, io::stdout().lock(), arguments.level)
            .context("can't write the snapshot to standard output")?,
        Some(path) => output::write_file(&snapshot, path, arguments.level)?,
    }
    if !arguments.quiet {
        summarise(&snapshot, arguments);
    }
    Ok(())
}

fn take(arguments: &Arguments) -> anyhow::Result<Snapshot> {
    let options = Options {
        root: arguments.root.clone(),
        binaries: arguments.binaries.clone(),
        timeout: Duration::from_secs(arguments.timeout.into()),
        ..Options::default()
    };
    let tool = Tool {
        name: env!("CARGO_BIN_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // A dumb terminal can't take a line away again.
    let erases = env::var_os("TERM").is_some_and(|name| !name.is_empty() && name != "dumb");
    let shown = !arguments.quiet && erases && io::stderr().is_terminal();
    let progress = |what: &str| {
        if shown {
            // Progress is no result: standard error may be closed.
            let _ = write!(io::stderr(), "\r\u{1b}[2K{what}");
        }
    };
    let snapshot = capture(&options, tool, &mut |what| progress(what));
    progress("");
    Ok(snapshot?)
}

/// Prints the index: a line for each item.
fn list(snapshot: &Snapshot) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for id in snapshot.ids() {
        let key = snapshot.key(id);
        write!(out, "{}: ", key.path)?;
        match &snapshot.entry(id).content {
            Content::Bytes { size, redacted, .. } => {
                match key.kind {
                    Kind::Raw => write!(out, "{size} bytes")?,
                    Kind::Elf => write!(out, "what a loader reads of it, {size} bytes")?,
                    Kind::Environment => write!(out, "names and listed values, {size} bytes")?,
                    Kind::Go => write!(out, "what Go's tables say of it, {size} bytes")?,
                    Kind::Descriptors | Kind::Mappings | Kind::Sockets | Kind::Space => {
                        write!(out, "counts, {size} bytes")?;
                    }
                }
                match redacted {
                    Some(places) => writeln!(out, ", hidden in {places} places")?,
                    None => writeln!(out)?,
                }
            }
            Content::Symlink { target } => writeln!(out, "link to {target}")?,
            Content::Directory { names } => writeln!(out, "{} names", names.len())?,
            Content::Missing(absence) => writeln!(out, "nothing: {absence}")?,
        }
    }
    out.flush()
}

fn summarise(snapshot: &Snapshot, arguments: &Arguments) {
    let Summary {
        items,
        bytes,
        hidden_variables,
        hidden_places,
        absent,
        unknown,
    } = Summary::of(snapshot);
    let mut text = format!(
        "casefile-collect: {items} items, {bytes} bytes; {hidden_variables} values of variables \
         and {hidden_places} places in files hidden; {absent} items absent"
    );
    let mut separator = "; unknown:";
    for (reason, count) in &unknown {
        let _ = write!(text, "{separator} {count} {reason}");
        separator = ",";
    }
    say(&text);
    match arguments.output.as_deref() {
        None => say("casefile-collect: dry run, nothing was written"),
        Some(path) if path != Path::new("-") => {
            say(&format!("casefile-collect: wrote {}", path.display()));
        }
        Some(_) => {}
    }
    for path in &arguments.binaries {
        if let Err(missing) = snapshot.find(Kind::Elf, path) {
            say(&format!(
                "casefile-collect: {path}, named with --binary, was not taken: {} is {}",
                missing.path, missing.absence
            ));
        }
    }
    if snapshot.manifest().collector.uid != 0 {
        say("casefile-collect: run it as root to take what only root may read");
    }
}

fn say(line: &str) {
    // Nobody listens where standard error is closed.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether an error is a reader that went away (`| head`).
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
