//! What certificates of authorities say beside names and dates: for which
//! names and purposes they may issue, and where they depart from the standard.

use casefile_policy::trust::{self, Details};
use casefile_policy::{Absence, Finding, Severity};

use crate::Findings;
use crate::anchors::{Anchor, Survey};

/// Names that a message shows.
const NAMED: usize = 8;

/// Judges each certificate by its details.
fn judge(
    wrong: impl Fn(&Survey, &Anchor, &Details) -> Option<Finding>,
    fine: impl Fn(usize) -> String,
) -> Findings {
    let survey = Survey::read()?;
    let mut found = Vec::new();
    for anchor in &survey.anchors {
        let details = trust::get_details(&anchor.certificate.fingerprint)?;
        found.push((
            &anchor.certificate.fingerprint,
            wrong(&survey, anchor, &details),
        ));
    }
    let of = |anchor: &Anchor| {
        let found = found.iter();
        let mut found = found.filter(|(known, _)| **known == anchor.certificate.fingerprint);
        found.next().and_then(|(_, finding)| finding.clone())
    };
    Ok(survey.judge(|_| true, of, fine))
}

/// A root that may issue for some names alone, or through no other authority.
/// Greater lengths are usual, and no chain comes near them.
pub(crate) fn constrained() -> Findings {
    judge(
        |survey, anchor, details| {
            let mut limits = Vec::new();
            limits.extend(list("only for", &details.permitted));
            limits.extend(list("not for", &details.excluded));
            limits.extend(
                details
                    .path_length
                    .filter(|length| *length == 0)
                    .map(|_| "through no other authority".to_owned()),
            );
            if limits.is_empty() {
                return None;
            }
            let message = format!(
                "the root may issue within limits alone; in {}",
                survey.places(anchor)
            );
            Some(
                Finding::fail(anchor.subject(), message)
                    .actual(limits.join("; "))
                    .wanted("known to who runs servers with it")
                    .remedy("have other names issued by another authority: Go and OpenSSL keep to the limits of roots as well"),
            )
        },
        |count| format!("none of its certificates has limits ({count})"),
    )
}

/// A root that is not for TLS servers.
pub(crate) fn purpose() -> Findings {
    judge(
        |survey, anchor, details| {
            let purposes = details.extended_key_usage.as_ref()?;
            let usable =
                |purpose: &String| purpose == "serverAuth" || purpose == "anyExtendedKeyUsage";
            if purposes.iter().any(usable) {
                return None;
            }
            let message = format!(
                "the root is for other purposes: Go and OpenSSL take no server by it, GnuTLS does; in {}",
                survey.places(anchor)
            );
            Some(
                Finding::fail(anchor.subject(), message)
                    .actual(purposes.join(", "))
                    .wanted("serverAuth, or no ExtendedKeyUsage")
                    .remedy("leave it out of the bundle for servers, or have the authority issue another root"),
            )
        },
        |count| format!("its certificates are for TLS servers ({count})"),
    )
}

/// What strict readers refuse.
pub(crate) fn departs() -> Findings {
    judge(
        |survey, anchor, details| {
            if details.departures.is_empty() {
                return None;
            }
            let message = format!(
                "the certificate departs from strict DER or RFC 5280: one library takes it, another does not; in {}",
                survey.places(anchor)
            );
            let finding = Finding::fail(anchor.subject(), message)
                .actual(details.departures.join("; "))
                .wanted("none")
                .remedy("have the authority issue its root anew");
            Some(match details.unknown_critical.is_empty() {
                true => finding,
                false => finding.severity(Severity::Medium),
            })
        },
        |count| format!("its certificates are as the standard wants them ({count})"),
    )
}

fn list(words: &str, names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    Some(format!("{words} {}{more}", shown.join(", ")))
}

/// What Go does not take of the stores that it reads.
pub(crate) fn go_refuses() -> Findings {
    use trust::{Library, PoolRequest};
    let request = PoolRequest {
        library: Library::Go,
        version: None,
        certificate_file: None,
        certificate_directory: None,
    };
    let pool = trust::get_pool(&request)?;
    let mut findings = Vec::new();
    let mut offset = 0;
    loop {
        let page = trust::pool_certificates(&request, offset, 256)?;
        if page.is_empty() {
            break;
        }
        offset += page.len() as u32;
        for one in page {
            // Blocks that are no certificate at all are another rule's.
            let Some(reason) = one.rejected.filter(|_| !one.fingerprint.is_empty()) else {
                continue;
            };
            let fingerprint: String = one.fingerprint.chars().take(8).collect();
            let subject: String = one.subject.chars().take(160).collect();
            let message = format!(
                "programs in Go do not trust it, and say nothing: {reason}; OpenSSL may all the same; in {}",
                one.path
            );
            findings.push(
                Finding::fail(format!("{subject} (SHA-256 {fingerprint})"), message)
                    .actual(reason)
                    .wanted("a certificate that Go parses")
                    .remedy("have the authority issue its root anew, and put it into a block CERTIFICATE in PEM")
                    .evidence([one.evidence]),
            );
        }
    }
    let unknown: Vec<Absence> = pool.unknown;
    if findings.is_empty() && unknown.is_empty() {
        findings.push(if pool.count == 0 {
            Finding::not_applicable("Go", "programs in Go find no certificate at all")
        } else {
            let count = pool.count;
            Finding::pass(
                "Go",
                format!("Go takes every certificate that it reads ({count})"),
            )
        });
    }
    findings.extend(unknown.into_iter().map(|absence| {
        let path = absence.path.clone();
        Finding::unknown(path, "whether Go takes what is here is not known", absence)
    }));
    Ok(findings)
}
