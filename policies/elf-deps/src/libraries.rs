//! Libraries that the loader must find, and must be able to load.

use casefile_policy::Finding;
use casefile_policy::elf::{Problem, Resolution, Unresolved};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

pub(crate) fn missing() -> Findings {
    judge_loaded(|subject, resolution| {
        Said {
        wrong: resolution
            .missing
            .iter()
            .filter(|missing| missing.problem == Problem::NotFound)
            .map(|missing| {
                let message = format!(
                    "{} is in no place where the loader looks{}: the program ends at once with status 127",
                    missing.name,
                    needed_by(subject, missing)
                );
                Finding::fail(&subject.path, message)
                    .actual("absent")
                    .wanted(&missing.name)
                    .remedy("install the package that has it (apt-file search, dnf provides); where it lies outside of the standard directories, name its folder in /etc/ld.so.conf.d and run ldconfig")
            })
            .collect(),
        right: found(resolution),
    }
    })
}

pub(crate) fn unusable() -> Findings {
    judge_loaded(|subject, resolution| {
        let missing = resolution.missing.iter();
        let mut wrong: Vec<Finding> = missing
            .filter_map(|missing| cannot_be_loaded(subject, missing))
            .collect();
        let unknown = resolution.unknown_levels.iter();
        wrong.extend(unknown.map(|absence| {
            let message = "it or its libraries were built for newer processors, and whether this one is one of them is not known";
            Finding::unknown(&subject.path, message, absence.clone())
        }));
        Said {
            wrong,
            right: found(resolution),
        }
    })
}

fn cannot_be_loaded(subject: &Subject, missing: &Unresolved) -> Option<Finding> {
    let (message, actual, remedy) = match &missing.problem {
        Problem::NotFound => return None,
        Problem::WrongArchitecture(other) => (
            format!("{} is there for another architecture only", missing.name),
            other,
            "install the library for the program's own architecture (Debian: NAME:ARCH; RHEL: NAME.ARCH)",
        ),
        Problem::Invalid(problem) => (
            format!(
                "{} stands first on the search path, and can't be loaded",
                missing.name
            ),
            problem,
            "install the package again that the file belongs to (dpkg -S, rpm -qf), or remove the file: the loader looks no further",
        ),
        Problem::IsaLevel(level) => (
            format!(
                "{} needs a processor that this host does not have",
                missing.name
            ),
            level,
            "install the build for this processor, or run it on a newer one",
        ),
    };
    let by = needed_by(subject, missing);
    let message = format!("{message}{by}: the program ends at once with status 127");
    Some(
        Finding::fail(&subject.path, message)
            .actual(actual)
            .wanted(&missing.name)
            .remedy(remedy),
    )
}

fn needed_by(subject: &Subject, missing: &Unresolved) -> String {
    if missing.needed_by == subject.path {
        String::new()
    } else {
        format!(" (needed by {})", missing.needed_by)
    }
}

fn found(resolution: &Resolution) -> Option<String> {
    if !resolution.missing.is_empty() {
        return None;
    }
    Some(match resolution.objects.len() {
        0 => "it needs no library".to_owned(),
        1 => "the library that it needs is found".to_owned(),
        count => format!("all {count} libraries are found"),
    })
}
