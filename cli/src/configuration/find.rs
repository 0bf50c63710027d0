//! Finds and reads the file. One that is found by itself decides what counts
//! as a failure, so it is refused where another user could have put it there;
//! one that is named is the user's own decision.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::input;

/// The name of the file that is looked for in the current folder.
pub(crate) const FILE: &str = "casefile.toml";

/// Nobody writes a larger one by hand.
const BYTES: u64 = 1 << 20;

/// Writable by all.
const WORLD_WRITABLE: u32 = 0o002;

/// The text of a file that the user names.
///
/// # Errors
/// It can't be read, is too large, or is no text.
pub(crate) fn named(path: &Path) -> anyhow::Result<String> {
    let shown = || format!("configuration {}", path.display());
    let bytes = input::bytes(path, BYTES).with_context(shown)?;
    text(bytes).with_context(shown)
}

/// The text of the file in the current folder, if there is one.
///
/// # Errors
/// It can't be read, or another user could have written it.
pub(crate) fn here() -> anyhow::Result<Option<String>> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(FILE);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return refuse("it is a link");
        }
        Err(error) => {
            return Err(error).context(format!("{FILE} in the current folder can't be opened"));
        }
    };
    let shown = || format!("{FILE} in the current folder");
    let metadata = file.metadata().with_context(shown)?;
    if !metadata.is_file() {
        return refuse("it is no file");
    }
    if let Some(why) = unsafe_because(&metadata) {
        return refuse(&format!("it {why}"));
    }
    let folder = fs::metadata(".").context("the current folder can't be read")?;
    if let Some(why) = unsafe_because(&folder) {
        return refuse(&format!("the folder {why}"));
    }
    let mut bytes = Vec::new();
    file.take(BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(shown)?;
    if bytes.len() as u64 > BYTES {
        bail!("{}: it is over the limit of {BYTES} bytes", shown());
    }
    text(bytes).map(Some).with_context(shown)
}

fn refuse<T>(why: &str) -> anyhow::Result<T> {
    bail!(
        "{FILE} in the current folder is not read, since {why}; \
         give --config {FILE} if you trust it, or --no-config"
    )
}

/// Why another user could have written a file, or put one into a folder.
fn unsafe_because(metadata: &Metadata) -> Option<String> {
    let user = rustix::process::geteuid().as_raw();
    let owner = metadata.uid();
    if owner != 0 && owner != user {
        return Some(format!("belongs to user {owner}, and you are user {user}"));
    }
    let mode = metadata.mode() & 0o7777;
    (mode & WORLD_WRITABLE != 0).then(|| format!("can be written by all (mode {mode:o})"))
}

fn text(bytes: Vec<u8>) -> anyhow::Result<String> {
    String::from_utf8(bytes).context("it is no text in UTF-8")
}
