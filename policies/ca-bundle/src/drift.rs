//! Sources of trust, and what the distribution's tool made of them.

use casefile_policy::trust::{self, Drift, DriftKind};
use casefile_policy::{Absence, Finding, Severity, State};

use crate::Findings;

/// Differences that are asked for at once.
const PAGE: u32 = 256;

/// Differences, and what is not known of them.
type Known = (Vec<Drift>, Vec<Absence>);

/// All differences, and what is not known in their midst; none where the host
/// has no bundle.
fn drifts() -> Result<Option<Known>, Absence> {
    let mut drifts = Vec::new();
    let mut missing = Vec::new();
    let mut offset = 0;
    loop {
        match trust::drifts(offset, PAGE) {
            Ok(page) if page.is_empty() => return Ok(Some((drifts, missing))),
            Ok(page) => {
                offset += page.len() as u32;
                drifts.extend(page);
            }
            Err(absence) if absence.state == State::Absent && offset == 0 => return Ok(None),
            // The whole comparison says the same again.
            Err(absence) if missing.last() == Some(&absence) => {
                return Ok(Some((drifts, missing)));
            }
            // One file in the midst of it takes one place.
            Err(absence) => {
                offset += 1;
                missing.push(absence);
            }
        }
    }
}

fn judge(kinds: &[DriftKind], remedy: &str, fine: &str) -> Findings {
    let layout = trust::get_layout()?;
    let Some((drifts, missing)) = drifts()? else {
        return Ok(vec![Finding::not_applicable(
            "trust stores",
            "there is no bundle to compare with",
        )]);
    };
    let mut findings: Vec<Finding> = drifts
        .iter()
        .filter(|drift| kinds.contains(&drift.kind))
        .map(|drift| {
            let subject = match drift.subject.as_str() {
                "" => drift.path.clone(),
                subject => format!("{}: {subject}", drift.path),
            };
            let finding = Finding::fail(subject, &drift.detail)
                .remedy(remedy)
                .evidence([drift.evidence]);
            match drift.kind {
                DriftKind::Stale => finding.severity(Severity::Low),
                _ => finding,
            }
        })
        .collect();
    if findings.is_empty() && missing.is_empty() {
        findings.push(Finding::pass("trust stores", fine).evidence([layout.evidence]));
    }
    findings.extend(missing.into_iter().map(|absence| {
        let path = absence.path.clone();
        Finding::unknown(path, "what is here could not be compared", absence)
    }));
    Ok(findings)
}

/// What somebody added, and the bundle does not have.
pub(crate) fn not_applied() -> Findings {
    judge(
        &[DriftKind::NotInBundle, DriftKind::Stale, DriftKind::Ignored],
        "name the file as the tool wants it, in PEM, and run it: update-ca-certificates, or update-ca-trust extract",
        "every source is in the bundle",
    )
}

/// What the bundle has, and no source.
pub(crate) fn without_source() -> Findings {
    judge(
        &[DriftKind::WithoutSource, DriftKind::Overwritten],
        "put it among the sources, or remove it: the next update of the package does",
        "every certificate of the bundle has a source",
    )
}

/// What is in the directory alone.
pub(crate) fn directory() -> Findings {
    judge(
        &[DriftKind::DirectoryOnly, DriftKind::HashLink],
        "remove the file, or add it to the sources; then update-ca-certificates --fresh, or openssl rehash",
        "the directory holds what the bundle holds",
    )
}
