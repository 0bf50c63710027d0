//! `casefile snapshot`: looks into snapshots without judging them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_collector::output::{Existing, write_with};
use casefile_engine::timestamp;
use casefile_snapshot::{
    Absence, Content, EvidenceKey, HostPath, Kind, NotFound, Snapshot, Source, UnknownReason,
};

use crate::input;
use crate::terminal::Terminal;

/// Look into snapshots
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Show what a snapshot holds
    Show {
        /// The snapshot (- for standard input)
        snapshot: PathBuf,
        /// List every item
        #[arg(long)]
        list: bool,
    },
    /// Verify every digest of a snapshot, and that it keeps to the format
    Verify {
        /// Snapshots (- for standard input)
        #[arg(required = true)]
        snapshots: Vec<PathBuf>,
    },
    /// Write the bytes of one item; links are followed inside the snapshot
    Extract {
        /// The snapshot (- for standard input)
        snapshot: PathBuf,
        /// The path on the captured host
        path: String,
        /// Which form of it
        #[arg(long, value_enum, default_value = "raw")]
        kind: KindArgument,
        /// Where to write, instead of standard output; an existing file is
        /// left alone
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum KindArgument {
    /// The bytes as they were
    Raw,
    /// What the loader needs of an ELF file
    Elf,
    /// A process's environment (/proc/PID/environ)
    Environment,
    /// Counts of a process's open files (/proc/PID/fd)
    Descriptors,
}

impl From<KindArgument> for Kind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::Raw => Self::Raw,
            KindArgument::Elf => Self::Elf,
            KindArgument::Environment => Self::Environment,
            KindArgument::Descriptors => Self::Descriptors,
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Command::Show { snapshot, list } => {
            let snapshot = input::snapshot(&snapshot)?;
            let text = if list {
                listing(&snapshot)
            } else {
                summary(&snapshot)
            };
            terminal.result(&text)?;
        }
        Command::Verify { snapshots } => return verify(&snapshots, terminal),
        Command::Extract {
            snapshot,
            path,
            kind,
            output,
        } => {
            let snapshot = input::snapshot(&snapshot)?;
            extract(&snapshot, &path, kind.into(), output.as_deref(), terminal)?;
        }
    }
    Ok(0)
}

fn verify(paths: &[PathBuf], terminal: &Terminal) -> anyhow::Result<u8> {
    let mut code = 0;
    for path in paths {
        match input::snapshot(path) {
            Ok(snapshot) => terminal.result(&format!(
                "{}: whole, {} items, sha256:{}\n",
                path.display(),
                snapshot.len(),
                snapshot.digest()
            ))?,
            Err(error) => {
                terminal.error(&error);
                code = crate::EXIT_ERROR;
            }
        }
    }
    Ok(code)
}

fn extract(
    snapshot: &Snapshot,
    path: &str,
    kind: Kind,
    output: Option<&Path>,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let host_path = HostPath::new(path)
        .or_else(|_| HostPath::from_bytes(path.as_bytes()))
        .with_context(|| format!("{path}: no path of a host"))?;
    let found = snapshot
        .find(kind, &host_path)
        .map_err(|missing| nothing_there(snapshot, kind, &missing))?;
    let Some(bytes) = snapshot.bytes(found.id) else {
        bail!(
            "{}: a directory, of which the snapshot holds the names alone",
            found.path
        );
    };
    match output {
        Some(file) => Ok(write_with(file, 0o600, Existing::Keep, |file| {
            file.write_all(bytes)
        })?),
        None if std::io::stdout().is_terminal() && bytes.contains(&0) => {
            bail!("{}: binary; write it to a file with --output", found.path)
        }
        None => terminal.bytes(bytes),
    }
}

/// Why there is nothing to extract, and where there is something instead.
fn nothing_there(snapshot: &Snapshot, kind: Kind, missing: &NotFound) -> anyhow::Error {
    let path = &missing.path;
    let other = Kind::ALL.into_iter().find(|other| {
        let key = EvidenceKey::new(*other, path.clone());
        *other != kind
            && snapshot
                .get(&key)
                .is_some_and(|id| snapshot.bytes(id).is_some())
    });
    match (other.map(Kind::name), &missing.absence) {
        (Some(other), _) => anyhow::anyhow!(
            "{path}: not here as {}, but as {other}: give --kind {other}",
            kind.name()
        ),
        (None, Absence::Unknown { reason, .. }) if *reason == UnknownReason::NotCollected => {
            anyhow::anyhow!(
                "{path}: not-collected: it is not in the snapshot; `casefile snapshot show --list` lists what is"
            )
        }
        (None, absence) => anyhow::anyhow!("{path}: {absence}"),
    }
}

fn summary(snapshot: &Snapshot) -> String {
    let manifest = snapshot.manifest();
    let mut text = String::new();
    let mut row = |label: &str, value: String| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{label:<12} {value}");
    };
    let or_unknown = |value: &str| {
        if value.is_empty() {
            "unknown".to_owned()
        } else {
            value.to_owned()
        }
    };
    row("sha256", snapshot.digest().to_string());
    row("format", manifest.format.to_string());
    row(
        "taken by",
        format!("{} {}", manifest.tool.name, manifest.tool.version),
    );
    let seconds = manifest.clock.realtime_ns.div_euclid(1_000_000_000);
    row("taken at", timestamp::rfc3339(seconds));
    row(
        "source",
        match manifest.source {
            Source::Live => "a running host".to_owned(),
            Source::Image => "a tree of files".to_owned(),
        },
    );
    row("host", or_unknown(&manifest.host.hostname));
    row("kernel", or_unknown(&manifest.host.kernel));
    row("architecture", or_unknown(&manifest.host.architecture));
    row("collector", format!("user {}", manifest.collector.uid));
    row("programs", manifest.programs.len().to_string());
    row(
        "items",
        format!(
            "{} with {} bytes",
            snapshot.len(),
            manifest.index.content_bytes
        ),
    );
    for (what, count) in tally(snapshot) {
        row("", format!("{count:>7} {what}"));
    }
    text
}

/// How many items there are of each kind and state.
fn tally(snapshot: &Snapshot) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for id in snapshot.ids() {
        let what = match &snapshot.entry(id).content {
            Content::Bytes { .. } => match snapshot.key(id).kind {
                Kind::Raw => "files".to_owned(),
                Kind::Elf => "extracts of programs and libraries".to_owned(),
                Kind::Environment => "extracts of environments".to_owned(),
                Kind::Descriptors => "counts of open files".to_owned(),
                Kind::Go => "extracts of programs of Go".to_owned(),
                Kind::Mappings => "counts of mappings".to_owned(),
                Kind::Sockets => "counts of sockets".to_owned(),
                Kind::Space => "counts of free space".to_owned(),
            },
            Content::Symlink { .. } => "links".to_owned(),
            Content::Directory { .. } => "listings".to_owned(),
            Content::Missing(Absence::Absent) => "absent".to_owned(),
            Content::Missing(Absence::Unknown { reason, .. }) => format!("unknown: {reason}"),
        };
        *counts.entry(what).or_insert(0) += 1;
    }
    counts
}

fn listing(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for id in snapshot.ids() {
        let what = match &snapshot.entry(id).content {
            Content::Bytes { size, .. } => format!("{size} bytes"),
            Content::Symlink { target } => format!("-> {target}"),
            Content::Directory { names } => format!("{} names", names.len()),
            Content::Missing(absence) => absence.to_string(),
        };
        let _ = writeln!(text, "{}\t{what}", snapshot.key(id));
    }
    text
}
