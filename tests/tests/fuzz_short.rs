//! Every reader of foreign bytes, on seeds and on some thousand damaged ones:
//! none panics, and what must hold of their answers holds. The long form is
//! `cargo xtask fuzz`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::Path;

use casefile_configuration::Document;
use casefile_engine::verdict::Verdict;
use casefile_tests::fuzz::short::run;
use casefile_tests::fuzz::{TARGETS, corpus, seeds};
use rayon::prelude::*;

/// Damaged inputs for a reader that takes some ten microseconds.
const ITERATIONS: usize = 4_000;

/// Fewer for those that take longer.
const FEWER: &[(&str, usize)] = &[
    ("audit", 2_000),
    ("case", 1_000),
    ("certificates", 1_000),
    // What is one by its form is compiled.
    ("component", 500),
    ("elf", 2_000),
    ("host", 1_000),
    // Written and read again, and every fact asked for.
    ("index", 600),
    ("pack", 1_000),
    ("pack-archive", 1_000),
    ("pack-manifest", 1_000),
    ("process", 1_500),
    // As many files are tried as one program may ask for.
    ("resolution", 300),
];

#[test]
fn no_input_does_harm() {
    let failures: Vec<String> = TARGETS
        .par_iter()
        .filter_map(|(name, target)| {
            let fewer = FEWER.iter().find(|(other, _)| other == name);
            let iterations = fewer.map_or(ITERATIONS, |(_, iterations)| *iterations);
            let inputs = [seeds(name), corpus(name).unwrap()].concat();
            let failure = run(name, *target, &inputs, iterations).err()?;
            Some(failure.to_string())
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn every_reader_has_seeds_and_a_name_of_its_own() {
    for (position, (name, _)) in TARGETS.iter().enumerate() {
        assert!(!seeds(name).is_empty(), "{name} has no seeds");
        let before = &TARGETS[..position];
        assert!(before.iter().all(|(other, _)| other < name), "{name}");
    }
}

#[test]
fn every_folder_of_kept_inputs_is_a_readers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|(other, _)| *other == name), "{name}");
        assert!(!corpus(&name).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn sound_seeds_are_sound() {
    // A reader that refuses its seeds at once is not tested by damaged ones.
    serde_json::from_slice::<Verdict>(&seeds("verdict")[0]).unwrap();
    let configurations = seeds("configuration");
    for seed in &configurations[..2] {
        Document::parse(std::str::from_utf8(seed).unwrap()).unwrap();
    }
}

#[test]
fn every_reader_has_a_program_for_the_long_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let programs: Vec<&str> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|program| program["name"].as_str().unwrap())
        .collect();
    let targets: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(programs, targets);
    for name in targets {
        let source = fs::read_to_string(folder.join(format!("targets/{name}.rs"))).unwrap();
        let wanted = format!("reader!(\"{name}\")");
        assert!(source.contains(&wanted), "{name}");
    }
}

#[test]
fn a_reader_that_panics_is_found_and_its_input_is_told() {
    fn panics_at_a_newline(bytes: &[u8]) {
        assert!(!bytes.contains(&b'\n'), "a newline");
    }
    let seeds = [b"abc".to_vec()];
    let failure = run("test-of-the-test", panics_at_a_newline, &seeds, 10_000).unwrap_err();
    assert!(failure.iteration >= 1);
    assert!(failure.input.contains(&b'\n'));
    let file = failure.file.clone().unwrap();
    assert_eq!(fs::read(&file).unwrap(), failure.input);
    fs::remove_file(&file).unwrap();
    let text = failure.to_string();
    let place = format!(
        "test-of-the-test, iteration {}: a newline",
        failure.iteration
    );
    assert!(text.starts_with(&place), "{text}");
    assert!(text.contains(file.to_str().unwrap()), "{text}");
    assert!(text.contains("0a"), "{text}");
    // The same again.
    let again = run("test-of-the-test", panics_at_a_newline, &seeds, 10_000).unwrap_err();
    assert_eq!(
        (again.iteration, &again.input),
        (failure.iteration, &failure.input)
    );
    fs::remove_file(again.file.unwrap()).unwrap();
}
