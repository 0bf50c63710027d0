//! Libraries that are found by luck: another order of loading, or another
//! current directory, and they are not.

use casefile_policy::elf::{Fragile, Fragility};
use casefile_policy::{Finding, Severity};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

pub(crate) fn load_order() -> Findings {
    judge_loaded(|subject, resolution| Said {
        wrong: resolution
            .fragile
            .iter()
            .map(|fragile| by_luck(subject, fragile))
            .collect(),
        right: resolution
            .missing
            .is_empty()
            .then(|| "every object finds by itself what it needs".to_owned()),
    })
}

fn by_luck(subject: &Subject, fragile: &Fragile) -> Finding {
    let Fragile {
        name,
        needed_by,
        path,
        why,
    } = fragile;
    let (message, remedy) = match why {
        Fragility::AlreadyLoaded => (
            format!(
                "{needed_by} needs {name}, and gets {path} because another object loaded it before: its own search path does not lead there"
            ),
            "give the library that needs it a search path of its own (DT_RUNPATH with $ORIGIN); DT_RUNPATH of the program is not inherited",
        ),
        Fragility::Relative => (
            format!("{needed_by} needs {name}, and finds {path} under the current directory"),
            "use absolute directories in search paths",
        ),
    };
    Finding::fail(&subject.path, message)
        .actual(path)
        .wanted(name)
        .remedy(remedy)
        .severity(Severity::Low)
}
