//! Programs and libraries made to be found, lost and mistaken: what the real
//! loader does with each is what the facts must say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use casefile_collector::{Options, capture};
use casefile_engine::facts::Facts;
use casefile_engine::facts::elf::{FoundBy, Launch, Problem, Resolution};
use casefile_snapshot::{HostPath, Tool};
use casefile_tests::ldd::Trace;

/// A folder of programs and libraries.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// A library by its path, with its soname and more options.
    fn library(&self, name: &str, options: &[&str]) -> PathBuf {
        let path = self.path(name);
        let soname = format!(
            "-Wl,-soname,{}",
            path.file_name().unwrap().to_str().unwrap()
        );
        self.compile(
            &path,
            "int answer(void) { return 42; }",
            &[&["-shared", "-fPIC", &soname], options].concat(),
        );
        path
    }

    /// A program that needs what the options say.
    fn program(&self, name: &str, options: &[&str]) -> PathBuf {
        let path = self.path(name);
        self.compile(&path, "int main(void) { return 0; }", options);
        path
    }

    fn compile(&self, path: &Path, source: &str, options: &[&str]) {
        let file = self.path("source.c");
        fs::write(&file, source).unwrap();
        let mut command = Command::new("cc");
        // Libraries are needed whether or not a symbol of theirs is used, and
        // may be missing.
        command
            .arg("-o")
            .arg(path)
            .arg(&file)
            .args([
                "-Wl,--no-as-needed",
                "-Wl,--allow-shlib-undefined",
                "-Wl,-z,norelro",
            ])
            .args(options)
            .current_dir(self.folder.path());
        let output = command.output().expect("cc");
        assert!(output.status.success(), "{command:?}: {output:?}");
    }

    /// What the facts say, after it was compared with the loader.
    fn resolve(&self, program: &Path) -> Resolution {
        self.resolve_with(program, None)
    }

    fn resolve_with(&self, program: &Path, library_path: Option<&str>) -> Resolution {
        let resolution = facts_of(program, library_path);
        let loader = Trace::started(program, library_path);
        let mut ours = Trace::of(&resolution, program);
        ours.error = resolution
            .missing
            .iter()
            .find_map(|missing| match &missing.problem {
                Problem::Invalid(_) => loader
                    .error
                    .clone()
                    .filter(|error| error.contains(&missing.name)),
                _ => None,
            });
        if loader.error.is_some() {
            // It stops there, and lists nothing.
            assert_eq!(ours.error, loader.error, "{resolution:#?}");
        } else {
            assert_eq!(ours, loader, "{resolution:#?}");
        }
        resolution
    }
}

/// What the facts say of a program.
fn facts_of(program: &Path, library_path: Option<&str>) -> Resolution {
    let options = Options {
        binaries: vec![HostPath::from_bytes(program.as_os_str().as_encoded_bytes()).unwrap()],
        ..Options::default()
    };
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // The directories of LD_LIBRARY_PATH are searched for programs that run
    // with it.
    let running = library_path.map(|path| {
        let mut command = Command::new("sleep");
        command.arg("600").env("LD_LIBRARY_PATH", path);
        Running(command.spawn().expect("sleep"))
    });
    let snapshot = capture(&options, tool, &mut |_| ()).unwrap();
    drop(running);
    let facts = Facts::new(Arc::new(snapshot));
    let launch = Launch {
        library_path: library_path.map(str::to_owned),
        ..Launch::default()
    };
    let fact = facts.resolve(program.to_str().unwrap(), &launch);
    let resolution = match &*fact {
        Ok(fact) => fact.value.clone(),
        Err(missing) => panic!("{missing:?}"),
    };
    assert!(resolution.unknown.is_empty(), "{resolution:#?}");
    resolution
}

struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn found<'a>(resolution: &'a Resolution, name: &str) -> (&'a str, FoundBy) {
    let mut objects = resolution.objects.iter();
    let object = objects.find(|object| object.name == name);
    let object = object.unwrap_or_else(|| panic!("no {name}: {resolution:#?}"));
    (&object.path, object.found_by)
}

fn problem<'a>(resolution: &'a Resolution, name: &str) -> &'a Problem {
    let mut missing = resolution.missing.iter();
    let missing = missing.find(|missing| missing.name == name);
    &missing
        .unwrap_or_else(|| panic!("{name} is there: {resolution:#?}"))
        .problem
}

const RPATH: &str = "-Wl,--disable-new-dtags";
const RUNPATH: &str = "-Wl,--enable-new-dtags";

#[test]
fn a_runpath_is_not_inherited_and_an_rpath_is() {
    let bench = Bench::new();
    bench.library("lib/libinner.so", &[]);
    bench.library("lib/libouter.so", &["-Llib", "-linner"]);
    let options = ["-Llib", "-louter", "-Wl,-rpath,$ORIGIN/../lib"];
    let with_rpath = bench.program("bin/rpath", &[&options[..], &[RPATH]].concat());
    let resolution = bench.resolve(&with_rpath);
    assert_eq!(found(&resolution, "libouter.so").1, FoundBy::Rpath);
    assert_eq!(found(&resolution, "libinner.so").1, FoundBy::Rpath);

    let with_runpath = bench.program("bin/runpath", &[&options[..], &[RUNPATH]].concat());
    let resolution = bench.resolve(&with_runpath);
    assert_eq!(found(&resolution, "libouter.so").1, FoundBy::Runpath);
    assert_eq!(*problem(&resolution, "libinner.so"), Problem::NotFound);
}

#[test]
fn a_librarys_runpath_turns_off_every_rpath() {
    let bench = Bench::new();
    bench.library("lib/libinner.so", &[]);
    bench.library(
        "lib/libouter.so",
        &["-Llib", "-linner", RUNPATH, "-Wl,-rpath,/nonexistent"],
    );
    let program = bench.program(
        "bin/program",
        &["-Llib", "-louter", RPATH, "-Wl,-rpath,$ORIGIN/../lib"],
    );
    let resolution = bench.resolve(&program);
    assert_eq!(*problem(&resolution, "libinner.so"), Problem::NotFound);
}

#[test]
fn an_earlier_load_hides_a_wrong_search_path() {
    let bench = Bench::new();
    bench.library("lib/libinner.so", &[]);
    bench.library("lib/libouter.so", &["-Llib", "-linner"]);
    let program = bench.program(
        "bin/program",
        &[
            "-Llib",
            "-linner",
            "-louter",
            RUNPATH,
            "-Wl,-rpath,$ORIGIN/../lib",
        ],
    );
    let resolution = bench.resolve(&program);
    assert!(resolution.missing.is_empty());
}

#[test]
fn the_origin_of_a_program_is_behind_links_and_that_of_a_library_before() {
    let bench = Bench::new();
    bench.library("real/deep/libinner.so", &[]);
    bench.library(
        "real/libouter.so",
        &["-Lreal/deep", "-linner", RUNPATH, "-Wl,-rpath,$ORIGIN/deep"],
    );
    fs::create_dir(bench.path("linked")).unwrap();
    std::os::unix::fs::symlink("../real/libouter.so", bench.path("linked/libouter.so")).unwrap();
    let program = bench.program(
        "bin/program",
        &["-Lreal", "-louter", RUNPATH, "-Wl,-rpath,$ORIGIN/../linked"],
    );
    // $ORIGIN of libouter.so is `linked`, where there is no `deep`.
    let resolution = bench.resolve(&program);
    assert_eq!(*problem(&resolution, "libinner.so"), Problem::NotFound);

    fs::create_dir(bench.path("elsewhere")).unwrap();
    let link = bench.path("elsewhere/program");
    std::os::unix::fs::symlink("../bin/program", &link).unwrap();
    let resolution = bench.resolve(&link);
    assert_eq!(found(&resolution, "libouter.so").1, FoundBy::Runpath);
}

#[test]
fn files_for_others_are_passed_over_and_damaged_ones_are_not() {
    let bench = Bench::new();
    bench.library("good/libx.so", &[]);
    let other = bench.library("other/libx.so", &[]);
    let mut bytes = fs::read(&other).unwrap();
    let program = bench.program(
        "bin/program",
        &[
            "-Lgood",
            "-lx",
            RUNPATH,
            "-Wl,-rpath,$ORIGIN/../other:$ORIGIN/../good",
        ],
    );
    // Another machine, then another class: AArch64, ELFCLASS32.
    for (at, value) in [(18, 183), (4, 1)] {
        let whole = bytes.clone();
        bytes[at] = value;
        fs::write(&other, &bytes).unwrap();
        let resolution = bench.resolve(&program);
        assert!(found(&resolution, "libx.so").0.ends_with("/good/libx.so"));
        bytes = whole;
    }
    for damaged in [&b""[..], b"GROUP ( libx.so.1 )", &bytes[..40]] {
        fs::write(&other, damaged).unwrap();
        let resolution = bench.resolve(&program);
        assert!(matches!(
            problem(&resolution, "libx.so"),
            Problem::Invalid(_)
        ));
    }
    // With the other class alone, the loader says so.
    fs::remove_file(bench.path("good/libx.so")).unwrap();
    bytes[4] = 1;
    fs::write(&other, &bytes).unwrap();
    let resolution = facts_of(&program, None);
    let problem = problem(&resolution, "libx.so");
    assert!(
        matches!(problem, Problem::WrongArchitecture(other) if other.contains("ELFCLASS32")),
        "{problem:?}"
    );
    let output = Command::new(&program).env("LC_ALL", "C").output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("wrong ELF class: ELFCLASS32"), "{error}");
}

#[test]
fn libraries_of_another_system_are_refused() {
    /// EI_OSABI and EI_ABIVERSION of elf.h.
    const OS_ABI: usize = 7;
    const ABI_VERSION: usize = 8;
    let bench = Bench::new();
    let library = bench.library("lib/libanswer.so", &[]);
    let program = bench.program(
        "bin/program",
        &["-Llib", "-lanswer", "-Wl,-rpath,$ORIGIN/../lib"],
    );
    let whole = fs::read(&library).unwrap();
    for (place, value, refused) in [
        (OS_ABI, 3, None),
        (OS_ABI, 9, Some("ELF file OS ABI invalid")),
        (ABI_VERSION, 9, Some("ELF file ABI version invalid")),
    ] {
        let mut changed = whole.clone();
        changed[place] = value;
        fs::write(&library, changed).unwrap();
        let resolution = bench.resolve(&program);
        match refused {
            None => assert!(resolution.missing.is_empty(), "{resolution:#?}"),
            Some(words) => {
                let problem = problem(&resolution, "libanswer.so");
                assert!(
                    matches!(problem, Problem::Invalid(text) if text.ends_with(words)),
                    "{problem:?}"
                );
            }
        }
    }
}

#[test]
fn versions_are_members_of_a_set() {
    let bench = Bench::new();
    let script = bench.path("versions");
    let option = "-Wl,--version-script=versions";
    fs::write(&script, "ONE { global: answer; };\nTWO { } ONE;\n").unwrap();
    bench.library("lib/libx.so", &[option]);
    let program = bench.path("bin/program");
    bench.compile(
        &program,
        "int answer(void); int main(void) { return answer(); }",
        &["-Llib", "-lx", RUNPATH, "-Wl,-rpath,$ORIGIN/../lib"],
    );
    assert!(bench.resolve(&program).versions.is_empty());

    fs::write(&script, "TWO { global: answer; };\n").unwrap();
    bench.library("lib/libx.so", &[option]);
    let resolution = bench.resolve(&program);
    assert_eq!(resolution.versions.len(), 1);
    assert_eq!(resolution.versions[0].version, "ONE");
    assert!(!resolution.versions[0].weak);

    // Without any definition nothing is held against the library.
    bench.library("lib/libx.so", &[]);
    assert!(bench.resolve(&program).versions.is_empty());
}

#[test]
fn the_library_path_stands_between_rpath_and_runpath() {
    let bench = Bench::new();
    for folder in ["own", "given"] {
        bench.library(&format!("{folder}/libx.so"), &[]);
    }
    let given = bench.path("given");
    let given = given.to_str();
    let options = ["-Lown", "-lx", "-Wl,-rpath,$ORIGIN/../own"];
    let with_rpath = bench.program("bin/rpath", &[&options[..], &[RPATH]].concat());
    let resolution = bench.resolve_with(&with_rpath, given);
    assert_eq!(found(&resolution, "libx.so").1, FoundBy::Rpath);
    let with_runpath = bench.program("bin/runpath", &[&options[..], &[RUNPATH]].concat());
    let resolution = bench.resolve_with(&with_runpath, given);
    assert_eq!(found(&resolution, "libx.so").1, FoundBy::LibraryPath);
}

#[test]
fn names_with_a_slash_are_paths() {
    let bench = Bench::new();
    let library = bench.path("lib/libx.so");
    bench.compile(
        &library,
        "int answer(void) { return 42; }",
        &["-shared", "-fPIC"],
    );
    // A library without a soname is needed by the path that it was linked by.
    let program = bench.program("bin/program", &[library.to_str().unwrap()]);
    let resolution = bench.resolve(&program);
    let path = library.to_str().unwrap();
    assert_eq!(found(&resolution, path), (path, FoundBy::Path));
}

#[test]
fn system_directories_and_the_cache_can_be_turned_off() {
    let bench = Bench::new();
    let program = bench.program(
        "bin/program",
        &["-Wl,-z,nodefaultlib", RUNPATH, "-Wl,-rpath,/nonexistent"],
    );
    let resolution = bench.resolve(&program);
    assert_eq!(*problem(&resolution, "libc.so.6"), Problem::NotFound);
}

#[test]
fn better_processors_have_directories_of_their_own() {
    let bench = Bench::new();
    bench.library("lib/libx.so", &[]);
    for level in ["x86-64-v2", "x86-64-v3", "x86-64-v4"] {
        bench.library(&format!("lib/glibc-hwcaps/{level}/libx.so"), &[]);
    }
    let program = bench.program(
        "bin/program",
        &["-Llib", "-lx", RUNPATH, "-Wl,-rpath,$ORIGIN/../lib"],
    );
    // Which one it is depends on this machine, and the loader knows it.
    let resolution = bench.resolve(&program);
    assert_eq!(found(&resolution, "libx.so").1, FoundBy::Runpath);
}
