//! The host's roots beside Mozilla's list: those that are not on it, those
//! that are missing, and those that Mozilla trusts up to a date alone.

use casefile_policy::trust;
use casefile_policy::{Finding, State, integer, texts};

use crate::Findings;
use crate::anchors::{Anchor, Survey};

/// Fingerprints (SHA-256, beginnings are enough) of roots that an organisation
/// has added on purpose.
pub(crate) const OWN: &str = "own-roots";
/// Folders in which a distribution's package keeps roots: what lies there has
/// been on Mozilla's list once.
pub(crate) const DISTRIBUTION: &str = "distribution-folders";
/// Per cent of Mozilla's roots that may be missing.
pub(crate) const MISSING: &str = "missing-roots-percent";
/// Roots that are asked for at once.
const PAGE: u32 = 256;
/// Missing roots that a message names.
const NAMED: usize = 5;
/// Where packages of distributions keep them.
pub(crate) fn default_folders() -> Vec<String> {
    ["/usr/share/ca-certificates", "/usr/share/pki"]
        .map(str::to_owned)
        .to_vec()
}

/// ISRG Root X1, with which Let's Encrypt issues: a third of all servers.
const ISRG: &str = "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6";

/// A root that is not on the list, and that nobody has declared.
pub(crate) fn unknown_authority() -> Findings {
    let survey = Survey::read()?;
    let own = texts(OWN)?;
    let folders = texts(DISTRIBUTION)?;
    let of_distribution = |anchor: &Anchor| {
        anchor.copies.iter().any(|copy| {
            let mut folders = folders.iter();
            folders.any(|folder| copy.path.starts_with(&format!("{folder}/")))
        })
    };
    let mut undeclared = Vec::new();
    for anchor in &survey.anchors {
        let fingerprint = &anchor.certificate.fingerprint;
        let declared = own.iter().any(|own| {
            !own.is_empty() && fingerprint.starts_with(&own.to_ascii_lowercase().replace(':', ""))
        });
        // A root whose date is not known is on the list all the same.
        let is_listed = trust::find_known_root(fingerprint)
            .err()
            .is_none_or(|absence| absence.state != State::Absent);
        if !is_listed && !declared && !of_distribution(anchor) {
            undeclared.push(fingerprint.as_str());
        }
    }
    let wrong = |anchor: &Anchor| {
        undeclared
            .contains(&anchor.certificate.fingerprint.as_str())
            .then(|| {
                let message = format!(
                    "it is not on Mozilla's list, not of the distribution, and not declared as a root of your own; in {}",
                    survey.places(anchor)
                );
                Finding::fail(anchor.subject(), message)
                    .actual("unknown")
                    .wanted("on the list, or declared")
                    .remedy("find out who added it: it can read all TLS connections of the host; if it is yours, declare it in the parameter own-roots")
            })
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("its certificates are known ({count})"),
    ))
}

/// A bundle that lacks what servers need today.
pub(crate) fn known_missing() -> Findings {
    let limit = u32::try_from(integer(MISSING)?).unwrap_or(0);
    let list = trust::get_known_roots();
    let survey = Survey::read()?;
    if survey.anchors.is_empty() {
        return Ok(survey.or_nothing(Vec::new()));
    }
    let mut missing = Vec::new();
    loop {
        let page = trust::missing_known_roots(missing.len() as u32, PAGE)?;
        if page.is_empty() {
            break;
        }
        missing.extend(page);
    }
    let evidence: Vec<_> = survey
        .stores
        .iter()
        .flat_map(|holding| holding.evidence.iter().copied())
        .collect();
    let share = missing.len() as u32 * 100 / list.count.max(1);
    let isrg = missing.iter().any(|root| root.fingerprint == ISRG);
    let actual = format!("{} of {} missing", missing.len(), list.count);
    if share <= limit && !isrg {
        let message = "the roots of Mozilla's list are there";
        return Ok(vec![
            Finding::pass("trust stores", message)
                .actual(actual)
                .evidence(evidence),
        ]);
    }
    let named = missing
        .iter()
        .filter(|root| !isrg || root.fingerprint == ISRG);
    let named: Vec<&str> = named
        .take(NAMED)
        .map(|root| root.subject.as_str())
        .collect();
    let message = format!(
        "the stores are older than what servers use, or made by hand; they lack {}",
        named.join("; ")
    );
    Ok(vec![
        Finding::fail("trust stores", message)
            .actual(actual)
            .wanted(format!("at most {limit} %, and ISRG Root X1"))
            .remedy("update the package ca-certificates; a host with roots of its own alone may switch this rule off")
            .evidence(evidence),
    ])
}

/// A root that Mozilla trusts for older certificates alone.
pub(crate) fn distrusted() -> Findings {
    let survey = Survey::read()?;
    let mut dates = Vec::new();
    for anchor in &survey.anchors {
        match trust::find_known_root(&anchor.certificate.fingerprint) {
            Ok(root) => dates.extend(root.distrust_after.map(|date| (root.fingerprint, date))),
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => return Err(absence),
        }
    }
    let wrong = |anchor: &Anchor| {
        let fingerprint = &anchor.certificate.fingerprint;
        let (_, date) = dates.iter().find(|(known, _)| known == fingerprint)?;
        let date = crate::dates::date(*date);
        let message = format!(
            "Mozilla does not trust what it issues after {date}: browsers refuse such servers, Go, OpenSSL and GnuTLS do not; in {}",
            survey.places(anchor)
        );
        Some(
            Finding::fail(anchor.subject(), message)
                .actual(format!("distrusted after {date}"))
                .wanted("trusted without a date")
                .remedy("have servers that still use it change their authority"),
        )
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("none of its certificates is distrusted after a date ({count})"),
    ))
}
