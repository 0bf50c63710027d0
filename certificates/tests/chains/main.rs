//! Chains as servers send them, judged here and by the libraries themselves:
//! a program in Go, `openssl verify` and `certtool --verify`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod ask;
mod authorities;
mod cases;
mod oddities;
#[path = "../oracles/mod.rs"]
mod oracles;

use std::time::{SystemTime, UNIX_EPOCH};

use casefile_certificates::chain::{ProblemKind, Question, Verdict, verify};
use casefile_certificates::pool::{GoRelease, Library};
use casefile_certificates::{Certificate, CertificateFile, SERVER_AUTH};

use ask::{ask_gnutls, ask_go, ask_openssl};
use authorities::make;
use cases::{CASES, Case};
use oddities::ODDITIES;
use oracles::{Plan, Workshop};

const DAY: i64 = 86_400;

#[test]
fn every_library_says_the_same_as_we() {
    let workshop = Workshop::new();
    make(&workshop);
    assert!(CASES.len() >= 30, "{}", CASES.len());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    let mut wrong = Vec::new();
    for case in CASES.iter().chain(ODDITIES) {
        let time = now + case.day * DAY;
        let wanted = [case.go, case.openssl, case.gnutls];
        for (library, wanted) in Library::ALL.into_iter().zip(wanted) {
            let real = match library {
                Library::Go => ask_go(&workshop, case, time),
                Library::OpenSsl => ask_openssl(&workshop, case, time),
                Library::GnuTls => ask_gnutls(&workshop, case, time),
            };
            let (ours, words) = ask_us(&workshop, case, library, time);
            // What is not verified here, the library may take or not.
            let agrees = ours == "unsupported" || real.0.contains(&ours.as_str());
            if ours != wanted || !agrees {
                wrong.push(format!(
                    "{}: {library}: expected {wanted}, here {ours} ({words}), really {:?} ({})",
                    case.what, real.0, real.1
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Distrust of p11-kit, as `gnutls_x509_trust_list_verify_crt2` answers with
/// GNUTLS_CERT_REVOKED for `pkcs11:`: which `certtool` does not read.
#[test]
fn gnutls_refuses_what_is_sent_and_distrusted() {
    let workshop = Workshop::new();
    for (name, issuer, extensions) in [
        ("root", None, "basicConstraints=critical,CA:TRUE\n"),
        (
            "middle",
            Some("root"),
            "basicConstraints=critical,CA:TRUE\n",
        ),
        (
            "leaf",
            Some("middle"),
            "subjectAltName=DNS:www.example.com\n",
        ),
    ] {
        let plan = Plan {
            extensions,
            ..Plan::default()
        };
        workshop.make(name, issuer, plan);
    }
    let all = read(&workshop, &["leaf", "middle", "root"]);
    let [leaf, middle, root] = all.as_slice() else {
        panic!("three are made")
    };
    let ask = |pool: &[&Certificate], distrusted: &[&Certificate]| {
        let question = Question {
            chain: &all,
            pool,
            explicit: &[],
            distrusted,
            host: None,
            time: root.not_before + DAY,
            go: GoRelease::NEWEST,
            level: Question::LEVEL,
        };
        let answer = verify(Library::GnuTls, &question).unwrap();
        answer.problems.first().map(|problem| problem.kind)
    };
    let distrusted = Some(ProblemKind::Distrusted);
    assert_eq!(ask(&[root], &[]), None);
    assert_eq!(ask(&[root], &[leaf]), distrusted);
    assert_eq!(ask(&[root], &[middle]), distrusted);
    // Behind what is trusted itself nothing is looked at.
    assert_eq!(ask(&[root, middle], &[root]), None);
}

fn read(workshop: &Workshop, names: &[&str]) -> Vec<Certificate> {
    let text: String = names.iter().map(|name| workshop.pem(name)).collect();
    let file = CertificateFile::parse(text.as_bytes()).unwrap();
    let certificates: Vec<_> = file.certificates().cloned().collect();
    assert_eq!(certificates.len(), names.len(), "{names:?}");
    certificates
}

/// The certificates of a pool, and what trust settings say of each. OpenSSL
/// alone reads blocks that have some.
fn read_pool(
    workshop: &Workshop,
    names: &[&str],
    library: Library,
) -> Vec<(Certificate, Option<bool>)> {
    let text: String = names.iter().map(|name| workshop.pem(name)).collect();
    let file = CertificateFile::parse(text.as_bytes()).unwrap();
    let entries = file.entries.iter();
    let entries = entries.filter(|entry| library == Library::OpenSsl || entry.settings.is_none());
    entries
        .map(|entry| {
            let settings = entry.settings.as_ref();
            let trusts = settings.and_then(|settings| settings.decide(SERVER_AUTH));
            (entry.certificate().unwrap().clone(), trusts)
        })
        .collect()
}

fn ask_us(workshop: &Workshop, case: &Case, library: Library, time: i64) -> (String, String) {
    let chain = read(workshop, case.chain);
    let pool = read_pool(workshop, case.pool, library);
    let of = |trusts: Option<bool>| {
        let entries = pool.iter().filter(move |(_, own)| *own == trusts);
        entries.map(|(certificate, _)| certificate)
    };
    let distrusted: Vec<&Certificate> = of(Some(false)).collect();
    let explicit: Vec<&Certificate> = of(Some(true)).collect();
    let pool: Vec<&Certificate> = of(None).chain(of(Some(true))).collect();
    let answer = verify(
        library,
        &Question {
            chain: &chain,
            pool: &pool,
            explicit: &explicit,
            distrusted: &distrusted,
            host: Some(case.host),
            time,
            go: GoRelease::NEWEST,
            level: Question::LEVEL,
        },
    )
    .unwrap();
    match answer.problems.first() {
        None => {
            assert_eq!(answer.verdict, Verdict::Accepted);
            assert!(answer.path.last().unwrap().trusted, "{}", case.what);
            ("ok".to_owned(), String::new())
        }
        Some(problem) => {
            assert_ne!(answer.verdict, Verdict::Accepted);
            (problem.kind.name().to_owned(), problem.to_string())
        }
    }
}
