//! What the sandbox costs beyond the work of a rule: beside what wasmtime
//! needs to instantiate an empty component and call it, and the first
//! evaluation of a policy from the cache beside its later ones.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that can't go on fails"
)]

use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::sync::{Arc, Mutex};

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{
    CompiledStore, InterfaceSet, Limits, NoStore, Policy, Question, Sandbox,
};
use casefile_snapshot::Digest;
use casefile_tests::built_in::built_policies;
use casefile_tests::sample;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

/// A component that does nothing, with a memory as every guest has one.
const EMPTY: &str = r#"(component
    (core module $module
        (memory (export "memory") 2)
        (func (export "run")))
    (core instance $instance (instantiate $module))
    (func (export "run") (canon lift (core func $instance "run"))))"#;

fn built(name: &str) -> Vec<u8> {
    let folder = built_policies();
    fs::read(folder.join(name)).unwrap()
}

fn question<'a>(facts: &'a Arc<Facts>, parameters: &'a Arc<Parameters>) -> Question<'a> {
    Question {
        facts,
        now: 1_767_225_600,
        parameters,
        denied: InterfaceSet::default(),
    }
}

type Parameters = std::collections::BTreeMap<String, casefile_engine::description::Value>;

fn defaults(policy: &Policy) -> Arc<Parameters> {
    let parameters = policy.description().parameters.iter();
    Arc::new(
        parameters
            .map(|one| (one.name.clone(), one.default.clone()))
            .collect(),
    )
}

/// wasmtime alone, with the same allocator.
fn floor(criterion: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>) {
    let mut config = Config::new();
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(2)
        .total_core_instances(2)
        .total_memories(2)
        .total_tables(2)
        .linear_memory_keep_resident(256 << 10);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config).unwrap();
    let component = Component::new(&engine, wat::parse_str(EMPTY).unwrap()).unwrap();
    let prepared = Linker::new(&engine).instantiate_pre(&component).unwrap();
    let run = component.get_export_index(None, "run").unwrap();
    criterion.bench_function("floor", |bencher| {
        bencher.iter(|| {
            let mut store = Store::new(&engine, ());
            let instance = prepared.instantiate(&mut store).unwrap();
            let run = instance.get_typed_func::<(), ()>(&mut store, &run).unwrap();
            run.call(&mut store, ()).unwrap();
            black_box(store);
        });
    });
}

/// A rule that does nothing, in each language that was built for it.
fn instantiating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("instantiate");
    floor(&mut group);
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let policy = sandbox.load(&built("testing/idle.wasm"), &NoStore).unwrap();
    let parameters = defaults(&policy);
    let question = question(&facts, &parameters);
    let rule = &policy.description().rules[0];
    group.bench_function("policy-that-is-not-called", |bencher| {
        bencher.iter(|| policy.instantiate(&sandbox).unwrap());
    });
    group.bench_function("rule-that-does-nothing", |bencher| {
        bencher.iter(|| black_box(policy.evaluate(&sandbox, rule, &question)));
    });
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

/// The first evaluation in a new sandbox, of a policy from the cache, beside
/// those that follow.
fn beginning(criterion: &mut Criterion) {
    let component = built("ca-bundle.wasm");
    let store = Memory::default();
    let new = || {
        let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
        let policy = sandbox.load(&component, &store).unwrap();
        (sandbox, policy)
    };
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let (sandbox, policy) = new();
    let parameters = defaults(&policy);
    let question = question(&facts, &parameters);
    let mut group = criterion.benchmark_group("first");
    group.bench_function("floor", |bencher| {
        let rule = &policy.description().rules[0];
        bencher.iter(|| black_box(policy.evaluate(&sandbox, rule, &question)));
    });
    group.bench_function("after-a-hit", |bencher| {
        bencher.iter_batched(
            new,
            |(sandbox, policy)| {
                let rule = &policy.description().rules[0];
                black_box(policy.evaluate(&sandbox, rule, &question));
                (sandbox, policy)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, instantiating, beginning);
criterion_main!(benches);
