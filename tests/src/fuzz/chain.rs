//! Chains, files of p11-kit, and what is read of single files of
//! certificates, without the engine.

use casefile_certificates::chain::{self, LIMIT, Question, Verdict, remarks};
use casefile_certificates::pool::{GoRelease, Library};
use casefile_certificates::{
    Certificate, CertificateFile, Form, PublicPart, blocks, p11_kit, subject_hash,
};

/// Blocks of PEM: none that does not begin in the text, the same again. A
/// private key has one public part.
pub(super) fn pem(bytes: &[u8]) {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let begins = bytes.windows(BEGIN.len()).filter(|text| *text == BEGIN);
    let found = blocks(bytes);
    assert!(found.len() <= begins.count());
    assert_eq!(found, blocks(bytes));
    assert_eq!(PublicPart::of_file(bytes), PublicPart::of_file(bytes));
    let Ok(file) = CertificateFile::parse(bytes) else {
        return;
    };
    for certificate in file.certificates() {
        assert!(!certificate.subject.chars().any(char::is_control));
        let hash = subject_hash(certificate.subject_der());
        assert!(hash.is_none_or(|hash| hash.len() == 8));
        // What was read of a file is read of the bytes alone as well.
        let again = Certificate::from_der(certificate.der()).expect("a certificate");
        assert_eq!(again.fingerprint, certificate.fingerprint);
    }
}

/// Objects of p11-kit.
pub(super) fn p11_kit(bytes: &[u8]) {
    let objects = p11_kit::objects(bytes);
    assert!(objects.len() <= bytes.len());
    assert_eq!(objects, p11_kit::objects(bytes));
    if let Ok(file) = CertificateFile::parse(bytes) {
        assert_eq!(
            file.objects.is_empty(),
            file.form != Form::P11Kit || objects.is_empty()
        );
    }
}

/// A chain, whose certificates are the pool as well: every library gives an
/// answer, and what it accepts has a path up to a certificate of the pool.
pub(super) fn chain(bytes: &[u8]) {
    let Ok(file) = CertificateFile::parse(bytes) else {
        return;
    };
    let Ok(sent) = chain::certificates(&file) else {
        return;
    };
    assert!(sent.len() <= LIMIT);
    assert!(remarks(&sent).len() <= 2 * sent.len() + 1);
    let pool: Vec<&Certificate> = sent.iter().rev().take(2).collect();
    for library in Library::ALL {
        let question = Question {
            chain: &sent,
            pool: &pool,
            explicit: &[],
            distrusted: &[],
            host: Some("www.example.com"),
            time: 1_800_000_000,
            go: GoRelease::NEWEST,
            level: Question::LEVEL,
        };
        let answer = chain::verify(library, &question).expect("a chain");
        match answer.verdict {
            Verdict::Accepted => {
                assert!(answer.problems.is_empty());
                assert!(answer.path.last().is_some_and(|step| step.trusted));
            }
            Verdict::Rejected | Verdict::Undecided => assert!(!answer.problems.is_empty()),
        }
        assert_eq!(chain::verify(library, &question), Ok(answer));
    }
}
