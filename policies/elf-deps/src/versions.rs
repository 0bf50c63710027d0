//! Versions that objects need of libraries must be defined there. Which ones
//! are is a set: a higher number of glibc does not promise a lower one.

use casefile_policy::elf::VersionMissing;
use casefile_policy::{Finding, Severity};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

pub(crate) fn missing() -> Findings {
    judge_loaded(|subject, resolution| Said {
        wrong: resolution
            .versions
            .iter()
            .map(|version| undefined(subject, version))
            .collect(),
        // What is not loaded defines nothing: that is for the other rules.
        right: resolution
            .missing
            .is_empty()
            .then(|| "every version that it needs is defined".to_owned()),
    })
}

fn undefined(subject: &Subject, version: &VersionMissing) -> Finding {
    let VersionMissing {
        version: name,
        library,
        library_path,
        needed_by,
        weak,
    } = version;
    let by = if *needed_by == subject.path {
        String::new()
    } else {
        format!(" (needed by {needed_by})")
    };
    let end = if *weak {
        "the loader only warns, and what needs it may fail later"
    } else {
        "the program ends at once with status 1"
    };
    let finding = Finding::fail(
        &subject.path,
        format!("{library_path} does not define {name}{by}: {end}"),
    )
    .actual(format!("{library} without {name}"))
    .wanted(name)
    .remedy(if name.starts_with("GLIBC_") {
        "the program was built on a newer system: build it on the oldest system that it must run on, link it statically (Go: CGO_ENABLED=0), or use a newer system"
    } else {
        "install the version of the library that the program was built with, or build it against this one"
    });
    if *weak {
        finding.severity(Severity::Low)
    } else {
        finding
    }
}
