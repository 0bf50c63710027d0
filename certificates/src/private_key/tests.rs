//! Keys as OpenSSL writes them, against certificates that it makes of them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::process::Command;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::CertificateFile;

fn openssl(folder: &TempDir, arguments: &str) {
    let mut command = Command::new("openssl");
    command.args(arguments.split(' ')).current_dir(folder);
    let output = command.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {words}");
}

fn read(folder: &TempDir, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap()
}

/// A key made by such arguments, and a certificate of it.
fn pair(arguments: &str) -> (TempDir, Certificate) {
    let folder = tempfile::tempdir().unwrap();
    openssl(&folder, &format!("{arguments} -out key.pem"));
    openssl(
        &folder,
        "req -x509 -key key.pem -subj /CN=x -days 10 -out certificate.pem",
    );
    let file = CertificateFile::parse(&read(&folder, "certificate.pem")).unwrap();
    let certificate = file.certificates().next().unwrap().clone();
    (folder, certificate)
}

fn part(folder: &TempDir, name: &str) -> Result<PublicPart, PrivateKeyError> {
    PublicPart::of_file(&read(folder, name))
}

#[test]
fn a_key_belongs_to_its_certificate_in_every_form() {
    let (rsa, of_rsa) = pair("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
    openssl(&rsa, "rsa -in key.pem -traditional -out old.pem");
    let (pss, of_pss) = pair("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048");
    let curve = |name: &str| {
        let (folder, certificate) = pair(&format!(
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{name}"
        ));
        openssl(&folder, "ec -in key.pem -out old.pem");
        // As `openssl ecparam -genkey` writes it: the curve in a block before.
        openssl(&folder, &format!("ecparam -name {name} -out curve.pem"));
        let both = [read(&folder, "curve.pem"), read(&folder, "old.pem")].concat();
        fs::write(folder.path().join("both.pem"), both).unwrap();
        (folder, certificate)
    };
    let (p256, of_p256) = curve("P-256");
    let (p521, of_p521) = curve("P-521");
    let (ed25519, of_ed25519) = pair("genpkey -algorithm ED25519");
    let keys = [
        (part(&rsa, "key.pem"), 0),
        (part(&rsa, "old.pem"), 0),
        (part(&pss, "key.pem"), 1),
        (part(&p256, "key.pem"), 2),
        (part(&p256, "old.pem"), 2),
        (part(&p256, "both.pem"), 2),
        (part(&p521, "key.pem"), 3),
        (part(&p521, "old.pem"), 3),
        (part(&ed25519, "key.pem"), 4),
    ];
    let certificates = [of_rsa, of_pss, of_p256, of_p521, of_ed25519];
    for (number, (key, own)) in keys.iter().enumerate() {
        for (other, certificate) in certificates.iter().enumerate() {
            let belongs = key.as_ref().unwrap().is_of(certificate);
            assert_eq!(belongs, other == *own, "{number} {other}");
        }
    }
}

#[test]
fn a_point_is_the_same_in_every_form() {
    let curve = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
    // Y of either parity, in the end.
    for _ in 0..6 {
        let (folder, uncompressed) = pair(curve);
        for form in ["compressed", "hybrid"] {
            openssl(
                &folder,
                &format!("ec -in key.pem -conv_form {form} -out {form}.pem"),
            );
            let key = part(&folder, &format!("{form}.pem")).unwrap();
            assert!(key.is_of(&uncompressed), "{form}");
        }
        openssl(
            &folder,
            "req -x509 -key compressed.pem -subj /CN=x -days 10 -out certificate.pem",
        );
        let file = CertificateFile::parse(&read(&folder, "certificate.pem")).unwrap();
        let compressed = file.certificates().next().unwrap();
        let key = part(&folder, "key.pem").unwrap();
        assert!(key.is_of(compressed));
        let (_, other) = pair(curve);
        assert!(!part(&folder, "compressed.pem").unwrap().is_of(&other));
    }
    // The same x, and the other y.
    assert!(is_same_point(&[2, 7], &[4, 7, 8]));
    assert!(!is_same_point(&[3, 7], &[4, 7, 8]));
    assert!(!is_same_point(&[], &[]));
}

#[test]
fn what_has_no_public_part_is_said() {
    let (folder, _) = pair("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    openssl(&folder, "ec -in key.pem -no_public -out short.pem");
    openssl(
        &folder,
        "pkcs8 -topk8 -in key.pem -passout pass:secret -out locked.pem",
    );
    openssl(
        &folder,
        "ec -in key.pem -aes128 -passout pass:secret -out old.pem",
    );
    openssl(&folder, "genpkey -algorithm ED448 -out ed448.pem");
    let key = String::from_utf8(read(&folder, "key.pem")).unwrap();
    fs::write(
        folder.path().join("broken.pem"),
        key.replacen("MI", "MA", 1),
    )
    .unwrap();
    for (name, error) in [
        ("short.pem", PrivateKeyError::NoPublicPart),
        ("locked.pem", PrivateKeyError::Encrypted),
        ("old.pem", PrivateKeyError::Encrypted),
        ("certificate.pem", PrivateKeyError::None),
        ("broken.pem", PrivateKeyError::Damaged),
        (
            "ed448.pem",
            PrivateKeyError::Unsupported("1.3.101.113".to_owned()),
        ),
    ] {
        assert_eq!(part(&folder, name), Err(error), "{name}");
    }
    assert_eq!(PublicPart::of_file(b""), Err(PrivateKeyError::None));
}

proptest! {
    /// Damaged keys are read, or are not.
    #[test]
    fn damaged_keys_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = of_key(&bytes);
    }
}
