//! The tools of the host, each found, proven absent, or not known.

use casefile_policy::tools::{self, Tool};
use casefile_policy::{Absence, Finding, State, texts};

/// Tools that the host needs.
pub(crate) const REQUIRED: &str = "required";

/// A tool by its name.
pub(crate) struct Subject {
    pub(crate) name: String,
    /// The user has asked for it.
    pub(crate) required: bool,
    pub(crate) tool: Result<Tool, Absence>,
}

impl Subject {
    /// Whether it is proven that there is none.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(&self.tool, Err(absence) if absence.state == State::Absent)
    }
}

/// All tools that can be looked for, and those that the user has asked for.
///
/// # Errors
/// None that can happen: the policy describes the parameter.
pub(crate) fn read() -> Result<Vec<Subject>, Absence> {
    let required = texts(REQUIRED)?;
    let mut names = tools::names();
    for name in &required {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let subjects = names.into_iter().map(|name| Subject {
        required: required.contains(&name),
        tool: tools::get(&name),
        name,
    });
    Ok(subjects.collect())
}

/// What is said where no tool is there to be judged, or nothing is wanted of
/// those that are: each that may be there is not known; else the rule does not
/// concern the host.
pub(crate) fn close(subjects: &[Subject], mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.extend(unknown(subjects));
    if findings.is_empty() {
        let message = if subjects.iter().all(Subject::is_absent) {
            "none of the tools is there; programs of Go need none"
        } else {
            "no least version is wanted of what is there"
        };
        findings.push(Finding::not_applicable("tools", message));
    }
    findings
}

/// Tools of which it is not known whether they are there.
fn unknown(subjects: &[Subject]) -> impl Iterator<Item = Finding> {
    subjects.iter().filter_map(|subject| match &subject.tool {
        Err(absence) if absence.state != State::Absent => Some(Finding::unknown(
            &subject.name,
            "whether the tool is there is not known",
            absence.clone(),
        )),
        _ => None,
    })
}
