//! Compiled policies on disk, in a folder where nobody but the user can
//! write. What is loaded from here runs as machine code, so that a folder or
//! file which anybody else could have written is never used.

#![allow(
    unsafe_code,
    reason = "CompiledStore is a promise about who can write the files: kept by `check_folder` and `load`"
)]

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_engine::sandbox::{CompiledStore, NoStore};
use casefile_snapshot::Digest;

use crate::terminal::Terminal;

/// Names the folder; empty turns the cache off.
const VARIABLE: &str = "CASEFILE_CACHE";

/// Compiled policies are never larger.
const ENTRY_BYTES: u64 = 1 << 30;

/// Opens the cache: the folder that CASEFILE_CACHE names, else the user's.
///
/// # Errors
/// A folder that the user has named is not safe. (The user's own, when it is
/// not, is left alone with a note.)
pub(crate) fn open(terminal: &Terminal) -> anyhow::Result<Box<dyn CompiledStore>> {
    if let Some(named) = env::var_os(VARIABLE) {
        if named.is_empty() {
            return Ok(Box::new(NoStore));
        }
        let cache = Cache::open(PathBuf::from(&named)).with_context(|| {
            format!("the cache folder {} that {VARIABLE} names", named.display())
        })?;
        return Ok(Box::new(cache));
    }
    let Some(folder) = users_folder() else {
        return Ok(Box::new(NoStore));
    };
    match Cache::open(folder.clone()) {
        Ok(cache) => Ok(Box::new(cache)),
        Err(error) => {
            terminal.note(&format!(
                "compiled policies are not kept: cache folder {}: {error:#}",
                folder.display()
            ));
            Ok(Box::new(NoStore))
        }
    }
}

/// `$XDG_CACHE_HOME/casefile/compiled`, else below `~/.cache` (XDG Base
/// Directory Specification: a relative path is to be ignored).
fn users_folder() -> Option<PathBuf> {
    let absolute = |variable| {
        env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(base.join("casefile").join("compiled"))
}

struct Cache {
    folder: PathBuf,
    user: u32,
}

impl Cache {
    fn open(folder: PathBuf) -> anyhow::Result<Self> {
        let user = rustix::process::geteuid().as_raw();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .context("can't be made")?;
        let folder = folder.canonicalize().context("can't be resolved")?;
        check_folder(&folder, user)?;
        Ok(Self { folder, user })
    }

    fn path(&self, key: &Digest) -> PathBuf {
        self.folder.join(format!("{key}.cwasm"))
    }

    fn read(&self, key: &Digest) -> io::Result<Option<Vec<u8>>> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(nofollow())
            .open(self.path(key))?;
        let metadata = file.metadata()?;
        let safe = metadata.is_file()
            && metadata.uid() == self.user
            && metadata.mode() & 0o022 == 0
            && metadata.len() <= ENTRY_BYTES;
        if !safe {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(ENTRY_BYTES).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&self, key: &Digest, bytes: &[u8]) -> io::Result<()> {
        // 0600, and whole or not at all.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(self.path(key))?;
        Ok(())
    }
}

fn nofollow() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// The folder belongs to the user and nobody else can write to it; none of
/// the folders above lets another user put something else in its place.
fn check_folder(folder: &Path, user: u32) -> anyhow::Result<()> {
    let own = fs::symlink_metadata(folder).context("can't be read")?;
    if own.uid() != user {
        bail!(
            "belongs to user {}, not to user {user}; remove it or name another",
            own.uid()
        );
    }
    if own.mode() & 0o022 != 0 {
        bail!(
            "others can write to it (mode {:o}); run chmod go-w on it",
            own.mode() & 0o7777
        );
    }
    for above in folder.ancestors().skip(1) {
        let metadata = File::open(above)
            .and_then(|file| file.metadata())
            .or_else(|_| fs::symlink_metadata(above))
            .with_context(|| format!("{} can't be read", above.display()))?;
        let sticky = metadata.mode() & 0o1000 != 0;
        let trusted = metadata.uid() == 0 || metadata.uid() == user;
        if !trusted || (metadata.mode() & 0o022 != 0 && !sticky) {
            bail!(
                "another user can replace it: {} (owner {}, mode {:o})",
                above.display(),
                metadata.uid(),
                metadata.mode() & 0o7777
            );
        }
    }
    Ok(())
}

// SAFETY: `open` has made sure that only this user can write to the folder,
// and `read` that the file is this user's and only the user's to write; what
// this user writes there is what `save` was given.
unsafe impl CompiledStore for Cache {
    fn load(&self, key: &Digest) -> Option<Vec<u8>> {
        self.read(key).ok().flatten()
    }

    fn save(&self, key: &Digest, compiled: &[u8]) {
        // A full disk costs the next run a compilation, nothing else.
        let _ = self.write(key, compiled);
    }
}
