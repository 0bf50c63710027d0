//! The loader of this machine is the oracle: for every program in /usr/bin,
//! `ldd` and the facts name the same file for each library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casefile_collector::{Options, capture};
use casefile_engine::facts::Facts;
use casefile_engine::facts::elf::{Launch, Loader};
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{HostPath, Tool};
use casefile_tests::ldd::Trace;
use rayon::prelude::*;

/// Files in /usr/bin, links left out.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir("/usr/bin")
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn host_path(path: &Path) -> HostPath {
    HostPath::from_bytes(path.as_os_str().as_encoded_bytes()).unwrap()
}

#[test]
fn ldd_finds_the_same_files() {
    let files = files();
    let options = Options {
        binaries: files.iter().map(|path| host_path(path)).collect(),
        ..Options::default()
    };
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let facts = Facts::new(Arc::new(capture(&options, tool, &mut |_| ()).unwrap()));

    let compared: Vec<Result<(), String>> = files
        .par_iter()
        .filter(|path| is_dynamic(&facts, path))
        .map(|path| compare(&facts, path))
        .collect();
    let wrong: Vec<&String> = compared
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{wrong:#?}",
        wrong.len(),
        compared.len()
    );
    assert!(compared.len() > 100, "{} programs", compared.len());
}

fn is_dynamic(facts: &Facts, path: &Path) -> bool {
    let file = facts.elf_file(host_path(path).as_str()).unwrap();
    matches!(&*file.value, Extract::Elf(elf) if elf.interpreter.is_some())
}

fn compare(facts: &Facts, path: &Path) -> Result<(), String> {
    let fact = facts.resolve(host_path(path).as_str(), &Launch::default());
    let resolution = match &*fact {
        Ok(fact) => &fact.value,
        Err(missing) => return Err(format!("{}: {missing:?}", path.display())),
    };
    let ours = Trace::of(resolution, path);
    let theirs = Trace::ldd(path);
    if ours != theirs || !resolution.unknown.is_empty() || resolution.loader != Loader::Glibc {
        return Err(format!(
            "{}: ours {resolution:#?}\nldd {theirs:#?}",
            path.display()
        ));
    }
    Ok(())
}
