//! Search paths by which others could put libraries before the program: what
//! everybody may write to, and what depends on the current directory.

use casefile_policy::elf::{self, FoundBy, Insecure, Resolution, Risk};
use casefile_policy::{Absence, Confidence, Finding, Severity};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

pub(crate) fn insecure() -> Findings {
    judge_loaded(|subject, resolution| {
        let open = resolution.insecure.iter();
        let mut wrong: Vec<Finding> = open
            .map(|insecure| open_to_others(subject, insecure))
            .collect();
        let unknown = resolution.unknown_risks.iter();
        wrong.extend(unknown.map(|absence| undecided(subject, absence)));
        let count = written(subject, resolution);
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

/// It is not known who may write to a directory, or to one on the way to it.
fn undecided(subject: &Subject, absence: &Absence) -> Finding {
    let message = format!(
        "a search path leads to {}, and who may write there is not known",
        absence.path
    );
    Finding::unknown(&subject.path, message, absence.clone())
}

/// How many of the objects have a search path of their own.
fn written(subject: &Subject, resolution: &Resolution) -> usize {
    let objects = resolution.objects.iter();
    let objects = objects.map(|object| object.path.as_str());
    let files = [subject.path.as_str()]
        .into_iter()
        .chain(objects)
        .map(elf::get_file);
    // That one is not known is said where it is loaded.
    let files = files.filter_map(Result::ok);
    files
        .filter(|file| file.runpath.is_some() || file.rpath.is_some())
        .count()
}
