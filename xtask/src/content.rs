//! Knows by content, never by time, whether something changed: hashes of
//! files and folders, and writing what is new alone.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// The SHA-256 digest of some bytes, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hexadecimal(Sha256::digest(bytes).as_ref())
}

/// Everything that a result depends on, as one digest.
pub(crate) struct Inputs(Sha256);

impl Inputs {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds bytes under a name.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            // The length keeps the parts apart.
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// Adds a file, if there is one.
    ///
    /// # Errors
    /// It can't be read.
    pub(crate) fn add_file(&mut self, path: &Path) -> anyhow::Result<()> {
        if path.exists() {
            let bytes =
                fs::read(path).with_context(|| format!("{}: can't be read", path.display()))?;
            self.add("file", &bytes);
        }
        Ok(())
    }

    /// Adds all files of a folder, in the order of their names, but for the
    /// folders that `skip` knows by their path inside of it.
    ///
    /// # Errors
    /// The folder or a file of it can't be read.
    pub(crate) fn add_folder(
        &mut self,
        folder: &Path,
        skip: impl Fn(&Path) -> bool,
    ) -> anyhow::Result<()> {
        let inside = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
        let files = WalkDir::new(folder)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| !(entry.file_type().is_dir() && skip(&inside(entry.path()))));
        for file in files {
            let file = file?;
            if file.file_type().is_dir() {
                continue;
            }
            let path = file.path();
            let bytes =
                fs::read(path).with_context(|| format!("{}: can't be read", path.display()))?;
            self.add(&inside(path).to_string_lossy(), &bytes);
        }
        Ok(())
    }

    /// The digest, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        hexadecimal(self.0.finalize().as_ref())
    }
}

/// Writes a file whole or not at all, and only where its bytes are others
/// than before. Says whether it wrote. The new file is made in `scratch`,
/// a folder of the same file system: folders that cargo watches stay as
/// they are. `mode` is that of the file, such as 0o644.
///
/// # Errors
/// It can't be written.
pub(crate) fn write_changed(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    scratch: &Path,
) -> anyhow::Result<bool> {
    if fs::read(path).is_ok_and(|before| before == bytes) {
        return Ok(false);
    }
    let write = || -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::create_dir_all(scratch)?;
        let mut file = tempfile::Builder::new()
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(scratch)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("{}: can't be written", path.display()))?;
    Ok(true)
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("src/lib.rs", "a"),
            ("Cargo.toml", "b"),
            ("target/out", "c"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn hash(folder: &Path) -> String {
        let mut inputs = Inputs::new();
        inputs
            .add_folder(folder, |path| path == Path::new("target"))
            .unwrap();
        inputs.finish()
    }

    #[test]
    fn the_digest_is_that_of_sha_256() {
        // FIPS 180-4, the example of one block.
        assert_eq!(
            digest(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn equal_trees_in_other_folders_have_equal_hashes() {
        assert_eq!(hash(tree().path()), hash(tree().path()));
    }

    #[test]
    fn every_change_of_a_file_changes_the_hash() {
        type Change = fn(&Path);
        let changes: [Change; 5] = [
            |folder| fs::write(folder.join("src/lib.rs"), "A").unwrap(),
            |folder| fs::write(folder.join("src/new.rs"), "").unwrap(),
            |folder| fs::remove_file(folder.join("Cargo.toml")).unwrap(),
            |folder| fs::rename(folder.join("src/lib.rs"), folder.join("src/x.rs")).unwrap(),
            // The same bytes, cut elsewhere.
            |folder| {
                fs::write(folder.join("Cargo.toml"), "ba").unwrap();
                fs::write(folder.join("src/lib.rs"), "").unwrap();
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let folder = tree();
            let before = hash(folder.path());
            change(folder.path());
            assert_ne!(hash(folder.path()), before, "change {number}");
        }
    }

    #[test]
    fn what_is_skipped_and_times_change_nothing() {
        let folder = tree();
        let before = hash(folder.path());
        fs::write(folder.path().join("target/out"), "other").unwrap();
        let source = fs::File::options()
            .write(true)
            .open(folder.path().join("src/lib.rs"))
            .unwrap();
        source
            .set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
        assert_eq!(hash(folder.path()), before);
    }

    #[test]
    fn equal_bytes_are_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out/file");
        let scratch = folder.path().join("scratch");
        let modified = || fs::metadata(&path).unwrap().modified().unwrap();
        assert!(write_changed(&path, b"one", 0o644, &scratch).unwrap());
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
        assert!(!write_changed(&path, b"one", 0o644, &scratch).unwrap());
        assert_eq!(modified(), std::time::SystemTime::UNIX_EPOCH);
        assert!(write_changed(&path, b"two", 0o644, &scratch).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(scratch).unwrap().count(), 0);
    }
}
