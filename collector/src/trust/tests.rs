#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use proptest::prelude::*;

use super::*;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n";
const HIDDEN: &str = "-----BEGIN PRIVATE KEY-----\ncmVkYWN0ZWQ=\n-----END PRIVATE KEY-----\n";

fn reduced(text: &str) -> (String, u64) {
    let Reduced { bytes, places } = reduce(text.as_bytes().to_vec());
    (String::from_utf8(bytes).expect("text"), places)
}

#[test]
fn certificates_and_what_is_said_of_them_are_kept() {
    for text in [
        CERTIFICATE.to_owned(),
        format!("# A comment\n{CERTIFICATE}\n{CERTIFICATE}# The end"),
        CERTIFICATE.replace('\n', "\r\n"),
        "-----BEGIN CERTIFICATE-----\ncut off".to_owned() + CERTIFICATE,
        String::new(),
        "# Made by a tool\n\n[p11-kit-object-v1]\nclass: certificate\nx-distrusted: true\n"
            .to_owned(),
    ] {
        assert_eq!(reduced(&text), (text.clone(), 0), "{text:?}");
    }
}

#[test]
fn a_key_beside_a_certificate_is_hidden_with_all_that_is_said_of_it() {
    let text = format!(
        "privateExponent:\n  00:CA:NA:RY\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nCANARY\n-----END RSA PRIVATE KEY-----\n{CERTIFICATE}CANARY"
    );
    assert_eq!(reduced(&text), (format!("{HIDDEN}{CERTIFICATE}"), 1));
}

#[test]
fn damaged_armour_hides_more_and_not_less() {
    let begin = "-----BEGIN PRIVATE KEY-----\n";
    let end = "-----END PRIVATE KEY-----\n";
    for text in [
        format!("{begin}CANARY"),
        format!("CANARY\n{end}"),
        format!("-----BEGIN CERTIFICATE-----\nCANARY\n{end}"),
        format!("{begin}CANARY\n-----END CERTIFICATE-----\nCANARY\n{CERTIFICATE}"),
        format!("{begin}CANARY\n{begin}CANARY\n{end}CANARY"),
        "-----BEGIN PRIVATE KEY-----CANARY-----END PRIVATE KEY-----".to_owned(),
        "-----BEGIN EC PRIVATE KEY-----\rCANARY\r-----END EC PRIVATE KEY-----\r".to_owned(),
        "-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY".to_owned(),
        "  ---- begin ssh2 private key ----\nCANARY\n---- end ssh2 private key ----".to_owned(),
        "CANARY".to_owned(),
        "PuTTY-User-Key-File-3: x\nPrivate-Lines: 1\nCANARY\n".to_owned(),
    ] {
        let (kept, places) = reduced(&text);
        assert!(
            !kept.contains("CANARY") && places > 0,
            "{text:?} gives {kept:?}"
        );
    }
}

#[test]
fn wide_characters_hide_no_key() {
    let text = "-----BEGIN PRIVATE KEY-----\r\nCANARY\r\n-----END PRIVATE KEY-----\r\n";
    for bytes in [
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        let reduced = reduce(bytes);
        assert_eq!(reduced.places, 1);
        assert!(reduced.bytes.starts_with(b"(hidden: "));
    }
}

/// A DER value.
fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u16::try_from(content.len()).expect("short").to_be_bytes();
    [&[tag, 0x82][..], &length, &content].concat()
}

#[test]
fn der_is_kept_where_it_is_signed_and_public() {
    let number = der(2, &[b"\x01"]);
    let algorithm = der(0x30, &[b"\x06\x01\x2a"]);
    let signature = der(3, &[&[0; 200]]);
    let version = der(0xa0, &[&number]);
    let certificate = der(
        0x30,
        &[&der(0x30, &[&version, &number]), &algorithm, &signature],
    );
    let first_version = der(
        0x30,
        &[&der(0x30, &[&number, &algorithm]), &algorithm, &signature],
    );
    for public in [&certificate, &first_version] {
        assert_eq!(reduce(public.clone()).bytes, *public);
    }
    let octets = der(4, &[b"CANARY"]);
    for secret in [
        der(0x30, &[&number, &algorithm, &octets]),
        der(0x30, &[&algorithm, &octets]),
        der(0x30, &[&number, &number, &octets]),
        [certificate.clone(), der(0x30, &[&number, &octets])].concat(),
        [&b"\xfe\xed\xfe\xed\0\0\0\x02"[..], b"CANARY"].concat(),
    ] {
        let reduced = reduce(secret);
        assert!(
            reduced.bytes.starts_with(b"(hidden: "),
            "{:?}",
            reduced.bytes
        );
        assert_eq!(reduced.places, 1);
    }
}

#[test]
fn folders_of_keys_are_not_read() {
    for (path, refused) in [
        ("/etc/ssl/private", true),
        ("/etc/ssl/private/a.pem", true),
        ("/etc/ssl/privateer.pem", false),
        ("/etc/ssl/certs/a.pem", false),
    ] {
        let path = HostPath::new(path).expect("a path");
        assert_eq!(refuse(&path).is_some(), refused, "{path}");
    }
}

proptest! {
    #[test]
    fn no_body_of_a_private_key_survives(
        before in "([ -~]{0,30}\n){0,3}",
        prefix in "(RSA |EC |ENCRYPTED |OPENSSH |[A-Z0-9]{1,8} )?",
        body in "([A-Za-z0-9+/]{64}(\n|\r\n|\r)){1,6}",
        end in any::<bool>(),
        after in "([ -~]{0,30}\n){0,3}",
        with_certificate in any::<bool>(),
    ) {
        let mut text = format!("{before}-----BEGIN {prefix}PRIVATE KEY-----\n{body}");
        if end {
            text += &format!("-----END {prefix}PRIVATE KEY-----\n");
        }
        text += &after;
        if with_certificate {
            text += CERTIFICATE;
        }
        let (kept, places) = reduced(&text);
        prop_assert!(places > 0);
        for line in body.split(['\r', '\n']).filter(|line| !line.is_empty()) {
            prop_assert!(!kept.contains(line), "{kept:?}");
        }
        prop_assert_eq!(kept.contains("TUlJQg=="), with_certificate);
    }

    #[test]
    fn any_bytes_are_reduced(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let reduced = reduce(bytes.clone());
        prop_assert!(reduced.places > 0 || reduced.bytes == bytes);
    }
}
