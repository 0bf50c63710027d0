//! What it costs to know what programs load: the extracts of all of /usr/bin
//! and what it loads, against reading their headers, dynamic sections and
//! notes alone; and the resolution of all of them from a snapshot, which is
//! the floor that ldd(1) on each is compared with.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that can't go on fails"
)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hint::black_box;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use casefile_collector::elf::OpenFile;
use casefile_collector::{Options, capture, elf};
use casefile_engine::facts::Facts;
use casefile_engine::facts::elf::Launch;
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{HostPath, Kind, Snapshot, Tool};
use criterion::{Criterion, criterion_group, criterion_main};

/// PT_DYNAMIC and PT_NOTE.
const WANTED: [u32; 2] = [2, 4];

/// Regular files in /usr/bin.
fn programs() -> Vec<HostPath> {
    let files = fs::read_dir("/usr/bin").unwrap().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().unwrap().is_file());
    let paths =
        files.map(|entry| HostPath::from_bytes(entry.path().as_os_str().as_encoded_bytes()));
    paths.map(Result::unwrap).collect()
}

fn take() -> Snapshot {
    let options = Options {
        binaries: programs(),
        ..Options::default()
    };
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    capture(&options, tool, &mut |_| ()).unwrap()
}

/// The ELF files of 64 bits that a snapshot has extracts of, and their sizes,
/// which a capture knows of the files that it opens.
fn files(snapshot: &Snapshot) -> Vec<(PathBuf, u64)> {
    let items = snapshot
        .ids()
        .filter(|id| snapshot.key(*id).kind == Kind::Elf);
    let files = items.filter(|id| {
        let extract = serde_json::from_slice(snapshot.bytes(*id).unwrap_or_default());
        matches!(extract, Ok(Extract::Elf(elf)) if elf.class == 2 && elf.data == 1)
    });
    files
        .map(|id| PathBuf::from(snapshot.key(id).path.as_str()))
        .map(|path| {
            let size = fs::metadata(&path).unwrap().len();
            (path, size)
        })
        .collect()
}

/// Reads the header, the program headers, the segments with the dynamic section
/// and notes, and the section headers where they are wanted.
fn headers(path: &PathBuf, with_sections: bool) -> Vec<u8> {
    let file = File::open(path).unwrap();
    let mut bytes = vec![0; 64];
    file.read_exact_at(&mut bytes, 0).unwrap();
    let number = |bytes: &[u8], at: usize| {
        let number = bytes[at..at + 8].first_chunk().copied().unwrap();
        u64::from_le_bytes(number)
    };
    let count = usize::from(u16::from_le_bytes([bytes[56], bytes[57]]));
    let mut table = vec![0; 56 * count];
    file.read_exact_at(&mut table, number(&bytes, 32)).unwrap();
    for segment in table.chunks_exact(56) {
        let kind = segment
            .first_chunk()
            .copied()
            .map(u32::from_le_bytes)
            .unwrap();
        if WANTED.contains(&kind) {
            let mut content = vec![0; usize::try_from(number(segment, 32)).unwrap()];
            file.read_exact_at(&mut content, number(segment, 8))
                .unwrap();
            bytes.extend(content);
        }
    }
    if with_sections {
        let count = usize::from(u16::from_le_bytes([bytes[60], bytes[61]]));
        let mut table = vec![0; 64 * count];
        file.read_exact_at(&mut table, number(&bytes, 40)).unwrap();
        bytes.extend(table);
    }
    bytes
}

/// The extracts, against the least that must be read for them; and that without
/// section headers, which the loader does not read.
fn extracting(criterion: &mut Criterion) {
    let files = files(&take());
    let mut group = criterion.benchmark_group("elf-extract");
    // Long enough for what else the machine does to even out.
    group.sample_size(50);
    group.measurement_time(Duration::from_secs(15));
    for (name, with_sections) in [("floor", true), ("floor-of-the-loader", false)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for (file, _) in &files {
                    black_box(headers(file, with_sections));
                }
            });
        });
    }
    group.bench_function("extract", |bencher| {
        bencher.iter(|| {
            for (file, size) in &files {
                let mut file = OpenFile::new(File::open(file).unwrap(), *size);
                black_box(elf::extract(&mut file).unwrap());
            }
        });
    });
    group.finish();
}

/// ldd on each program, against the resolution of all of them.
fn resolving(criterion: &mut Criterion) {
    let snapshot = Arc::new(take());
    let facts = Facts::new(Arc::clone(&snapshot));
    let dynamic = |path: &&HostPath| {
        let file = facts.elf_file(path.as_str());
        file.is_ok_and(
            |file| matches!(&*file.value, Extract::Elf(elf) if elf.interpreter.is_some()),
        )
    };
    let programs = programs();
    let programs: BTreeSet<&HostPath> = programs.iter().filter(dynamic).collect();
    let mut group = criterion.benchmark_group("elf-resolve");
    group.sample_size(10);
    group.bench_function("floor", |bencher| {
        bencher.iter(|| {
            // Nothing is parsed yet.
            let facts = Facts::new(Arc::clone(&snapshot));
            for program in &programs {
                black_box(facts.resolve(program.as_str(), &Launch::default()));
            }
        });
    });
    group.bench_function("ldd", |bencher| {
        bencher.iter(|| {
            for program in &programs {
                let mut command = Command::new("ldd");
                command.arg(program.as_str()).stdout(Stdio::null());
                black_box(command.stderr(Stdio::null()).status().unwrap());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, extracting, resolving);
criterion_main!(benches);
