//! Private keys among what everybody may read.

use casefile_policy::trust::StoreKind;
use casefile_policy::{Finding, State, files};

use crate::Findings;
use crate::anchors::Survey;

/// What a block of a private key begins with, but for the algorithm.
const KEY: &str = "PRIVATE KEY-----";

/// A bundle with a private key in it. The collector hides the key, and leaves
/// the block.
pub(crate) fn private_key() -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    let bundles = survey.stores.iter();
    for holding in bundles.filter(|holding| holding.store.kind == StoreKind::Bundle) {
        let path = &holding.store.path;
        let finding = match files::read_text(path) {
            Ok(text) => {
                let begins = text
                    .content
                    .lines()
                    .filter(|line| line.contains("-----BEGIN ") && line.trim_end().ends_with(KEY));
                match begins.count() {
                    0 => Finding::pass(path, "no private key is in it"),
                    count => Finding::fail(
                        path,
                        "a private key lies in a file that every user and every image has",
                    )
                    .actual(format!("{count}"))
                    .wanted("none")
                    .remedy("take the key as known to others: have its certificate revoked, remove it, and find the source file that it came with"),
                }
                .evidence([text.evidence])
            }
            Err(absence) if absence.state == State::Absent => continue,
            Err(absence) => Finding::unknown(path, "it could not be searched", absence),
        };
        findings.push(finding);
    }
    Ok(survey.or_nothing(findings))
}
