//! Captures this host, as every command does that judges it.

use casefile_collector::Options;
use casefile_snapshot::{Snapshot, Tool};

use crate::terminal::Terminal;

/// Captures it, and says what an ordinary user does not see.
///
/// # Errors
/// It can't be captured.
pub(crate) fn capture(options: &Options, terminal: &Terminal) -> anyhow::Result<Snapshot> {
    let tool = Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let snapshot = casefile_collector::capture(options, tool, &mut |what| {
        terminal.progress(what);
    })?;
    terminal.progress_done();
    if snapshot.manifest().collector.uid != 0 {
        terminal.note("not run as root: what only root may read is unknown");
    }
    Ok(snapshot)
}
