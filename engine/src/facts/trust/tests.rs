//! Stores made of a few items; what the certificates say is what
//! `openssl x509` printed of them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use casefile_certificates::blocks;
use casefile_certificates::chain::Verdict;
use casefile_certificates::pool::{Library, Request};
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

/// An authority that has expired in 2021.
const EXPIRED: &str = "\
-----BEGIN CERTIFICATE-----
MIIBVDCB+qADAgECAhQgLnpUNz+0kiY0XPTVHmtpB8VuNzAKBggqhkjOPQQDAjAQ
MQ4wDAYDVQQDDAVUaHJlZTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBa
MBAxDjAMBgNVBAMMBVRocmVlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXKix
CbR9dEt/TsOvXCHX+5BoZAabDTnpZ0Z96eEIY5F2DTNGb3qjnagdBTemVH5anZa5
FTMVnp7jUkNAphW1hKMyMDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUNKY9
DnmRuqw2UQZ5f01vAa74aYgwCgYIKoZIzj0EAwIDSQAwRgIhAIvaYrwWSM80kzau
mMcOWBkKONij+k13eC9J7uTBS03SAiEAxCRAlIEWpiw/535vn1TE4clFeOy+s7F6
3okpZMScxJ8=
-----END CERTIFICATE-----
";

/// A server's certificate by that authority, valid until 2118, for
/// www.example.com.
const SERVER: &str = "\
-----BEGIN CERTIFICATE-----
MIIBbjCCARSgAwIBAgIBAjAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVUaHJlZTAg
Fw0yMDAxMDEwMDAwMDBaGA8yMTE4MDcyNjAwMDAwMFowDzENMAsGA1UEAwwERm91
cjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMHAHYU5hLYgJS1oyKQK6eRsudQ/
5I8WeKzKUxsENEvrigm84e/vfGk/U+gw+GMydzIjJdT1N+q6V5SkHrkf1BajXjBc
MBoGA1UdEQQTMBGCD3d3dy5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUlKralE0NbRDI
tZ02DK/IAlM5IqUwHwYDVR0jBBgwFoAUNKY9DnmRuqw2UQZ5f01vAa74aYgwCgYI
KoZIzj0EAwIDSAAwRQIgGu4V7HVu4mlEYVz5ArzvUK4UgWjyn+PO21kFsfRU/jQC
IQD/8F+SeCQgDnap7ubhL1eNCe/8jYDGCX8d3aMpUsllVA==
-----END CERTIFICATE-----
";

/// A certificate for www.example.com that is its own authority, until 2125.
const SERVER_ROOT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBqDCCAU2gAwIBAgIULuQ5qBiHErl9AqCVc5Lkkj1UvMowCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPd3d3LmV4YW1wbGUuY29tMCAXDTI2MTEyOTE4MjczNVoYDzIx
MjUwNjIzMTgyNzM1WjAaMRgwFgYDVQQDDA93d3cuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAARcqLEJtH10S39Ow69cIdf7kGhkBpsNOelnRn3p
4QhjkXYNM0ZveqOdqB0FN6ZUflqdlrkVMxWenuNSQ0CmFbWEo28wbTAdBgNVHQ4E
FgQUNKY9DnmRuqw2UQZ5f01vAa74aYgwHwYDVR0jBBgwFoAUNKY9DnmRuqw2UQZ5
f01vAa74aYgwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgg93d3cuZXhhbXBs
ZS5jb20wCgYIKoZIzj0EAwIDSQAwRgIhAMwfIChfM0CtgUNg/4tzqmh2NUUFy2dJ
Eeu91wh4YZ6BAiEArkVidFip/rYWCqZ/w1sQsod62WybrU9m7Cwvo1WXk5s=
-----END CERTIFICATE-----
";

const RED_HAT: (&str, Item<'_>) = ("/etc/os-release", Item::Bytes(b"ID=fedora\n"));
const DEBIAN: (&str, Item<'_>) = ("/etc/os-release", Item::Bytes(b"ID=debian\n"));
const SOURCE: &str = "/etc/pki/ca-trust/source";
const SHARED: &str = "/usr/share/pki/ca-trust-source";

fn denied() -> Item<'static> {
    Item::Missing(Absence::unknown(UnknownReason::Denied))
}

fn absent() -> Item<'static> {
    Item::Missing(Absence::Absent)
}

/// What a library says of a chain in 2027.
fn verdict(facts: &Facts, library: Library, chain: &str, host: &str) -> Verdict {
    let file = CertificateFile::parse(chain.as_bytes()).unwrap();
    let chain: Vec<Certificate> = file.certificates().cloned().collect();
    let request = Request::of(library);
    let answer = facts.chain_answer(&request, &chain, Some(host), 1_800_000_000);
    answer.unwrap().answer.verdict
}

#[test]
fn a_distrust_that_may_be_there_is_no_acceptance() {
    let host = |blocklist: Item<'static>| {
        facts(&[
            RED_HAT,
            (SOURCE, Item::Names(&["anchors", "blocklist"])),
            (
                "/etc/pki/ca-trust/source/anchors",
                Item::Names(&["one.pem"]),
            ),
            (
                "/etc/pki/ca-trust/source/anchors/one.pem",
                Item::Bytes(SERVER_ROOT.as_bytes()),
            ),
            ("/etc/pki/ca-trust/source/blocklist", blocklist),
            (SHARED, absent()),
        ])
    };
    let ask = |facts: &Facts| verdict(facts, Library::GnuTls, SERVER_ROOT, "www.example.com");
    assert_eq!(ask(&host(absent())), Verdict::Accepted);
    assert_eq!(ask(&host(denied())), Verdict::Undecided);
}

#[test]
fn trust_settings_that_may_be_there_are_no_acceptance() {
    let certs = "/usr/lib/ssl/certs";
    let file = CertificateFile::parse(SERVER_ROOT.as_bytes()).unwrap();
    let subject = file.certificates().next().unwrap().subject_der().to_vec();
    let own = format!(
        "{}.1",
        casefile_certificates::subject_hash(&subject).unwrap()
    );
    for (name, wanted) in [
        ("01234567.0", Verdict::Accepted),
        (own.as_str(), Verdict::Undecided),
    ] {
        let names = [name];
        let path = format!("{certs}/{name}");
        let facts = facts(&[
            DEBIAN,
            ("/usr/lib/ssl/cert.pem", Item::Bytes(SERVER_ROOT.as_bytes())),
            (certs, Item::Names(&names)),
            (&path, denied()),
        ]);
        let found = verdict(&facts, Library::OpenSsl, SERVER_ROOT, "www.example.com");
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn an_expired_root_beside_what_is_not_known_is_no_rejection() {
    let facts = |name: &str, other: Item<'static>| {
        facts(&[
            DEBIAN,
            (BUNDLE, Item::Bytes(EXPIRED.as_bytes())),
            ("/usr/lib/ssl/cert.pem", Item::Link(BUNDLE)),
            ("/usr/lib/ssl/certs", Item::Link(DIRECTORY)),
            (DIRECTORY, Item::Names(&["ca-certificates.crt", name])),
            (&format!("{DIRECTORY}/{name}"), other),
            ("/etc/pki/tls/certs", absent()),
        ])
    };
    let name = "renewed.pem";
    for (library, other, host, wanted) in [
        (Library::Go, absent(), "www.example.com", Verdict::Rejected),
        (Library::Go, denied(), "www.example.com", Verdict::Undecided),
        // No other pool helps a certificate that is for another host.
        (Library::Go, denied(), "example.org", Verdict::Rejected),
    ] {
        let found = verdict(&facts(name, other), library, SERVER, host);
        assert_eq!(found, wanted, "{library} {host}");
    }
    let facts = facts("01234567.0", denied());
    for (host, wanted) in [
        ("www.example.com", Verdict::Undecided),
        ("example.org", Verdict::Rejected),
    ] {
        let found = verdict(&facts, Library::OpenSsl, SERVER, host);
        assert_eq!(found, wanted, "{host}");
    }
}

#[test]
fn a_date_that_may_be_there_is_not_known() {
    let host = |source: Item<'static>| facts(&[RED_HAT, (SOURCE, source), (SHARED, absent())]);
    let roots = casefile_certificates::KnownRoots::list().iter();
    let mut roots = roots.map(|root| (root.fingerprint.as_str(), root.distrust_after));
    let (dated, date) = roots.find(|(_, date)| date.is_some()).unwrap();
    let hidden = host(denied());
    assert_eq!(hidden.distrust_after(dated).unwrap().value, date);
    let missing = hidden.distrust_after("00").unwrap_err();
    assert_eq!(missing.path, SOURCE);
    assert_eq!(host(absent()).distrust_after("00").unwrap().value, None);
    // Nor where it is not known how the host keeps trust.
    let facts = facts(&[("/etc/os-release", denied())]);
    assert!(facts.distrust_after("00").is_err());
}
