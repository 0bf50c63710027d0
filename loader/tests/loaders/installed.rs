//! All that is installed below /usr: programs, libraries and modules.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use casefile_loader::resolver::{Start, resolve};
use casefile_snapshot::extract::elf::Extract;

use crate::machine::{Asked, Machine};
use crate::oracle::{Trace, traced};
use crate::workshop::MUSL;

/// The loader of this machine.
const GLIBC: &str = "/lib64/ld-linux-x86-64.so.2";

/// Regular files below a folder that begin as ELF files do, each once.
fn elf_files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    let mut known = HashSet::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            let path = entry.path();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && is_elf(&path) {
                let metadata = entry.metadata().unwrap();
                if known.insert((metadata.dev(), metadata.ino())) {
                    files.push(path);
                }
            }
        }
    }
    files.sort();
    files
}

fn is_elf(path: &Path) -> bool {
    let mut magic = [0; 4];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == *b"\x7fELF"
}

/// What differs for one file; none where it is not for a loader of this
/// machine. Whether it was compared is the other half.
fn compare(machine: &Machine, path: &Path) -> Option<Result<(), String>> {
    let text = path.to_str()?;
    let mut asked = Asked(machine);
    let opened = casefile_loader::resolver::Host::open(&mut asked, text).ok()?;
    let Extract::Elf(elf) = &*opened.extract else {
        return None;
    };
    let is_native = (elf.class, elf.data, elf.machine) == (2, 1, 62);
    if !is_native || elf.dynamic.is_none() || !matches!(elf.object_type, 2 | 3) {
        return None;
    }
    let loader = match elf.interpreter.as_deref() {
        Some(MUSL) => MUSL,
        Some(GLIBC) => GLIBC,
        // Without one it is a library, or a program that needs no loader.
        Some(_) => return None,
        None => GLIBC,
    };
    let start = Start {
        loader: Some(loader.to_owned()),
        ..Start::default()
    };
    let mut command = Command::new(if loader == MUSL {
        "/lib/ld-musl-x86_64.so.1"
    } else {
        "/lib64/ld-linux-x86-64.so.2"
    });
    command.arg("--list").arg(path).env_clear().current_dir("/");
    let theirs = traced(&mut command, loader);
    let resolution = match resolve(&mut asked, text, &start) {
        Ok(resolution) => resolution,
        Err(missing) => return Some(Err(format!("{text}: {missing:?}"))),
    };
    let mut ours = Trace::of(&resolution);
    if theirs.error.is_some() {
        let words = resolution.words(text);
        let stopped = words.first().and_then(|line| {
            let (_, words) = line.split_once(": error while loading shared libraries: ")?;
            Some(words.to_owned())
        });
        ours = Trace {
            error: stopped,
            ..Trace::default()
        };
    }
    Some(match ours == theirs && resolution.unknown.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{text}: ours {ours:#?}\nloader {theirs:#?}\nunknown {:?}",
            resolution.unknown
        )),
    })
}

#[test]
fn all_that_is_installed_is_loaded_as_by_the_real_loaders() {
    let files = elf_files(Path::new("/usr"));
    let machine = Machine::default();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, Into::into);
    let compared: Vec<Result<(), String>> = thread::scope(|scope| {
        let work = || {
            let mut compared = Vec::new();
            while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                compared.extend(compare(&machine, path));
            }
            compared
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    });
    let wrong: Vec<&String> = compared
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        compared.len(),
        wrong
            .iter()
            .take(8)
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join("\n\n")
    );
    assert!(compared.len() > 300, "{} files", compared.len());
}
