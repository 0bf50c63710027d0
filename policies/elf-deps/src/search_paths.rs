//! Search paths by which others could put libraries before the program: what
//! everybody may write to, and what depends on the current directory.

use casefile_policy::elf::{self, File, FoundBy, Insecure, Resolution, Risk};
use casefile_policy::{Confidence, Finding, Severity, State, files};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

pub(crate) fn insecure() -> Findings {
    judge_loaded(|subject, resolution| {
        let open = resolution.insecure.iter();
        let mut wrong: Vec<Finding> = open
            .map(|insecure| open_to_others(subject, insecure))
            .collect();
        let (unknown, count) = undecided(subject, resolution);
        wrong.extend(unknown);
        Said {
            wrong,
            right: Some(match count {
                0 => "no search path of its own leads to libraries".to_owned(),
                count => format!(
                    "only root or its owner can put libraries where its {count} search paths lead"
                ),
            }),
        }
    })
}

fn open_to_others(subject: &Subject, insecure: &Insecure) -> Finding {
    let Insecure {
        element,
        list,
        object,
        risk,
    } = insecure;
    let place = match list {
        FoundBy::Rpath => format!("DT_RPATH of {object}"),
        FoundBy::Runpath => format!("DT_RUNPATH of {object}"),
        _ => "LD_LIBRARY_PATH".to_owned(),
    };
    let (what, severity) = match risk {
        Risk::Empty => (
            "an empty element, which stands for the current directory".to_owned(),
            Severity::Medium,
        ),
        Risk::Relative => (
            format!("{element}, which depends on the current directory"),
            Severity::Medium,
        ),
        Risk::WorldWritable => (
            format!("{element}, where everybody can put a library or make the directory"),
            Severity::High,
        ),
        Risk::ForeignOwner => (
            format!(
                "{element}, which belongs to somebody who owns neither the host nor the program"
            ),
            Severity::Medium,
        ),
    };
    let remedy = match list {
        FoundBy::Rpath | FoundBy::Runpath => {
            "build it with the directory that it is installed to (-Wl,-rpath,DIRECTORY or $ORIGIN), or correct the file: patchelf --set-rpath"
        }
        _ => {
            "set LD_LIBRARY_PATH to absolute directories of root's, without an empty element: a colon at its end is one"
        }
    };
    Finding::fail(&subject.path, format!("{place} has {what}"))
        .actual(if element.is_empty() { "\"\"" } else { element })
        .wanted("an absolute directory that only root or the program's owner can write to")
        .remedy(remedy)
        .severity(severity)
        .confidence(if *risk == Risk::ForeignOwner {
            Confidence::Heuristic
        } else {
            Confidence::Proven
        })
}

/// Elements of which it is not known who may write there; and how many search
/// paths there are.
fn undecided(subject: &Subject, resolution: &Resolution) -> (Vec<Finding>, usize) {
    let objects = resolution.objects.iter().map(|object| &object.path);
    let mut unknown = Vec::new();
    let mut count = 0;
    for path in [&subject.path].into_iter().chain(objects) {
        let Ok(file) = elf::get_file(path) else {
            // That it is not known is said where it is loaded.
            continue;
        };
        let Some(written) = search_path(&file) else {
            continue;
        };
        count += 1;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for element in written.split(':') {
            let directory = element
                .replace("${ORIGIN}", folder)
                .replace("$ORIGIN", folder);
            // Other tokens, and what is relative, are not looked at here.
            if !directory.starts_with('/') || directory.contains('$') {
                continue;
            }
            if let Err(absence) = files::get_stat(&normal(&directory))
                && absence.state != State::Absent
            {
                let message = format!(
                    "who may write to {element}, where {path} looks for libraries, is not known"
                );
                unknown.push(Finding::unknown(&subject.path, message, absence));
            }
        }
    }
    (unknown, count)
}

/// The search path that counts.
fn search_path(file: &File) -> Option<&str> {
    file.runpath.as_deref().or(file.rpath.as_deref())
}

/// A path without empty, `.` and `..` components, as evidence is asked for.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
