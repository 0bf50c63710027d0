//! Reads files that the user names, with errors that name the file and say
//! what to do. A pipe that nobody writes to is not waited for.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use casefile_snapshot::archive::ArchiveError;
use casefile_snapshot::{ReadError, Snapshot, read_snapshot};
use rustix::fs::OFlags;

/// Reads a snapshot; `-` stands for standard input.
pub(crate) fn snapshot(path: &Path) -> anyhow::Result<Snapshot> {
    if path.as_os_str() == "-" {
        return read_from("standard input", io::stdin().lock());
    }
    let shown = path.display();
    let file = open(path).with_context(|| format!("{shown}: can't be opened"))?;
    let kind = file.metadata().map(|metadata| metadata.file_type());
    if kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
        bail!("{shown}: is a folder; give a snapshot made by casefile-collect");
    }
    let shown = if kind.is_ok_and(|kind| kind.is_fifo()) {
        format!("{shown} (a pipe)")
    } else {
        shown.to_string()
    };
    read_from(&shown, BufReader::new(file))
}

fn read_from(shown: &str, mut input: impl BufRead) -> anyhow::Result<Snapshot> {
    let begins = input
        .fill_buf()
        .with_context(|| format!("{shown}: can't be read"))?;
    if begins.is_empty() {
        bail!("{shown}: there is nothing in it; give a snapshot made by casefile-collect");
    }
    read_snapshot(input).map_err(|error| match &error {
        ReadError::Archive(ArchiveError::NotZstd(_)) => anyhow::anyhow!(
            "{shown}: {error}; give a file made by casefile-collect (an encrypted one must be decrypted first)"
        ),
        ReadError::Archive(ArchiveError::CutShort(_)) => anyhow::anyhow!("{shown}: {error}; fetch or copy it again"),
        _ => anyhow::anyhow!("{shown}: {error}"),
    })
}

/// Reads a whole file of so many bytes at most. Devices give no size, and
/// some no end.
pub(crate) fn bytes(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    bytes_from(open(path).context("can't be read")?, limit)
}

/// As [`bytes`]; `-` stands for standard input.
pub(crate) fn bytes_or_standard_input(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        return bytes_from(io::stdin().lock(), limit);
    }
    bytes(path, limit)
}

fn bytes_from(input: impl io::Read, limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .context("can't be read")?;
    if bytes.len() as u64 > limit {
        bail!("it is over the limit of {limit} bytes");
    }
    Ok(bytes)
}

/// Opens a file, or a pipe: one that somebody has open for writing is read to
/// its end, and one that nobody has gives nothing, where open(2) would wait.
fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
        .open(path)?;
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags.difference(OFlags::NONBLOCK))?;
    Ok(file)
}
