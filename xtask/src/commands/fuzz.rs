//! `cargo xtask fuzz`: the readers of foreign bytes under libFuzzer, each for
//! a time, with AddressSanitizer. Needs a nightly compiler; the short form in
//! the tests does not.

mod corpus;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, bail};

use crate::step::Step;
use crate::{compiler, process, workspace};

/// What cargo-fuzz gives the compiler for everything: AddressSanitizer.
const SANITIZER: &str = "-Zsanitizer=address";

/// What it gives for code whose ways libFuzzer is to see: a counter on every
/// edge, and what is compared.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// The crates that read. The WebAssembly compiler is fuzzed by its makers,
/// and takes half an hour to build with counters.
const READERS: [&str; 22] = [
    "asn1-rs",
    "casefile-certificates",
    "casefile-collector",
    "casefile-engine",
    "casefile-fuzz",
    "casefile-go",
    "casefile-loader",
    "casefile-pack",
    "casefile-packages",
    "casefile-snapshot",
    "casefile-tests",
    "data-encoding",
    "der-parser",
    "goblin",
    "iced-x86",
    "minisign-verify",
    "nom",
    "procfs-core",
    "scroll",
    "tar",
    "time",
    "x509-parser",
];

/// How libFuzzer runs a reader.
const SETTINGS: [&str; 6] = [
    // Bytes of an input.
    "-max_len=65536",
    // Seconds after which one input is a hang.
    "-timeout=10",
    // MiB of the whole process, and of one allocation.
    "-rss_limit_mb=256",
    "-malloc_limit_mb=256",
    "-print_final_stats=1",
    // Caches that last as long as the process are no leaks.
    "-detect_leaks=0",
];

/// What was freed and AddressSanitizer still holds is no reader's: 256 MiB of
/// it, unless told otherwise.
const SANITIZER_OPTIONS: &str = "quarantine_size_mb=8:malloc_context_size=4";

/// A target.
struct Target {
    name: String,
    /// It is of the engine.
    engine: bool,
}

/// Runs one target, or all, each for so many seconds; those of the engine may
/// be left out. What shows the ways of a reader may be kept.
///
/// # Errors
/// The compiler that it needs is missing, there is no such target, an input
/// did harm, or inputs can't be kept.
pub(crate) fn run(
    target: Option<&str>,
    seconds: u32,
    without_engine: bool,
    keep: bool,
) -> anyhow::Result<()> {
    let host = nightly_host()?;
    let folder = workspace::target().join("fuzz");
    let mut targets = seeds(&folder.join("seeds"))?;
    if let Some(wanted) = target {
        let known: Vec<String> = targets.iter().map(|one| one.name.clone()).collect();
        targets.retain(|one| one.name == wanted);
        if targets.is_empty() {
            bail!(
                "there is no target {wanted}; there are: {}",
                known.join(", ")
            );
        }
    } else if without_engine {
        targets.retain(|one| !one.engine);
    }
    build(&targets, &host)?;
    let mut harmed = Vec::new();
    for Target { name, .. } in &targets {
        if fuzz(name, seconds, &host).is_err() {
            harmed.push(name.as_str());
        } else if keep {
            corpus::keep(name, &program(name, &host))?;
        }
    }
    if !harmed.is_empty() {
        let place = folder.join("harm");
        let names = harmed.join(", ");
        bail!("{names}: see above; the inputs are in {}", place.display());
    }
    Ok(())
}

/// The host of the nightly compiler, once everything is there to fuzz with.
fn nightly_host() -> anyhow::Result<String> {
    const ADVICE: &str = "fuzzing needs a nightly compiler: `rustup toolchain install nightly` \
                          brings it (the short form needs none: `cargo test -p casefile-tests \
                          --test fuzz_short`)";
    if process::find("rustup").is_none() {
        bail!("there is no rustup; {ADVICE}");
    }
    let mut rustc = workspace::program("rustup");
    let about = process::output(rustc.args(["run", "nightly", "rustc", "-vV"])).context(ADVICE)?;
    let host = compiler::detail(&about, "host")?.to_owned();
    let compilers = ["c++", "g++", "clang++"];
    let is_named = env::var_os("CXX").is_some();
    if !is_named && compilers.iter().all(|name| process::find(name).is_none()) {
        bail!("there is no C++ compiler, and libFuzzer is C++: g++ or clang++ will do");
    }
    Ok(host)
}

/// Writes the seeds of all targets; gives the targets' names.
fn seeds(folder: &Path) -> anyhow::Result<Vec<Target>> {
    let mut step = Step::start("fuzz seeds");
    step.note("building");
    let mut seeds = workspace::cargo("run");
    seeds
        .args(["--quiet", "--package", "casefile-tests"])
        .args(["--bin", "fuzz-seeds", "--"])
        .arg(folder);
    let printed = process::output(&mut seeds)?;
    let targets: Vec<Target> = printed.lines().map(parse_target).collect();
    step.end(&format!("of {} targets", targets.len()));
    Ok(targets)
}

/// A line of `fuzz-seeds`: a name, and `engine` where it is of the engine.
fn parse_target(line: &str) -> Target {
    let (name, engine) = match line.split_once(' ') {
        Some((name, rest)) => (name, rest == "engine"),
        None => (line, false),
    };
    Target {
        name: name.to_owned(),
        engine,
    }
}

fn build(targets: &[Target], host: &str) -> anyhow::Result<()> {
    let mut step = Step::start("fuzz targets");
    let mut build = workspace::program("cargo");
    build
        .args(["+nightly", "-Zprofile-rustflags", "build", "--release"])
        .arg("--manifest-path")
        .arg(workspace::root().join("tests/fuzz/Cargo.toml"))
        // With a target, flags are not for what runs while it is built.
        .args(["--target", host])
        .arg("--target-dir")
        .arg(build_folder())
        .env_remove("RUSTC")
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", SANITIZER);
    for package in READERS {
        let flags = COVERAGE.map(|flag| format!("'{flag}'")).join(", ");
        let setting = format!("profile.release.package.{package}.rustflags=[{flags}]");
        build.arg("--config").arg(setting);
    }
    if targets.iter().any(|target| target.engine) {
        build.args(["--features", "engine"]);
    }
    for target in targets {
        build.args(["--bin", &target.name]);
    }
    process::run_in(&mut step, &mut build)?;
    step.end("built");
    Ok(())
}

fn build_folder() -> PathBuf {
    workspace::target().join("fuzz/build")
}

/// Runs one target. What it finds worth keeping is its corpus, and what does
/// harm is kept beside.
fn fuzz(name: &str, seconds: u32, host: &str) -> anyhow::Result<()> {
    eprintln!("{name} for {seconds} s");
    let folder = workspace::target().join("fuzz");
    let corpus = folder.join("corpus").join(name);
    let harm = folder.join("harm").join(name);
    for folder in [&corpus, &harm] {
        fs::create_dir_all(folder)
            .with_context(|| format!("{}: can't be made", folder.display()))?;
    }
    let mut fuzz: Command = workspace::program(program(name, host));
    fuzz.arg(&corpus)
        .args(corpus::folders(name))
        .arg(format!("-artifact_prefix={}/", harm.display()))
        .arg(format!("-max_total_time={seconds}"))
        .args(SETTINGS)
        .env("ASAN_OPTIONS", SANITIZER_OPTIONS);
    process::run(&mut fuzz)
}

fn program(name: &str, host: &str) -> PathBuf {
    build_folder().join(host).join("release").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_the_engine_are_marked() {
        for (line, name, engine) in [("elf", "elf", false), ("audit engine", "audit", true)] {
            let target = parse_target(line);
            assert_eq!((target.name.as_str(), target.engine), (name, engine));
        }
    }
}
