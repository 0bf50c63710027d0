//! What policies try and must not get ends as their cases say, in each
//! language that was built.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use casefile_cases::{Bases, Case};
use casefile_engine::sandbox::{Limits, NoStore, Sandbox};
use casefile_tests::built_in::built_policies;

/// Languages that must have been built, separated by blanks; without it those
/// that are there are tried.
const LANGUAGES: &str = "CASEFILE_ESCAPES";

/// The files of a folder that end so, sorted; none where there is no folder.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|found| found == end));
    files.sort();
    files
}

#[test]
fn every_attempt_ends_as_its_case_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = built_policies().join("escapes");
    for language in env::var(LANGUAGES).unwrap_or_default().split_whitespace() {
        let component = built.join(language).with_extension("wasm");
        assert!(component.exists(), "{language} is not built");
    }
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let components = files(&built, "wasm");
    assert!(!components.is_empty(), "run `cargo xtask policies` first");
    for component in components {
        let language = component.file_stem().unwrap();
        let policy = sandbox
            .load(&fs::read(&component).unwrap(), &NoStore)
            .unwrap();
        let cases = files(
            &root.join("policies/escapes").join(language).join("cases"),
            "toml",
        );
        let mut tried: Vec<String> = Vec::new();
        for path in cases {
            let case = Case::read(&path).unwrap();
            // Twice: they end in the same way again.
            for _ in 0..2 {
                let trial = case.run(&sandbox, &policy, &Bases::default()).unwrap();
                let words: Vec<String> =
                    trial.differences.iter().map(ToString::to_string).collect();
                assert!(
                    words.is_empty(),
                    "{}:\n{}",
                    path.display(),
                    words.join("\n")
                );
            }
            tried.extend(case.rules);
        }
        for rule in &policy.description().rules {
            assert!(tried.contains(&rule.code), "{language:?}: {}", rule.code);
        }
    }
}
