//! Stores made of a few items; what the certificates say is what
//! `openssl x509` printed of them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use casefile_certificates::blocks;
use casefile_snapshot::{Clock, Content, EvidenceKey, Manifest, SnapshotBuilder, Source, Tool};

use super::*;

const ONE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBgzCCASigAwIBAgIBCjAKBggqhkjOPQQDAjAgMRAwDgYDVQQKDAdFeGFtcGxl
MQwwCgYDVQQDDANPbmUwHhcNMjYxMTI0MTgzOTE3WhcNMzYxMTIxMTgzOTE3WjAg
MRAwDgYDVQQKDAdFeGFtcGxlMQwwCgYDVQQDDANPbmUwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAATF0QYbA/yJZXpP/cYNt9H62ilewVVU9+/oQ+A6lw1mAiVqK0YI
in/sMsoI9rU/+GbZmSCahqlgtgrXEp2MibEVo1MwUTAdBgNVHQ4EFgQUkrN+qDp6
paRS5zIkJCneKucItLcwHwYDVR0jBBgwFoAUkrN+qDp6paRS5zIkJCneKucItLcw
DwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA+pooCUkuNQiMHxzW
r0MSx9vOuPD/yXcgfIsHMeByHyACIQDAet4sEKyYRseUQ2jgOGhyu99oz9JruWgM
bBMIqB8P/A==
-----END CERTIFICATE-----
";

const TWO: &str = "\
-----BEGIN CERTIFICATE-----
MIIBLDCB36ADAgECAhQ+uCp90Uc+VySNBus56Y2Tcy0q8zAFBgMrZXAwDjEMMAoG
A1UEAwwDVHdvMCAXDTI2MTEyNDE4MzkxN1oYDzIxMjYxMDMxMTgzOTE3WjAOMQww
CgYDVQQDDANUd28wKjAFBgMrZXADIQDGyRjQJNCoXNJXA63Fmgr7aVPsZ56AbEG4
NsI0pNxdSqNNMEswHQYDVR0OBBYEFFuImZvhA9rAhNR1L4hdSuLbPWvBMB8GA1Ud
IwQYMBaAFFuImZvhA9rAhNR1L4hdSuLbPWvBMAkGA1UdEwQCMAAwBQYDK2VwA0EA
6NZLLESCTVQLnLigtt5i9prmacEG+fU0NrIfjhdrujNMcZhyh+aKnjjnVzgyhEnr
aStU/+tK/ik/6SgmpArsBw==
-----END CERTIFICATE-----
";

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const DIRECTORY: &str = "/etc/ssl/certs";

enum Item<'a> {
    Bytes(&'a [u8]),
    Link(&'a str),
    Names(&'a [&'a str]),
    Missing(Absence),
}

fn facts(items: &[(&str, Item<'_>)]) -> Facts {
    let mut builder = SnapshotBuilder::new();
    for (path, item) in items {
        let key = EvidenceKey::raw(path).unwrap();
        let content = match item {
            Item::Bytes(bytes) => {
                builder.insert_bytes(key, None, *bytes, None);
                continue;
            }
            Item::Link(target) => Content::Symlink {
                target: (*target).to_owned(),
            },
            Item::Names(names) => Content::Directory {
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            },
            Item::Missing(absence) => Content::Missing(absence.clone()),
        };
        builder.insert(key, None, content);
    }
    let manifest = Manifest::new(
        Tool {
            name: "test".to_owned(),
            version: "0".to_owned(),
        },
        Clock {
            realtime_ns: 0,
            boottime_ns: None,
        },
        Source::Live,
    );
    Facts::new(Arc::new(builder.finish(manifest).unwrap()))
}

#[test]
fn a_certificate_of_two_files_is_read_once() {
    let both = format!("{ONE}{TWO}");
    let facts = facts(&[
        (BUNDLE, Item::Bytes(both.as_bytes())),
        (
            DIRECTORY,
            Item::Names(&["ca-certificates.crt", "one.pem", "two.pem"]),
        ),
        ("/etc/ssl/certs/one.pem", Item::Bytes(ONE.as_bytes())),
        ("/etc/ssl/certs/two.pem", Item::Bytes(TWO.as_bytes())),
    ]);
    let store = facts.trust_store(DIRECTORY).unwrap();
    let members = &(*store).as_ref().unwrap().value.members;
    let certificate = |index: usize| {
        members[index]
            .as_ref()
            .unwrap()
            .value
            .certificate()
            .unwrap()
    };
    assert!(std::ptr::eq(certificate(0), certificate(2)));
    assert!(std::ptr::eq(certificate(1), certificate(3)));
    assert_ne!(certificate(0), certificate(1));
}

/// Members of a store: the path of each and its subject, or the absence.
fn members(facts: &Facts, store: &str) -> Vec<String> {
    let store = facts.trust_store(store).unwrap();
    let store = (*store).as_ref().unwrap();
    let members = store.value.members.iter().map(|member| match member {
        Ok(fact) => format!(
            "{} {}",
            fact.value.path(),
            fact.value.certificate().unwrap().subject
        ),
        Err(missing) => format!("{} {}", missing.path, missing.absence),
    });
    members.collect()
}

fn counts(facts: &Facts, store: &str) -> (u32, u32) {
    let store = facts.trust_store(store).unwrap();
    let store = &(*store).as_ref().unwrap().value;
    (store.certificates, store.unparsable)
}

#[test]
fn a_bundle_and_its_links_are_listed_each() {
    let both = format!("{ONE}{TWO}");
    let facts = facts(&[
        (BUNDLE, Item::Bytes(both.as_bytes())),
        ("/etc/ssl/cert.pem", Item::Link("certs/ca-certificates.crt")),
        ("/usr/lib/ssl/cert.pem", Item::Missing(Absence::Absent)),
    ]);
    for store in [BUNDLE, "/etc/ssl/cert.pem"] {
        let found = facts.trust_store(store).unwrap();
        let store = &(*found).as_ref().unwrap().value;
        assert_eq!(store.real_path.as_str(), BUNDLE);
        assert_eq!((store.certificates, store.unparsable), (2, 0));
    }
    let stores = facts.trust_stores();
    let known = stores.iter().filter(|store| store.is_ok()).count();
    assert_eq!(known, 2);
    let absent = stores
        .iter()
        .filter_map(|store| (**store).as_ref().err())
        .filter(|missing| missing.absence == Absence::Absent);
    let paths: Vec<_> = absent.map(|missing| missing.path.as_str()).collect();
    assert_eq!(
        paths,
        ["/usr/lib/ssl/cert.pem"],
        "the others were not asked for"
    );
}

#[test]
fn a_directory_is_read_as_go_reads_it() {
    let denied = Absence::unknown(UnknownReason::Denied);
    let facts = facts(&[
        (
            DIRECTORY,
            Item::Names(&[
                "01234567.0",
                "One.pem",
                "Two.pem",
                "again.pem",
                "ca.crt",
                "gone.pem",
                "java",
                "locked.pem",
                "readme",
            ]),
        ),
        ("/etc/ssl/certs/01234567.0", Item::Link("One.pem")),
        (
            "/etc/ssl/certs/One.pem",
            Item::Link("/usr/share/ca/One.crt"),
        ),
        (
            "/etc/ssl/certs/again.pem",
            Item::Link("../../../usr/share/ca/One.crt"),
        ),
        ("/etc/ssl/certs/Two.pem", Item::Bytes(TWO.as_bytes())),
        (
            "/etc/ssl/certs/ca.crt",
            Item::Bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ),
        ("/etc/ssl/certs/gone.pem", Item::Link("/gone/gone.pem")),
        ("/gone", Item::Missing(Absence::Absent)),
        ("/etc/ssl/certs/java", Item::Names(&[])),
        ("/etc/ssl/certs/locked.pem", Item::Missing(denied)),
        ("/etc/ssl/certs/readme", Item::Bytes(b"no certificate")),
        ("/usr/share/ca/One.crt", Item::Bytes(ONE.as_bytes())),
    ]);
    assert_eq!(
        members(&facts, DIRECTORY),
        [
            "/usr/share/ca/One.crt CN=One,O=Example",
            "/etc/ssl/certs/Two.pem CN=Two",
            "/etc/ssl/certs/locked.pem denied",
        ]
    );
    assert_eq!(counts(&facts, DIRECTORY), (2, 1));
}

#[test]
fn der_counts_only_where_it_is_read() {
    let der = blocks(ONE.as_bytes())[0].bytes.clone().unwrap();
    let facts = facts(&[
        (DIRECTORY, Item::Names(&["one.crt"])),
        ("/etc/ssl/certs/one.crt", Item::Bytes(&der)),
        (
            "/etc/pki/ca-trust/source/anchors",
            Item::Names(&["one.crt"]),
        ),
        (
            "/etc/pki/ca-trust/source/anchors/one.crt",
            Item::Link("/etc/ssl/certs/one.crt"),
        ),
    ]);
    assert_eq!(counts(&facts, DIRECTORY), (0, 1));
    assert_eq!(counts(&facts, "/etc/pki/ca-trust/source/anchors"), (1, 0));
}

#[test]
fn what_is_not_known_stays_unknown() {
    let timed_out = Absence::unknown(UnknownReason::TimedOut);
    let facts = facts(&[
        (BUNDLE, Item::Missing(timed_out.clone())),
        ("/etc/pki/tls/certs", Item::Bytes(b"")),
    ]);
    let absence = |store: &str| {
        let store = facts.trust_store(store).unwrap();
        (*store).as_ref().unwrap_err().absence.clone()
    };
    assert_eq!(absence(BUNDLE), timed_out);
    assert_eq!(
        absence(DIRECTORY),
        Absence::unknown(UnknownReason::NotCollected)
    );
    assert_eq!(
        absence("/etc/pki/tls/certs"),
        Absence::because(UnknownReason::NotRegular, "not a directory")
    );
    assert!(facts.trust_store("/etc/passwd").is_err());
}

#[test]
fn too_many_bytes_are_refused() {
    // Ten bytes a line, each another one: what repeats itself is no snapshot.
    let padding: String = (0..STORE_BYTES as u64 / 20)
        .map(|number| {
            format!(
                "# {:07x}\n",
                number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 36
            )
        })
        .collect();
    let half = format!("{padding}\n{ONE}");
    let facts = facts(&[
        (DIRECTORY, Item::Names(&["a.pem", "b.pem", "c.pem"])),
        ("/etc/ssl/certs/a.pem", Item::Bytes(half.as_bytes())),
        ("/etc/ssl/certs/b.pem", Item::Bytes(half.as_bytes())),
        ("/etc/ssl/certs/c.pem", Item::Bytes(ONE.as_bytes())),
        (BUNDLE, Item::Bytes(half.as_bytes())),
        (
            "/etc/ssl/cert.pem",
            Item::Bytes(padding.repeat(3).as_bytes()),
        ),
    ]);
    assert_eq!(counts(&facts, BUNDLE), (1, 0));
    for store in [DIRECTORY, "/etc/ssl/cert.pem"] {
        let store = facts.trust_store(store).unwrap();
        let absence = &(*store).as_ref().unwrap_err().absence;
        assert!(absence.to_string().starts_with("too-large"), "{absence}");
    }
}

/// Every name may lead through forty links of hundreds of steps each: a
/// directory of the size that an index allows would take hours.
#[test]
fn a_directory_of_more_names_than_any_host_has_is_not_read() {
    let names: Vec<String> = (0..200_000).map(|number| format!("{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let facts = facts(&[
        (DIRECTORY, Item::Names(&names)),
        ("/etc/ssl/certs/7", Item::Bytes(ONE.as_bytes())),
    ]);
    let store = facts.trust_store(DIRECTORY).unwrap();
    let missing = store.as_ref().as_ref().unwrap_err();
    assert_eq!(
        missing.absence.to_string(),
        "too-large: 200000 names are over the limit of 20000"
    );
    assert_eq!(missing.sources.len(), 1);
}
