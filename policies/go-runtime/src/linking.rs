//! How a program was linked, and whether what it needs to start is there.

use casefile_policy::elf::{self, File};
use casefile_policy::go_binary::LinkKind;
use casefile_policy::{Absence, Finding, OrAbsent, State, files};

use crate::Findings;
use crate::programs::{Program, each_program};

/// Where musl's loader lies, and where glibc's may.
const LIBRARIES: &str = "/lib";

pub(crate) fn loader() -> Findings {
    each_program("whether its loader is there is not known", |program| {
        if program.go.link != LinkKind::LoaderOnly {
            return Ok(Vec::new());
        }
        let Some(interpreter) = interpreter(program)? else {
            return Ok(Vec::new());
        };
        let path = &program.path;
        Ok(vec![match find(program, &interpreter)? {
            Found::Yes(evidence) => Finding::pass(
                path,
                format!("it is position-independent and needs the loader {interpreter}, which is there"),
            )
            .evidence(evidence),
            Found::No => Finding::fail(
                path,
                format!("it needs no library, and still the loader {interpreter}, which is not there: starting it fails with \"no such file or directory\""),
            )
            .actual(format!("no {interpreter}"))
            .wanted(&interpreter)
            .remedy("build it without -buildmode=pie, or link it static (-ldflags='-linkmode external -extldflags -static-pie'); or use an image with the loader"),
        }])
    })
}

/// Whether a file is there.
enum Found {
    /// And where that was read.
    Yes(Option<casefile_policy::Evidence>),
    No,
}

/// The loader that a program names.
fn interpreter(program: &Program) -> Result<Option<String>, Absence> {
    let file: File = elf::get_file(&program.path)?;
    Ok(file.interpreter)
}

fn find(program: &Program, interpreter: &str) -> Result<Found, Absence> {
    match elf::get_file(interpreter) {
        Ok(file) => Ok(Found::Yes(Some(file.evidence))),
        Err(absence) if absence.state == State::Absent => Ok(Found::No),
        // What runs has found it.
        Err(_) if program.is_running() => Ok(Found::Yes(None)),
        Err(absence) => Err(absence),
    }
}

pub(crate) fn c_library() -> Findings {
    each_program("whether its C library is there is not known", |program| {
        let own = match program.go.link {
            LinkKind::DynamicGlibc => "glibc",
            LinkKind::DynamicMusl => "musl",
            _ => return Ok(Vec::new()),
        };
        let Some(interpreter) = interpreter(program)? else {
            return Ok(Vec::new());
        };
        let path = &program.path;
        Ok(vec![match find(program, &interpreter)? {
            Found::Yes(evidence) => Finding::pass(
                path,
                format!("it is linked with {own}, whose loader {interpreter} is there"),
            )
            .evidence(evidence),
            Found::No => other_library(path, own, &interpreter)?,
        }])
    })
}

fn other_library(path: &str, own: &str, interpreter: &str) -> Result<Finding, Absence> {
    let names = files::read_directory(LIBRARIES).map(|listing| listing.names);
    let is_musl_host = names
        .or_absent(Vec::new())?
        .iter()
        .any(|name| name.starts_with("ld-musl-"));
    let host = match (own, is_musl_host) {
        ("glibc", true) => "this host has musl",
        ("glibc", false) => "this host has no glibc",
        (_, true) => "this host has musl for another machine",
        (_, false) => "this host has no musl",
    };
    let remedy = if own == "glibc" {
        "build it with CGO_ENABLED=0, or on a system with the C library of this host (a golang image of Alpine for Alpine)"
    } else {
        "build it with CGO_ENABLED=0, or on a system with glibc"
    };
    Ok(Finding::fail(
        path,
        format!("it was linked with {own} by cgo, and {host}: starting it fails with \"no such file or directory\" before any code of Go runs"),
    )
    .actual(format!("no {interpreter}"))
    .wanted(interpreter)
    .remedy(remedy))
}

pub(crate) fn described() -> Findings {
    each_program("how it was linked is not known", |program| {
        let go = &program.go;
        let kind = match go.link {
            LinkKind::StaticInternal => "it is static and needs nothing of the host",
            LinkKind::StaticExternal => "it is static, with C code inside",
            LinkKind::StaticPie => "it is static and position-independent, and needs no loader",
            LinkKind::LoaderOnly => {
                "it is position-independent: it needs the loader, and no library"
            }
            LinkKind::DynamicGlibc => "it is linked with glibc",
            LinkKind::DynamicMusl => "it is linked with musl",
            LinkKind::DynamicOther => "it is linked with libraries, none of them a known C library",
            LinkKind::SharedLibrary => "it is a plugin or a shared library",
        };
        let cgo = program.setting("CGO_ENABLED");
        let recorded = match (cgo, go.link) {
            (
                Some("1"),
                LinkKind::StaticInternal | LinkKind::StaticExternal | LinkKind::StaticPie,
            ) => "; CGO_ENABLED=1, which is recorded, does not make it dynamic",
            (Some("0"), LinkKind::LoaderOnly) => {
                "; CGO_ENABLED=0, which is recorded, does not make it static"
            }
            _ => "",
        };
        let linker = go.linker.as_deref();
        let by = linker.map_or(String::new(), |linker| {
            format!("; {linker} has linked it, which is not needed to run it")
        });
        let mut finding = Finding::pass(&program.path, format!("{kind}{recorded}{by}"));
        if let Some(cgo) = cgo {
            finding = finding.actual(format!("CGO_ENABLED={cgo}"));
        }
        Ok(vec![finding])
    })
}
