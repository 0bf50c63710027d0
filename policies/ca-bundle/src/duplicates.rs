//! Certificates and names that are there more than once: harmless, but a
//! sign of a store that grew by hand.

use std::collections::{BTreeMap, BTreeSet};

use casefile_policy::Finding;

use crate::Findings;
use crate::anchors::{Anchor, Survey};

pub(crate) fn duplicate() -> Findings {
    let survey = Survey::read()?;
    let mut newest: BTreeMap<&str, &Anchor> = BTreeMap::new();
    for anchor in &survey.anchors {
        let newest = newest.entry(&anchor.certificate.subject).or_insert(anchor);
        if age(anchor) > age(newest) {
            *newest = anchor;
        }
    }
    let wrong = |anchor: &Anchor| {
        let newest = newest.get(anchor.certificate.subject.as_str());
        repeated(&survey, anchor).or_else(|| same_subject(&survey, anchor, newest?))
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("each of its certificates is there once ({count})"),
    ))
}

/// The same certificate twice in a file, or in two files of a directory. A
/// bundle among those files holds what the others hold: that is no repetition.
fn repeated(survey: &Survey, anchor: &Anchor) -> Option<Finding> {
    let mut files: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let mut stores: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for copy in &anchor.copies {
        files.entry(&copy.path).or_default().insert(copy.position);
        if !survey.is_bundle(&copy.path) {
            stores.entry(copy.store).or_default().insert(&copy.path);
        }
    }
    let in_one = files.iter().find(|(_, positions)| positions.len() > 1);
    let in_several = stores.values().find(|paths| paths.len() > 1);
    let actual = match (in_one, in_several) {
        (Some((path, positions)), _) => format!("{} times in {path}", positions.len()),
        (None, Some(paths)) => paths.iter().copied().collect::<Vec<_>>().join(", "),
        (None, None) => return None,
    };
    Some(
        Finding::fail(
            anchor.subject(),
            "the same certificate is in the store more than once",
        )
        .actual(actual)
        .wanted("once")
        .remedy("remove all source files of it but one, and build the store anew"),
    )
}

/// What orders certificates of one name: the end, then any fixed order.
fn age(anchor: &Anchor) -> (i64, &str) {
    let certificate = &anchor.certificate;
    (certificate.not_after, &certificate.fingerprint)
}

/// The newest certificate of the same name is another one. All but the
/// newest are reported.
fn same_subject(survey: &Survey, anchor: &Anchor, newest: &Anchor) -> Option<Finding> {
    if age(newest) == age(anchor) {
        return None;
    }
    let message = if newest.certificate.key_fingerprint == anchor.certificate.key_fingerprint {
        "the same authority is there with a newer certificate for the same key"
    } else {
        "another certificate has the same name and another key"
    };
    Some(
        Finding::fail(
            anchor.subject(),
            format!("{message}; in {}", survey.places(anchor)),
        )
        .actual(newest.subject())
        .remedy("keep both while chains end at either; else remove the older one"),
    )
}
