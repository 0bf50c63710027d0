//! What is read of every ELF file of this machine, compared with what
//! readelf(1) of binutils says, field by field.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod readelf;

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use casefile_collector::elf::{ElfError, OpenFile, Source, extract};
use casefile_snapshot::extract::elf::Extract;
use proptest::prelude::*;

/// Files of one readelf.
const BATCH: usize = 100;

/// All regular files below a folder that begin as ELF.
fn elf_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let path = entry.path();
        if kind.is_dir() {
            elf_files(&path, found);
        } else if kind.is_file() {
            let mut magic = [0; 4];
            let begins = File::open(&path).and_then(|mut file| file.read_exact(&mut magic));
            if begins.is_ok() && &magic == b"\x7fELF" {
                found.push(path);
            }
        }
    }
}

/// What readelf says of each of some files.
fn readelf(files: &[PathBuf]) -> Vec<String> {
    let output = Command::new("readelf")
        .env("LC_ALL", "C")
        .args(["-W", "-h", "-l", "-S", "-d", "-V", "-n", "--"])
        .args(files)
        // Of one file alone it does not say the name.
        .arg("/proc/self/exe")
        .output()
        .expect("readelf of binutils");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut texts: Vec<String> = format!("\n{text}")
        .split("\nFile: ")
        .skip(1)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(
        texts.pop().map(|text| text.starts_with("/proc/self/exe\n")),
        Some(true)
    );
    for (file, text) in files.iter().zip(&texts) {
        assert!(text.starts_with(&format!("{}\n", file.display())), "{text}");
    }
    assert_eq!(texts.len(), files.len());
    texts
}

/// Notes what differs between the two; false where there is nothing to
/// compare.
fn compare(file: &Path, said: &str, differences: &mut Vec<String>) -> bool {
    let said = readelf::Said::parse(said);
    let elf = match extract(&mut open(file)) {
        Ok(Extract::Elf(elf)) => *elf,
        Ok(Extract::Malformed { .. }) if said.is_debug_information() => return false,
        other => {
            differences.push(format!("{}: {other:?}", file.display()));
            return false;
        }
    };
    let mut differ = |what: &str, ours: &dyn Debug, theirs: &dyn Debug| {
        let [ours, theirs] = [format!("{ours:?}"), format!("{theirs:?}")];
        if ours != theirs {
            let file = file.display();
            differences.push(format!("{file}: {what}:\n  {ours}\n  readelf: {theirs}"));
        }
    };
    let header = (
        elf.class,
        elf.data,
        elf.os_abi,
        elf.abi_version,
        elf.object_type,
        elf.machine,
        elf.flags,
    );
    differ("header", &header, &said.header);
    differ("interpreter", &elf.interpreter, &said.interpreter);
    differ("stack", &elf.stack_flags, &said.stack_flags);
    differ("sections", &readelf::sections(&elf), &said.sections);
    differ("notes", &readelf::notes(&elf), &said.notes);
    differ("dynamic", &elf.dynamic, &said.dynamic);
    true
}

#[test]
fn every_elf_file_reads_as_readelf_reads_it() {
    let mut files = Vec::new();
    for folder in ["/usr/bin", "/usr/sbin", "/usr/lib"] {
        elf_files(Path::new(folder), &mut files);
    }
    files.sort();
    let mut compared = 0;
    let mut differences = Vec::new();
    for batch in files.chunks(BATCH) {
        for (file, said) in batch.iter().zip(readelf(batch)) {
            compared += usize::from(compare(file, &said, &mut differences));
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences in {} files:\n{}",
        differences.len(),
        files.len(),
        differences[..differences.len().min(40)].join("\n")
    );
    // Far fewer than any system has that can build this test.
    assert!(compared > 100, "{compared} files");
}

/// A file of which some bytes read as others, and the ranges that were read.
struct Patched {
    file: OpenFile,
    patches: Vec<(u64, u8)>,
    ranges: Vec<(u64, u64)>,
}

impl Source for Patched {
    fn size(&self) -> u64 {
        self.file.size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, buffer)?;
        let end = offset + buffer.len() as u64;
        self.ranges.push((offset, end));
        for (place, value) in &self.patches {
            if (offset..end).contains(place) {
                buffer[usize::try_from(place - offset).unwrap()] = *value;
            }
        }
        Ok(())
    }
}

fn open(path: &Path) -> OpenFile {
    OpenFile::open(path).expect("a file")
}

fn own_program(patches: Vec<(u64, u8)>) -> Patched {
    Patched {
        file: open(Path::new("/proc/self/exe")),
        patches,
        ranges: Vec::new(),
    }
}

/// The ranges that are read of a file: where damage counts.
fn ranges() -> Vec<(u64, u64)> {
    let mut file = own_program(Vec::new());
    let Ok(Extract::Elf(elf)) = extract(&mut file) else {
        panic!("this program is read");
    };
    let needed = elf.dynamic.expect("a dynamic program").needed;
    assert!(
        needed.iter().any(|name| name.starts_with("libc.")),
        "{needed:?}"
    );
    file.ranges
}

fn bytes_read(file: &Patched) -> u64 {
    file.ranges.iter().map(|(start, end)| end - start).sum()
}

#[test]
fn of_a_program_little_is_read() {
    let mut file = own_program(Vec::new());
    extract(&mut file).expect("this program");
    let size = file.size();
    let read = bytes_read(&file);
    assert!(size > 1 << 20 && read < 256 << 10, "{read} of {size} bytes");
    assert!(file.ranges.len() < 10, "{} reads", file.ranges.len());
}

proptest! {
    #[test]
    fn a_damaged_program_never_stops_the_reader(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..200),
    ) {
        let ranges = ranges();
        let patches = flips
            .into_iter()
            .map(|(range, at, value)| {
                let (start, end) = *range.get(&ranges);
                (start + at.index(usize::try_from(end - start).unwrap()) as u64, value)
            })
            .collect();
        let mut file = own_program(patches);
        let extract = extract(&mut file);
        prop_assert!(!matches!(extract, Err(ElfError::Io(_))), "{extract:?}");
        let read = bytes_read(&file);
        prop_assert!(read <= 4 << 20, "{read} bytes");
    }
}
