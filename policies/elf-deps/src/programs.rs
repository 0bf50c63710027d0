//! Programs that units start or the user names must be there.

use casefile_policy::{Confidence, Finding, Severity, State};

use crate::Findings;
use crate::survey::{Subject, Survey, unreadable};

pub(crate) fn missing() -> Findings {
    let survey = Survey::read()?;
    let findings = survey
        .subjects
        .iter()
        .map(|subject| match &subject.file {
            Ok(file) => {
                Finding::pass(&subject.path, "the program is there").evidence([file.evidence])
            }
            Err(absence) if absence.state == State::Absent => {
                let mut finding = absent(subject);
                // Where links have led to.
                finding.missing.push(absence.clone());
                finding
            }
            Err(absence) => unreadable(subject, absence),
        })
        .collect();
    survey.close(findings)
}

fn absent(subject: &Subject) -> Finding {
    let reason = subject.reason();
    let (path, actual) = (&subject.path, "absent");
    if subject.is_optional() {
        // Whether the conditions hold, only the running host knows.
        return Finding::fail(
            path,
            format!("the program is not there ({reason}): where the unit's conditions hold, its command fails"),
        )
        .actual(actual)
        .wanted("an executable file, if the unit is to start it")
        .remedy("install the package that has it, if the unit matters here (systemctl status UNIT)")
        .severity(Severity::Info)
        .confidence(Confidence::Heuristic);
    }
    Finding::fail(
        path,
        format!("the program is not there ({reason}): starting it fails with \"No such file or directory\" (systemd: 203/EXEC)"),
    )
    .actual(actual)
    .wanted("an executable file")
    .remedy("install the package that has it, or correct the path in the unit (systemctl cat UNIT)")
}
