//! Certificates of a host, in PEM and in DER.

use casefile_engine::facts::trust::Store;
use casefile_engine::facts::{FactResult, Facts};
use casefile_snapshot::{Content, EvidenceKey, Kind};

use super::evidence::{Answers, facts, snapshot};

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const ANCHORS: &str = "/etc/pki/ca-trust/source/anchors";
const ANCHOR: &str = "/etc/pki/ca-trust/source/anchors/one.crt";

/// A bundle, and a file among the anchors, which may be DER.
pub(super) fn certificates(bytes: &[u8]) {
    let build = || {
        let mut builder = snapshot(&[(Kind::Raw, BUNDLE, bytes), (Kind::Raw, ANCHOR, bytes)]);
        builder.insert(
            EvidenceKey::raw(ANCHORS).expect("a valid path"),
            None,
            Content::Directory {
                names: vec!["one.crt".to_owned()],
            },
        );
        facts(builder)
    };
    let once = answers(&build(), bytes);
    assert_eq!(answers(&build(), bytes), once, "the same again");
}

fn answers(facts: &Facts, bytes: &[u8]) -> String {
    let mut answers = Answers::new(facts);
    for place in [BUNDLE, ANCHORS] {
        let store = facts.trust_store(place).expect("a known place");
        add(&mut answers, &store);
        if let Ok(store) = store.as_ref() {
            check(&store.value, bytes);
        }
    }
    answers.finish(bytes)
}

/// Adds a store: each certificate once, and not its whole file with it.
pub(super) fn add(answers: &mut Answers<'_>, store: &FactResult<Store>) {
    let shown = store.clone().map(|fact| {
        fact.map(|store| {
            let members = store.members.iter().map(|member| match member {
                Ok(member) => Ok(member.value.certificate().cloned()),
                Err(missing) => Err(missing.clone()),
            });
            let members: Vec<_> = members.collect();
            answers.check_sources(&store.sources);
            (store.path, store.real_path, store.unparsable, members)
        })
    });
    answers.add(&shown);
}

/// Nothing is in a store that does not stand in the file, and each block is
/// counted.
fn check(store: &Store, bytes: &[u8]) {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let begins = bytes.windows(BEGIN.len()).filter(|text| *text == BEGIN);
    // A file without a block is one certificate in DER.
    let most = begins.count().max(1);
    assert!((store.certificates + store.unparsable) as usize <= most);
    assert_eq!(store.certificates as usize, store.members.len());
    for member in &store.members {
        let certificate = member
            .as_ref()
            .expect("a certificate")
            .value
            .certificate()
            .expect("a certificate");
        for digest in [&certificate.fingerprint, &certificate.key_fingerprint] {
            assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        for name in [&certificate.subject, &certificate.issuer] {
            assert!(!name.chars().any(char::is_control), "{name:?}");
        }
    }
}
