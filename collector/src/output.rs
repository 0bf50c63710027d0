//! Writes a file that appears whole or not at all. A snapshot's may be read
//! by its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use casefile_snapshot::{Snapshot, write_snapshot};

/// The file was not written; what was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Something else than a file is there.
    #[error("{path} is {what}; name a file")]
    NotAFile {
        /// Which path.
        path: String,
        /// What is there.
        what: &'static str,
    },
    /// A file is there that is not to be replaced.
    #[error("{0} is there already")]
    Exists(String),
    /// No file can be made in the folder.
    #[error("can't make a file in {folder}: {error}; name one in a folder that you may write")]
    Create {
        /// Which folder.
        folder: String,
        /// The kernel's words.
        error: io::Error,
    },
    /// The file can't be written.
    #[error("can't write {path}: {error}; nothing was left there")]
    Write {
        /// Which file.
        path: String,
        /// The kernel's words.
        error: io::Error,
    },
}

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes its place.
    Replace,
    /// It stays, and nothing is written.
    Keep,
}

/// Writes a snapshot at a zstd level (see [`write_snapshot`]); a file of that
/// name is replaced. Its mode is 0600.
///
/// # Errors
/// See [`write_with`].
pub fn write_file(snapshot: &Snapshot, path: &Path, level: i32) -> Result<(), OutputError> {
    write_with(path, 0o600, Existing::Replace, |file| {
        write_snapshot(snapshot, file, level)
    })
}

/// Writes a file of a mode (less the umask). The bytes go to a new file in
/// the same folder, and to the disk, before that file takes its name.
///
/// # Errors
/// There is something at the path that is no file or is to stay, its folder
/// can't be written, or the disk is full.
pub fn write_with(
    path: &Path,
    mode: u32,
    existing: Existing,
    write_to: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), OutputError> {
    let exists = || OutputError::Exists(path.display().to_string());
    if existing == Existing::Keep && fs::symlink_metadata(path).is_ok() {
        return Err(exists());
    }
    let target = target(path)?;
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let create = |error| OutputError::Create {
        folder: folder.display().to_string(),
        error,
    };
    let write = |error| OutputError::Write {
        path: target.display().to_string(),
        error,
    };
    // Removed again where anything fails.
    let mut file = tempfile::Builder::new()
        .prefix(".casefile-")
        .suffix(".partial")
        .make_in(folder, |path| {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(mode).open(path)
        })
        .map_err(create)?;
    write_to(file.as_file_mut()).map_err(write)?;
    file.as_file().sync_all().map_err(write)?;
    match existing {
        Existing::Replace => file.persist(&target).map_err(|error| write(error.error))?,
        Existing::Keep => {
            file.persist_noclobber(&target)
                .map_err(|error| match error.error.kind() {
                    io::ErrorKind::AlreadyExists => exists(),
                    _ => write(error.error),
                })?
        }
    };
    // The new name is on the disk when the folder is.
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(write)
}

/// The file behind the path. To take the place of a device or a FIFO would
/// break what others do with it.
fn target(path: &Path) -> Result<PathBuf, OutputError> {
    // Where links lead; a new file, and a link to none, are their own target.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let what = match fs::symlink_metadata(&target) {
        Ok(metadata) if metadata.is_dir() => "a folder",
        Ok(metadata) if !metadata.is_file() && !metadata.is_symlink() => "no regular file",
        _ => return Ok(target),
    };
    Err(OutputError::NotAFile {
        path: path.display().to_string(),
        what,
    })
}
