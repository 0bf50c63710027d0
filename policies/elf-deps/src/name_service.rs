//! Static programs of glibc that load modules of the name service all the
//! same: those must be of the very glibc that the program was linked with.

use casefile_policy::elf::{self, File, FileKind};
use casefile_policy::{Confidence, Finding, State};

use crate::Findings;
use crate::survey::{Subject, Survey, unreadable};

pub(crate) fn judge() -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for subject in &survey.subjects {
        match &subject.file {
            Ok(file) if file.kind == FileKind::Elf && file.interpreter.is_none() => {
                findings.push(judge_static(subject, file));
            }
            Ok(_) => {}
            // A rule of its own.
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => findings.push(unreadable(subject, absence)),
        }
    }
    survey.close(findings)
}

/// glibc puts its vtables and its functions for the end into sections of
/// their own, in static programs too; Go's linker leaves its build
/// information in one.
fn judge_static(subject: &Subject, file: &File) -> Finding {
    let path = &subject.path;
    let sections = match elf::sections(path) {
        Ok(sections) => sections,
        Err(absence) => {
            let message = "whether it has glibc in it is not known";
            return Finding::unknown(path, message, absence);
        }
    };
    let has = |name: &str| sections.iter().any(|section| section.name == name);
    if sections.is_empty() {
        return Finding::not_applicable(
            path,
            "static, and without section headers: what it was linked with can't be seen",
        )
        .evidence([file.evidence]);
    }
    let is_glibc = has(".note.ABI-tag")
        && (has("__libc_IO_vtables") || has("__libc_atexit") || has("__libc_freeres_fn"));
    if !is_glibc {
        return Finding::pass(path, "static, and without glibc").evidence([file.evidence]);
    }
    if !has(".go.buildinfo") {
        return Finding::not_applicable(
            path,
            "static, with glibc: whether it looks up names or users can't be seen",
        )
        .evidence([file.evidence]);
    }
    Finding::fail(
        path,
        "a static Go program with cgo and glibc: looking up names or users, it loads libnss_*.so of the host, which must be of the same glibc release that it was linked with; otherwise it fails or crashes there",
    )
    .actual("static, with glibc and cgo")
    .wanted("Go's own resolver, or a dynamic program")
    .remedy("build it with CGO_ENABLED=0, or with -tags netgo,osusergo; or link it dynamically")
    .confidence(Confidence::Heuristic)
    .evidence([file.evidence])
}
