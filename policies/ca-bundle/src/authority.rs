//! Whether trusted certificates are those of authorities.

use casefile_policy::Finding;

use crate::Findings;
use crate::anchors::{Anchor, Survey};

pub(crate) fn not_authority() -> Findings {
    let survey = Survey::read()?;
    let wrong = |anchor: &Anchor| {
        let certificate = &anchor.certificate;
        let (actual, message) = match (certificate.authority, certificate.version) {
            (Some(true), _) => return None,
            (Some(false), _) => (
                "CA:FALSE",
                "a server's or client's own certificate is pinned as a root",
            ),
            (None, ..=2) => (
                "X.509 before version 3",
                "nothing in the certificate tells an authority from a server",
            ),
            (None, _) => (
                "no BasicConstraints",
                "the certificate does not say that it is an authority's",
            ),
        };
        let message = format!("{message}; in {}", survey.places(anchor));
        Some(
            Finding::fail(anchor.subject(), message)
                .actual(actual)
                .wanted("CA:TRUE")
                .remedy("trust the authority that issued it; remove it where no program needs it"),
        )
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("each of its certificates is an authority's ({count})"),
    ))
}
