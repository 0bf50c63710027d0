//! `cargo xtask programs`: the programs as they are released, at one place.
//! The collector travels to hosts of others: it must be static and small.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use goblin::elf::Elf;

use crate::process::{self, run_in};
use crate::step::Step;
use crate::{compiler, content, workspace};

use super::policies;

/// The collector is never larger, in bytes.
const COLLECTOR_BYTES: usize = 4 << 20;

/// A program.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Program {
    /// Judges; holds the engine
    Casefile,
    /// Captures; static
    CasefileCollect,
}

impl Program {
    const ALL: [Self; 2] = [Self::Casefile, Self::CasefileCollect];

    const fn name(self) -> &'static str {
        match self {
            Self::Casefile => "casefile",
            Self::CasefileCollect => "casefile-collect",
        }
    }

    const fn package(self) -> &'static str {
        match self {
            Self::Casefile => "casefile",
            Self::CasefileCollect => "casefile-collector",
        }
    }

    const fn profile(self) -> &'static str {
        match self {
            Self::Casefile => "release",
            Self::CasefileCollect => "collector",
        }
    }

    /// Where it stands when it is built.
    pub(crate) fn path(self) -> PathBuf {
        workspace::target().join("programs").join(self.name())
    }
}

/// How a program is compiled.
struct Compilation {
    target: String,
    flags: Vec<String>,
}

/// Builds these programs; all where none is named.
///
/// # Errors
/// A program does not compile, or the collector is not what it must be.
pub(crate) fn run(programs: &[Program]) -> anyhow::Result<()> {
    let programs = if programs.is_empty() {
        &Program::ALL
    } else {
        programs
    };
    if programs.contains(&Program::Casefile) {
        // They are embedded.
        policies::run()?;
    }
    for program in programs {
        build(*program)?;
    }
    Ok(())
}

fn build(program: Program) -> anyhow::Result<()> {
    let mut step = Step::start(format!("program {}", program.name()));
    let compilation = compilation(program)?;
    let target = workspace::target();
    let mut build = workspace::cargo("build");
    build
        .args(["--package", program.package(), "--bin", program.name()])
        .args(["--profile", program.profile()])
        // With a target, flags are for the program alone, and not for what
        // runs while it is built.
        .args(["--target", &compilation.target])
        .arg("--target-dir")
        .arg(&target)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", compilation.flags.join("\x1f"));
    run_in(&mut step, &mut build).with_context(|| advice(program))?;
    let built = target
        .join(&compilation.target)
        .join(program.profile())
        .join(program.name());
    let bytes = fs::read(&built).with_context(|| format!("{}: can't be read", built.display()))?;
    let mut about = size(bytes.len());
    if program == Program::CasefileCollect {
        check_collector(&bytes).context("casefile-collect")?;
        about.push_str(", static");
    }
    let path = program.path();
    let changed = content::write_changed(&path, &bytes, 0o755, &target.join("xtask"))?;
    let how = if changed { "built" } else { "up to date" };
    let place = path.strip_prefix(workspace::root()).unwrap_or(&path);
    step.end(&format!("{how}: {}, {about}", place.display()));
    Ok(())
}

fn compilation(program: Program) -> anyhow::Result<Compilation> {
    let rustc = compiler::in_use();
    let about = compiler::about(&rustc)?;
    let host = compiler::detail(&about, "host")?;
    let mut flags = compiler::without_local_paths()?;
    let mut target = host.to_owned();
    if program == Program::CasefileCollect {
        let musl = host.replace("-gnu", "-musl");
        // zstd is written in C.
        let has_musl = process::find("musl-gcc").is_some() && compiler::has_target(&rustc, &musl)?;
        if has_musl {
            target = musl;
        } else {
            flags.extend(["-C".to_owned(), "target-feature=+crt-static".to_owned()]);
        }
    }
    Ok(Compilation { target, flags })
}

fn advice(program: Program) -> String {
    match program {
        Program::Casefile => "casefile can't be built".to_owned(),
        Program::CasefileCollect => "casefile-collect can't be built; it needs a static C \
             library: libc6-dev has it on Debian and Ubuntu, glibc-static on Fedora"
            .to_owned(),
    }
}

/// What the collector must be, to run on every host.
fn check_collector(bytes: &[u8]) -> anyhow::Result<()> {
    let elf = Elf::parse(bytes).context("it is no ELF file")?;
    if let Some(interpreter) = elf.interpreter {
        bail!("it is not static: it asks for {interpreter}");
    }
    if let Some(library) = elf.libraries.first() {
        bail!("it is not static: it needs {library}");
    }
    if !elf.syms.is_empty() {
        bail!("it is not stripped");
    }
    if bytes.len() > COLLECTOR_BYTES {
        bail!(
            "{} are more than {}",
            size(bytes.len()),
            size(COLLECTOR_BYTES)
        );
    }
    Ok(())
}

fn size(bytes: usize) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// A file's path and size for a message.
///
/// # Errors
/// There is no such file.
pub(crate) fn shown_with_size(path: &Path) -> anyhow::Result<String> {
    let length = fs::metadata(path)
        .with_context(|| format!("{}: was not written", path.display()))?
        .len();
    let place = path.strip_prefix(workspace::root()).unwrap_or(path);
    Ok(format!(
        "{}, {} KiB",
        place.display(),
        length.div_ceil(1024)
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_program_that_asks_for_a_loader_is_not_static() {
        // This test itself is linked dynamically.
        let bytes = fs::read(std::env::current_exe().unwrap()).unwrap();
        let error = check_collector(&bytes).unwrap_err().to_string();
        assert!(error.contains("not static"), "{error}");
    }

    #[test]
    fn what_is_no_program_is_an_error() {
        check_collector(b"text").unwrap_err();
    }
}
