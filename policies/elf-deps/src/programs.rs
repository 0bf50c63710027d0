//! Programs that units start or the user names must be there.

use casefile_policy::{Finding, State};

use crate::Findings;
use crate::survey::{Survey, unreadable};

pub(crate) fn missing() -> Findings {
    let survey = Survey::read()?;
    let findings = survey
        .subjects
        .iter()
        .map(|subject| match &subject.file {
            Ok(file) => Finding::pass(&subject.path, "the program is there").evidence([file.evidence]),
            Err(absence) if absence.state == State::Absent => {
                let mut finding = Finding::fail(
                    &subject.path,
                    format!(
                        "the program is not there ({}): starting it fails with \"No such file or directory\" (systemd: 203/EXEC)",
                        subject.reason()
                    ),
                )
                .actual("absent")
                .wanted("an executable file")
                .remedy("install the package that has it, or correct the path in the unit (systemctl cat UNIT)");
                // Where links have led to.
                finding.missing.push(absence.clone());
                finding
            }
            Err(absence) => unreadable(subject, absence),
        })
        .collect();
    survey.close(findings)
}
