//! The interpreter that a program names must be there: the loader of an ELF
//! file (PT_INTERP), or what stands behind `#!` in a script.

use casefile_policy::elf::{self, File, FileKind};
use casefile_policy::{Finding, State};

use crate::Findings;
use crate::survey::{Subject, Survey, unreadable};

pub(crate) fn missing() -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for subject in &survey.subjects {
        match &subject.file {
            Ok(file) => findings.extend(judge(subject, file)),
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => findings.push(unreadable(subject, absence)),
        }
    }
    survey.close(findings)
}

/// What is to be said of a program that names an interpreter.
fn judge(subject: &Subject, file: &File) -> Option<Finding> {
    let (interpreter, is_script) = match (&file.kind, &file.interpreter) {
        (FileKind::Script(interpreter), _) => (interpreter, true),
        (FileKind::Elf, Some(interpreter)) => (interpreter, false),
        _ => return None,
    };
    Some(match elf::get_file(interpreter) {
        Ok(found) => Finding::pass(
            &subject.path,
            format!("its interpreter {interpreter} is there"),
        )
        .evidence([file.evidence, found.evidence]),
        Err(absence) if absence.state == State::Absent => {
            let mut finding = Finding::fail(
                &subject.path,
                format!(
                "its interpreter {interpreter} is not there: starting it fails with \"No such file or directory\", although the program itself exists"
                ),
            )
            .actual("absent")
            .wanted(interpreter)
            .remedy(remedy(interpreter, is_script))
            .evidence([file.evidence]);
            finding.missing.push(absence);
            finding
        }
        Err(absence) => {
            let message = format!("whether its interpreter {interpreter} is there is not known");
            Finding::unknown(&subject.path, message, absence).evidence([file.evidence])
        }
    })
}

fn remedy(interpreter: &str, is_script: bool) -> &'static str {
    if is_script {
        "install the interpreter, or correct the first line of the script; a carriage return at its end is part of the name"
    } else if interpreter.contains("ld-musl") {
        "the program was built for musl (Alpine): install musl, or use a build for glibc"
    } else {
        "the program was built for glibc: use a build for this system, or a static one (Go: CGO_ENABLED=0 without -buildmode=pie); on Alpine gcompat helps some programs"
    }
}
