//! Files of a few blocks; what the certificates say is what `openssl x509`
//! printed of them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use data_encoding::BASE64_MIME;
use proptest::prelude::*;

use super::*;
use crate::{BasicConstraints, Key, SelfSignature, blocks, subject_hash};

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

fn der(pem: &str) -> Vec<u8> {
    blocks(pem.as_bytes())[0].bytes.clone().unwrap()
}

#[test]
fn a_certificate_says_what_openssl_reads_in_it() {
    let file = CertificateFile::parse(format!("{ONE}{TWO}").as_bytes()).unwrap();
    let certificates: Vec<_> = file.certificates().collect();
    let [one, two] = certificates.as_slice() else {
        unreachable!("two certificates")
    };
    assert_eq!(file.entries[0].position, 0);
    assert_eq!(
        one.fingerprint,
        "fd81949344c3d50738710d21d3bd0c19573c86da22986ad7be7c296a02b5894c"
    );
    assert_eq!(
        one.key_fingerprint,
        "1bbe3750b3aa1c4a0dad4b179fd8a7866523ad9614cfaa7ec890a67ee0284f08"
    );
    assert_eq!(one.subject, "CN=One,O=Example");
    assert_eq!(one.issuer, one.subject);
    assert_eq!(one.serial, "0a");
    assert_eq!(
        (one.not_before, one.not_after),
        (1_795_545_557, 2_110_905_557)
    );
    assert_eq!(one.version, 3);
    assert_eq!(one.authority, Some(true));
    let key = Key::Elliptic {
        curve: "P-256".to_owned(),
        bits: 256,
    };
    assert_eq!(one.key, key);
    assert_eq!(one.signature, "ecdsa-with-SHA256");
    assert_eq!(one.self_signed, SelfSignature::Verified);
    let constraints = BasicConstraints {
        authority: true,
        path_length: None,
    };
    assert_eq!(one.extensions.basic_constraints, Some(constraints));
    assert_eq!(one.extensions.subject_key.as_ref().unwrap().len(), 20);
    assert_eq!(one.departures, []);
    assert_eq!(file.entries[1].position, 1);
    assert_eq!(two.not_after, 4_949_145_557, "a GeneralizedTime of 2126");
    assert_eq!(two.authority, Some(false));
    assert_eq!(two.key, Key::Edwards("Ed25519"));
    assert_eq!(two.self_signed, SelfSignature::Verified);
}

#[test]
fn a_signature_by_another_key_is_wrong() {
    let mut bytes = der(ONE);
    *bytes.last_mut().unwrap() ^= 1;
    let certificate = Certificate::from_der(&bytes).unwrap();
    assert_eq!(certificate.self_signed, SelfSignature::Wrong);
}

#[test]
fn trust_settings_may_follow_and_nothing_else() {
    let mut bytes = der(ONE);
    bytes.extend([0x30, 0]);
    assert!(Certificate::from_der(&bytes).is_none());
    let block = |bytes: &[u8]| {
        let text = BASE64_MIME.encode(bytes);
        let label = "TRUSTED CERTIFICATE";
        let file = format!("-----BEGIN {label}-----\n{text}-----END {label}-----\n");
        let file = CertificateFile::parse(file.as_bytes()).unwrap();
        file.entries[0].clone()
    };
    let entry = block(&bytes);
    assert_eq!(entry.certificate().unwrap().der(), der(ONE));
    assert_eq!(entry.settings.unwrap().decide(crate::SERVER_AUTH), None);
    bytes.push(0);
    assert_eq!(block(&bytes).certificate, Err(BlockError::Content));
}

#[test]
fn forms_are_told_apart() {
    let file = CertificateFile::parse(&der(ONE)).unwrap();
    assert_eq!((file.form, file.entries.len()), (Form::Der, 1));
    let text = format!("[p11-kit-object-v1]\ntrusted: true\n{ONE}");
    let file = CertificateFile::parse(text.as_bytes()).unwrap();
    assert_eq!((file.form, file.entries.len()), (Form::P11Kit, 1));
    assert_eq!(file.objects[0].certificate.as_deref(), Some(&*der(ONE)));
    let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let file = CertificateFile::parse(format!("{key}{ONE}").as_bytes()).unwrap();
    assert_eq!((file.private_keys, file.entries[0].position), (1, 1));
    assert_eq!(CertificateFile::parse(b"").unwrap().entries, []);
}

// openssl x509 -hash
#[test]
fn links_are_named_by_the_subject() {
    let certificate = Certificate::from_der(&der(ONE)).unwrap();
    assert_eq!(subject_hash(certificate.raw_subject()).unwrap(), "73e891ab");
}

#[test]
fn too_much_is_refused() {
    let many = "-----BEGIN CERTIFICATE-----\n".repeat(BLOCKS + 1);
    let error = CertificateFile::parse(many.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "10001 PEM blocks are over the limit of 10000"
    );
    assert!(CertificateFile::parse(&many.as_bytes()[28..]).is_ok());
    assert!(CertificateFile::parse(&vec![b'#'; LIMIT_BYTES + 1]).is_err());
}

proptest! {
    /// A certificate with a few bytes changed is read, or is not; a name that
    /// is read holds no control character.
    #[test]
    fn damaged_certificates_do_no_harm(
        second in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = der(if second { TWO } else { ONE });
        for (index, value) in changes {
            let position = index.index(bytes.len());
            bytes[position] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Some(certificate) = Certificate::from_der(&bytes) {
            prop_assert!(!certificate.subject.contains(char::is_control));
            prop_assert_eq!(certificate.fingerprint.len(), 64);
        }
    }
}
