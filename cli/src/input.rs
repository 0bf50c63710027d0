//! Reads snapshots from files or standard input, with errors that name the
//! file and say what to do.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use casefile_snapshot::{ReadError, Snapshot, read_snapshot};

/// Reads a snapshot; `-` stands for standard input.
pub(crate) fn snapshot(path: &Path) -> anyhow::Result<Snapshot> {
    let shown = path.display();
    let result = if path.as_os_str() == "-" {
        read_snapshot(io::stdin().lock())
    } else {
        let file = File::open(path).with_context(|| format!("{shown}: can't be opened"))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            bail!("{shown}: is a folder; give a snapshot made by casefile-collect");
        }
        read_snapshot(file)
    };
    result.map_err(|error| match &error {
        ReadError::NotZstd => anyhow::anyhow!(
            "{shown}: {error}; give a file made by casefile-collect (an encrypted one must be decrypted first)"
        ),
        ReadError::CutShort(_) => anyhow::anyhow!("{shown}: {error}; fetch or copy it again"),
        _ => anyhow::anyhow!("{shown}: {error}"),
    })
}
