//! The real loaders are the oracle: for programs and libraries that are made
//! to be found, lost and mistaken, and for all that is installed below /usr,
//! the resolver names the same files in the same order, or says the same
//! words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod cases;
mod installed;
mod machine;
mod oracle;
mod privileges;
mod workshop;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use casefile_loader::resolver::{Start, resolve};

use crate::cases::Case;
use crate::machine::{Asked, Machine};
use crate::oracle::Trace;
use crate::workshop::{Libc, Workshop};

/// Cases that both loaders are compared on, at least.
const CASES: usize = 150;

/// What differs in one case, in words; else whether the program was started.
fn compare(machine: &Machine, workshop: &Workshop, case: &Case) -> Result<bool, String> {
    let made = workshop.make(case);
    let program = made.program.to_str().unwrap();
    let start = Start {
        library_path: case.library_path.as_deref().map(|text| made.expand(text)),
        preload: case.preload.as_deref().map(|text| made.expand(text)),
        working_directory: Some(made.folder.to_str().unwrap().to_owned()),
        ..Start::default()
    };
    let resolve = |start: &Start| {
        let resolution = resolve(&mut Asked(machine), program, start);
        resolution.unwrap_or_else(|missing| panic!("{}: {missing:?}", case.name))
    };
    let resolution = resolve(&start);
    let mut differences = Vec::new();
    let mut differ = |what: &str, ours: &dyn std::fmt::Debug, theirs: &dyn std::fmt::Debug| {
        differences.push(format!("{what}: ours {ours:#?}\nloader {theirs:#?}"));
    };
    if !resolution.unknown.is_empty() {
        differ("unknown", &resolution.unknown, &());
    }
    // The words, when it is really started.
    let said = oracle::start(&made, &start);
    let mut words = resolution.words(program);
    if case.libc == Libc::Glibc && words.len() <= 1 {
        words.splice(0..0, resolution.warnings(program));
    }
    let mut sorted = (words, said.lines.clone());
    sorted.0.sort();
    sorted.1.sort();
    if sorted.0 != sorted.1 || resolution.words(program).is_empty() != said.succeeded {
        differ("words", &sorted.0, &said);
    }
    // The files, in its tracing mode.
    let (ours, theirs) = match case.libc {
        Libc::Glibc => (Trace::of(&resolution), oracle::trace(&made, &start)),
        Libc::Musl => {
            let start = Start {
                loader: Some(workshop::MUSL.to_owned()),
                ..start
            };
            let resolution = resolve(&start);
            (Trace::of(&resolution), oracle::list(&made, &start))
        }
    };
    // A hard error ends the tracing as well: nothing is listed.
    if theirs.error.is_none() && ours != theirs {
        differ("files", &ours, &theirs);
    }
    match differences.as_slice() {
        [] => Ok(said.succeeded),
        all => Err(format!(
            "{} ({:?})\n{}",
            case.name,
            case.libc,
            all.join("\n")
        )),
    }
}

#[test]
fn built_cases_are_loaded_as_by_the_real_loaders() {
    let workshop = Workshop::new();
    let cases = cases::all();
    let names: HashSet<_> = cases.iter().map(|case| (&case.name, case.libc)).collect();
    assert_eq!(names.len(), cases.len(), "two cases of one name");
    for libc in [Libc::Glibc, Libc::Musl] {
        let count = cases.iter().filter(|case| case.libc == libc).count();
        assert!(count >= CASES, "{count} cases for {libc:?}");
    }
    let machine = Machine::default();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, Into::into);
    let compared: Vec<Result<bool, String>> = thread::scope(|scope| {
        let work = || {
            let mut compared = Vec::new();
            while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                compared.push(compare(&machine, &workshop, case));
            }
            compared
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let compared = workers.into_iter().flat_map(|one| one.join().unwrap());
        compared.collect()
    });
    let wrong: Vec<&str> = compared
        .iter()
        .filter_map(|one| one.as_ref().err().map(String::as_str))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases differ:\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(20)].join("\n\n")
    );
    // Many are found, and many are not: else the cases would show little.
    let started = compared.iter().filter(|one| **one == Ok(true)).count();
    let share = started * 100 / cases.len();
    assert!((30..=85).contains(&share), "{share} of 100 are started");
}
