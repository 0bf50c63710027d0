//! Tools that the user says the host needs must be there.

use casefile_policy::Finding;

use crate::Findings;
use crate::survey::{self, Subject};

pub(crate) fn missing() -> Findings {
    let subjects = survey::read()?;
    let findings = subjects.iter().filter_map(judge).collect();
    Ok(survey::close(&subjects, findings))
}

/// What is to be said of a tool of which it is known whether it is there.
fn judge(subject: &Subject) -> Option<Finding> {
    let name = &subject.name;
    match &subject.tool {
        Ok(tool) => {
            let finding = Finding::pass(name, format!("the tool is there: {}", tool.path));
            let version = tool.package.as_ref().or(tool.version.as_ref());
            let version = version.map_or("of no known version", String::as_str);
            Some(finding.actual(version).evidence([tool.evidence]))
        }
        Err(absence) if subject.required && subject.is_absent() => {
            let mut finding = Finding::fail(
                name,
                "the tool is not on the usual search path: scripts and probes that call it fail with status 127",
            )
            .actual("absent")
            .wanted("an executable file")
            .remedy("install the package that has it, or do without it (a probe in the program itself needs no tool)");
            finding.missing.push(absence.clone());
            Some(finding)
        }
        Err(_) => None,
    }
}
