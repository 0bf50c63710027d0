//! Inputs that fuzzing has found and that show the ways of a reader: some of
//! every size are kept with the sources, in `tests/fuzz/corpus`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{process, workspace};

/// Bytes of one input that is kept.
const INPUT_BYTES: u64 = 16 << 10;
/// Bytes of the inputs that are kept for one target, and how many.
const BYTES: u64 = 96 << 10;
const INPUTS: usize = 64;

/// Where inputs for a target are kept.
fn kept(name: &str) -> PathBuf {
    workspace::root().join("tests/fuzz/corpus").join(name)
}

/// The folders with inputs that are there before a target runs.
pub(super) fn folders(name: &str) -> Vec<PathBuf> {
    let mut folders = vec![workspace::target().join("fuzz/seeds").join(name)];
    let kept = kept(name);
    if kept.is_dir() {
        folders.push(kept);
    }
    folders
}

/// Keeps inputs of every size among those that together show all ways of the
/// reader that are known; what was kept before is among those to choose from.
///
/// # Errors
/// The reader could not be run on them, or a file could not be written.
pub(super) fn keep(name: &str, program: &Path) -> anyhow::Result<()> {
    let found = workspace::target().join("fuzz/corpus").join(name);
    let chosen = tempfile::tempdir_in(workspace::target())?;
    let mut merge = workspace::program(program);
    merge
        .arg("-merge=1")
        .arg(format!("-max_len={INPUT_BYTES}"))
        .arg(chosen.path())
        .arg(&found)
        .args(folders(name));
    // It says much, of each input.
    process::output(&mut merge)?;
    let inputs = choose(chosen.path())?;
    let kept = kept(name);
    if kept.is_dir() {
        fs::remove_dir_all(&kept).with_context(|| kept.display().to_string())?;
    }
    fs::create_dir_all(&kept).with_context(|| kept.display().to_string())?;
    for input in &inputs {
        let to = kept.join(input);
        fs::copy(chosen.path().join(input), &to).with_context(|| to.display().to_string())?;
    }
    eprintln!("{name}: {} inputs are kept", inputs.len());
    Ok(())
}

/// Names of inputs of a folder, from the smallest to the largest that may be
/// kept, at equal distances in that order.
fn choose(folder: &Path) -> anyhow::Result<Vec<OsString>> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let size = entry.metadata()?.len();
        if size <= INPUT_BYTES {
            sizes.push((size, entry.file_name()));
        }
    }
    sizes.sort();
    let count = sizes.len().min(INPUTS);
    let mut room = BYTES;
    let mut names = Vec::new();
    for number in 0..count {
        let (size, name) = &sizes[number * sizes.len() / count];
        if *size <= room {
            room -= size;
            names.push(name.clone());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn inputs_of_every_size_are_chosen_while_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: usize| {
            fs::write(folder.path().join(name), vec![0; bytes]).unwrap();
        };
        write("large", 17 << 10);
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            write(name, 15 << 10);
        }
        write("small", 1);
        let wanted = ["small", "a", "b", "c", "d", "e", "f"];
        assert_eq!(choose(folder.path()).unwrap(), wanted);
        for number in 0..120 {
            write(&format!("some-{number:03}"), 100 + number);
        }
        let names = choose(folder.path()).unwrap();
        assert_eq!(names.len(), INPUTS);
        assert_eq!(
            (names[0].as_os_str(), names[1].as_os_str()),
            ("small".as_ref(), "some-001".as_ref())
        );
    }
}
