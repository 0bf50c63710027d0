//! Prints what the conformance policy costs in each language, as a table of
//! Markdown: `conformance-costs LANGUAGE=SECONDS...`, the seconds that a
//! component took to build.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers that can't go on stops"
)]

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Limits, Sandbox};
use casefile_tests::conformance::{components, evaluate, hosts, load};

/// How often a thing is done: the median counts.
const TIMES: usize = 21;

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[TIMES / 2]
}

fn main() {
    let built: BTreeMap<String, String> = env::args()
        .skip(1)
        .filter_map(|argument| {
            let (language, seconds) = argument.split_once('=')?;
            Some((language.to_owned(), seconds.to_owned()))
        })
        .collect();
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let (_, snapshot) = hosts().unwrap().swap_remove(0);
    let facts = Arc::new(Facts::new(Arc::new(snapshot)));
    println!(
        "| language | bytes | build s | compile s | instantiate ms | evaluate ms | memory KiB | fuel, million |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for (language, component) in components().unwrap() {
        let began = Instant::now();
        let policy = load(&sandbox, &component).unwrap();
        let compile = began.elapsed();
        let instantiate = median(|| policy.instantiate(&sandbox).unwrap());
        let rules = policy.description().rules.len();
        let all = median(|| drop(evaluate(&sandbox, &policy, &facts)));
        let evaluations = evaluate(&sandbox, &policy, &facts);
        let memory = evaluations.iter().map(|one| one.memory_bytes).max();
        let fuel: u64 = evaluations.iter().map(|one| one.fuel).sum();
        let each = |duration: Duration| duration.as_secs_f64() * 1e3;
        println!(
            "| {language} | {} | {} | {:.1} | {:.2} | {:.1} | {} | {:.1} |",
            component.len(),
            built.get(&language).map_or("", String::as_str),
            compile.as_secs_f64(),
            each(instantiate),
            each(all) / rules as f64,
            memory.unwrap_or(0) >> 10,
            fuel as f64 / rules as f64 / 1e6,
        );
    }
}
