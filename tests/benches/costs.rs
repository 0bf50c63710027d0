//! What Casefile costs, each beside the least that the same work can cost: a
//! floor measured in the same run. `cargo xtask bench` prints the ratios.
//!
//! The names of benches are `group/name`, the floor of a group `group/floor`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that can't go on fails"
)]

use std::collections::HashMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use casefile_collector::{Options as CaptureOptions, capture};
use casefile_engine::facts::Facts;
use casefile_engine::facts::elf::Launch;
use casefile_engine::facts::start::Circumstances;
use casefile_engine::judge::{Judgement, Options, judge};
use casefile_engine::report;
use casefile_engine::sandbox::{CompiledStore, InterfaceSet, Limits, Policy, Question, Sandbox};
use casefile_snapshot::{Digest, HostPath, Kind, Snapshot, Tool, read_snapshot, write_snapshot};
use casefile_tests::built_in::BuiltIn;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// zstd's level of snapshots.
const LEVEL: i32 = 3;
/// Bytes of a program that its extract is made from, about.
const ELF_BYTES: u64 = 64 << 10;

fn take() -> Snapshot {
    let options = CaptureOptions {
        binaries: ["/bin/sh", "/usr/bin/openssl"]
            .map(|path| HostPath::new(path).unwrap())
            .to_vec(),
        ..CaptureOptions::default()
    };
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    capture(&options, tool, &mut |_| ()).unwrap()
}

fn file_of(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_snapshot(snapshot, &mut bytes, LEVEL).unwrap();
    bytes
}

/// Paths whose bytes a snapshot carries, and those of ELF files.
fn paths(snapshot: &Snapshot) -> Vec<(String, u64)> {
    snapshot
        .ids()
        .filter(|id| snapshot.bytes(*id).is_some())
        .map(|id| {
            let key = snapshot.key(id);
            let limit = if key.kind == Kind::Elf {
                ELF_BYTES
            } else {
                u64::MAX
            };
            (key.path.to_string(), limit)
        })
        .collect()
}

/// Capture of this host, against reading the same files and compressing them.
fn capturing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("capture");
    group.sample_size(20);
    let paths = paths(&take());
    group.bench_function("floor", |bencher| {
        bencher.iter(|| {
            let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL).unwrap();
            let mut bytes = Vec::new();
            for (path, limit) in &paths {
                bytes.clear();
                // What has ended meanwhile is left out.
                if let Ok(file) = File::open(path) {
                    let _ = file.take(*limit).read_to_end(&mut bytes);
                }
                encoder.write_all(&bytes).unwrap();
            }
            black_box(encoder.finish().unwrap())
        });
    });
    group.bench_function("capture-and-write", |bencher| {
        bencher.iter(|| black_box(file_of(&take())));
    });
    group.finish();
}

/// Reading a snapshot strictly, against decompressing it.
fn decoding(criterion: &mut Criterion) {
    let file = file_of(&take());
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(
        zstd::decode_all(&file[..]).unwrap().len() as u64,
    ));
    group.bench_function("floor", |bencher| {
        bencher.iter(|| black_box(zstd::decode_all(&file[..]).unwrap()));
    });
    group.bench_function("read-snapshot", |bencher| {
        bencher.iter(|| black_box(read_snapshot(&file[..]).unwrap()));
    });
    group.finish();
}

/// Every fact that the built-in policies share, parsed afresh.
fn reading_facts(criterion: &mut Criterion) {
    let snapshot = Arc::new(take());
    let mut group = criterion.benchmark_group("facts");
    group.bench_function("trust-stores", |bencher| {
        bencher.iter(|| black_box(Facts::new(Arc::clone(&snapshot)).trust_stores()));
    });
    group.bench_function("resolve-programs", |bencher| {
        bencher.iter(|| {
            let facts = Facts::new(Arc::clone(&snapshot));
            for program in facts.programs() {
                black_box(facts.resolve(program.path.as_str(), &Launch::default()));
            }
        });
    });
    group.finish();
}

/// One rule in a fresh instance, against one that reads a single setting.
fn evaluating(criterion: &mut Criterion) {
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let facts = Arc::new(Facts::new(Arc::new(take())));
    let mut group = criterion.benchmark_group("evaluate");
    for built_in in BuiltIn::all().unwrap() {
        let policy = built_in.load(&sandbox).unwrap();
        let defaults = policy.description().parameters.iter();
        let parameters = defaults.map(|one| (one.name.clone(), one.default.clone()));
        let parameters = Arc::new(parameters.collect());
        let question = Question {
            denied: InterfaceSet::default(),
            facts: &facts,
            now: 1_767_225_600,
            parameters: &parameters,
        };
        for rule in &policy.description().rules {
            group.bench_function(&rule.code, |bencher| {
                bencher.iter(|| black_box(policy.evaluate(&sandbox, rule, &question)));
            });
        }
    }
    group.finish();
}

/// Compiled policies in memory, as the program keeps them on disk.
#[derive(Default)]
struct Memory(Mutex<HashMap<Digest, Vec<u8>>>);

#[allow(
    unsafe_code,
    reason = "the store gives what it was given, and nothing else"
)]
// SAFETY: only `save` writes into the map, and `load` copies from it.
unsafe impl CompiledStore for Memory {
    fn load(&self, key: &Digest) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(key).cloned()
    }

    fn save(&self, key: &Digest, compiled: &[u8]) {
        self.0.lock().unwrap().insert(*key, compiled.to_vec());
    }
}

fn load(sandbox: &Sandbox, store: &Memory) -> Vec<Policy> {
    let policies = BuiltIn::all().unwrap();
    let bytes = policies.iter().map(|policy| read(&policy.component()));
    bytes
        .map(|bytes| sandbox.load(&bytes, store).unwrap())
        .collect()
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// All of `check` and of `why` on a saved snapshot with compiled policies at
/// hand, against decompressing the snapshot.
fn checking(criterion: &mut Criterion) {
    let file = file_of(&take());
    let store = Memory::default();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Compiled once, and kept.
    load(&Sandbox::new(Limits::default(), threads).unwrap(), &store);
    let answer = |about: Option<&Circumstances>| {
        let sandbox = Sandbox::new(Limits::default(), threads).unwrap();
        let policies = load(&sandbox, &store);
        let facts = Facts::new(Arc::new(read_snapshot(&file[..]).unwrap()));
        let facts = match about {
            Some(circumstances) => facts.about(circumstances.clone()),
            None => facts,
        };
        let options = Options {
            threads,
            ..Options::default()
        };
        let Judgement { verdict, .. } =
            judge(&sandbox, &policies, &Arc::new(facts), &options).unwrap();
        report::json(&verdict)
    };
    let about = |program: &str| Circumstances {
        program: program.to_owned(),
        pid: None,
        environment: Some(Vec::new()),
        uid: None,
        cgroup: None,
    };
    // The second trusts certificates.
    let (shell, client) = (about("/bin/sh"), about("/usr/bin/openssl"));
    let mut group = criterion.benchmark_group("check");
    group.bench_function("floor", |bencher| {
        bencher.iter(|| black_box(read_snapshot(&file[..]).unwrap()));
    });
    group.bench_function("judge-and-report", |bencher| {
        bencher.iter(|| black_box(answer(None)));
    });
    group.bench_function("why", |bencher| {
        bencher.iter(|| black_box(answer(Some(&shell))));
    });
    group.bench_function("why-tls", |bencher| {
        bencher.iter(|| black_box(answer(Some(&client))));
    });
    group.finish();
}

criterion_group!(
    benches,
    capturing,
    decoding,
    reading_facts,
    evaluating,
    checking
);
criterion_main!(benches);
