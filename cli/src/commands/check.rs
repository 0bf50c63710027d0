//! `casefile check`: judges this host, or saved snapshots.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use casefile_collector::Options as CaptureOptions;
use casefile_engine::facts::Facts;
use casefile_engine::gate::Gate;
use casefile_snapshot::{HostPath, Snapshot};

use crate::judging::{Judging, JudgingArguments};
use crate::terminal::Terminal;
use crate::{EXIT_ERROR, host, input};

/// Judge this host, or saved snapshots
///
/// Exit codes: 0 pass; 1 a finding at or above --fail-on failed; 2 usage,
/// input or internal error; 3 nothing failed, but evidence is missing or a
/// rule was stopped; 4 there was nothing to judge by. 2 comes before 1, 1
/// before 3, 3 before 4.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Snapshots to judge (- for standard input); this host where none is given
    #[arg(value_name = "SNAPSHOT")]
    snapshots: Vec<PathBuf>,

    #[command(flatten)]
    judging: JudgingArguments,

    /// Judge this tree of files instead of the running host
    #[arg(long, value_name = "DIR", conflicts_with = "snapshots")]
    root: Option<PathBuf>,

    /// Take this program into account, beside those that run or that units
    /// start
    #[arg(long = "binary", value_name = "PATH", value_parser = parse_host_path, conflicts_with = "snapshots")]
    binaries: Vec<HostPath>,

    /// Keep what was captured of this host
    #[arg(long, value_name = "FILE", conflicts_with = "snapshots")]
    save: Option<PathBuf>,
}

fn parse_host_path(text: &str) -> Result<HostPath, String> {
    HostPath::from_bytes(text.as_bytes()).map_err(|error| error.to_string())
}

/// Runs the command.
pub(crate) fn run(arguments: Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let mut judging = Judging::new(&arguments.judging, terminal)?;
    let mut judge = |snapshot| judging.judge(&Arc::new(Facts::new(Arc::new(snapshot))));
    if arguments.snapshots.is_empty() {
        let gate = judge(capture(&arguments, terminal)?)?;
        judging.tell_unused_waivers();
        return Ok(gate.exit_code());
    }
    let mut gate = Gate::Pass;
    let mut failed = false;
    for path in &arguments.snapshots {
        match input::snapshot(path).and_then(&mut judge) {
            Ok(one) => gate = gate.join(one),
            Err(error) => {
                terminal.error(&error);
                failed = true;
            }
        }
    }
    // One that could not be judged may be what a waiver is for.
    if !failed {
        judging.tell_unused_waivers();
    }
    Ok(if failed { EXIT_ERROR } else { gate.exit_code() })
}

fn capture(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Snapshot> {
    let options = CaptureOptions {
        root: arguments.root.clone(),
        binaries: arguments.binaries.clone(),
        ..CaptureOptions::default()
    };
    let snapshot = host::capture(&options, terminal)?;
    if let Some(path) = &arguments.save {
        casefile_collector::output::write_file(&snapshot, path, LEVEL)
            .context("the snapshot can't be kept")?;
    }
    Ok(snapshot)
}

/// zstd's level for snapshots: fast.
const LEVEL: i32 = 3;
