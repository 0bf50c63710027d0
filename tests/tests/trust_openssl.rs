//! What the engine says of certificates is what `openssl` says: for each
//! certificate of this machine's bundles, and for odd ones made here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_engine::facts::trust::{Certificate, Key, SelfSignature};
use casefile_engine::timestamp;
use casefile_snapshot::{Clock, Digest, EvidenceKey, Manifest, SnapshotBuilder, Source, Tool};

const STORE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The certificates that the engine reads in a bundle, and how many blocks
/// are none.
fn certificates(pem: &[u8]) -> (Vec<Certificate>, u32) {
    let mut builder = SnapshotBuilder::new();
    builder.insert_bytes(EvidenceKey::raw(STORE).unwrap(), None, pem, None);
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
    let facts = Facts::new(Arc::new(builder.finish(manifest).unwrap()));
    let store = facts.trust_store(STORE).unwrap();
    let store = &(*store).as_ref().unwrap().value;
    let members = store.members.iter();
    let certificates = members.map(|member| {
        member
            .as_ref()
            .unwrap()
            .value
            .certificate()
            .unwrap()
            .clone()
    });
    (certificates.collect(), store.unparsable)
}

/// Runs openssl; panics with its words where it fails.
fn openssl(arguments: &[&str], input: &[u8], directory: Option<&Path>) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(directory) = directory {
        command.current_dir(directory);
    }
    let mut child = command.spawn().expect("openssl must be installed");
    // Small enough for the pipe; a program that reads nothing closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// What `openssl x509` prints of one certificate.
struct Oracle {
    text: String,
    key_fingerprint: String,
}

impl Oracle {
    fn of(pem: &str) -> Self {
        let arguments = [
            "x509",
            "-noout",
            "-text",
            "-subject",
            "-issuer",
            "-serial",
            "-dates",
            "-dateopt",
            "iso_8601",
            "-fingerprint",
            "-sha256",
            "-nameopt",
            "RFC2253,-esc_msb",
        ];
        let text = openssl(&arguments, pem.as_bytes(), None);
        let public = openssl(&["x509", "-noout", "-pubkey"], pem.as_bytes(), None);
        let body: String = std::str::from_utf8(&public)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        let der = openssl(&["base64", "-d", "-A"], body.as_bytes(), None);
        Self {
            text: String::from_utf8(text).unwrap(),
            key_fingerprint: Digest::of(&der).to_string(),
        }
    }

    /// The rest of the first line that contains this.
    fn after(&self, label: &str) -> Option<&str> {
        let at = self.text.find(label)? + label.len();
        self.text[at..].lines().next().map(str::trim)
    }

    /// The rest of the last line that begins with this.
    fn line(&self, label: &str) -> &str {
        let mut lines = self.text.lines().rev();
        lines
            .find_map(|line| line.strip_prefix(label))
            .unwrap_or_else(|| panic!("no {label:?} in {}", self.text))
    }

    fn compare(&self, certificate: &Certificate) {
        // RFC 4514 writes STREET, OpenSSL street; the case does not matter.
        let name = |text: &str| text.replace("street=", "STREET=");
        assert_eq!(certificate.subject, name(self.line("subject=")));
        assert_eq!(certificate.issuer, name(self.line("issuer=")));
        assert_eq!(certificate.serial, self.line("serial=").to_lowercase());
        for (seconds, label) in [
            (certificate.not_before, "notBefore="),
            (certificate.not_after, "notAfter="),
        ] {
            let date = timestamp::rfc3339(seconds).replace('T', " ");
            assert_eq!(date, self.line(label), "{label} {}", self.text);
        }
        let fingerprint = self.line("sha256 Fingerprint=").replace(':', "");
        assert_eq!(certificate.fingerprint, fingerprint.to_lowercase());
        assert_eq!(certificate.key_fingerprint, self.key_fingerprint);
        let version = self.after("Version: ").unwrap();
        assert!(
            version.starts_with(&certificate.version.to_string()),
            "{}",
            self.text
        );
        assert_eq!(
            certificate.signature,
            self.after("Signature Algorithm: ").unwrap()
        );
        let authority = self
            .text
            .contains("X509v3 Basic Constraints")
            .then(|| self.text.contains("CA:TRUE"));
        assert_eq!(certificate.authority, authority, "{}", self.text);
        self.compare_key(&certificate.key);
    }

    fn compare_key(&self, key: &Key) {
        let size = self.after("Public-Key: (");
        match key {
            Key::Rsa { bits, exponent, .. } => {
                assert_eq!(size.unwrap(), format!("{bits} bit)"));
                let hexadecimal = u64::from_str_radix(exponent, 16).unwrap();
                let text = self.after("Exponent: ").unwrap();
                assert_eq!(text, format!("{hexadecimal} (0x{hexadecimal:x})"));
            }
            Key::Elliptic { curve, bits } => {
                assert_eq!(size.unwrap(), format!("{bits} bit)"));
                let nist = self.after("NIST CURVE: ");
                assert_eq!(*curve, nist.or(self.after("ASN1 OID: ")).unwrap());
            }
            Key::EllipticExplicit => {
                assert!(
                    self.text.contains("Field Type: prime-field"),
                    "{}",
                    self.text
                );
            }
            Key::Dsa(bits) => assert_eq!(size.unwrap(), format!("{bits} bit)")),
            Key::Edwards(name) => {
                assert_eq!(
                    self.after("Public Key Algorithm: ").unwrap().to_lowercase(),
                    name.to_lowercase()
                );
            }
            Key::Other(oid) => panic!("{oid} in {}", self.text),
        }
    }
}

/// The blocks of a clean bundle.
fn split(bundle: &str) -> Vec<&str> {
    let begin = "-----BEGIN CERTIFICATE-----";
    let starts: Vec<_> = bundle.match_indices(begin).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bundle.len()]);
    let blocks = starts.iter().zip(ends);
    blocks.map(|(start, end)| &bundle[*start..end]).collect()
}

#[test]
fn bundles_of_this_machine() {
    let paths = [STORE, "/etc/pki/tls/certs/ca-bundle.crt"];
    let bundles = paths.map(|path| (path, std::fs::read_to_string(path)));
    let mut found = false;
    for (path, bundle) in bundles {
        let Ok(bundle) = bundle else { continue };
        found = true;
        let (certificates, unparsable) = certificates(bundle.as_bytes());
        assert_eq!(unparsable, 0, "{path}");
        let listing = openssl(&["storeutl", "-noout", "-certs", path], b"", None);
        let total = format!("Total found: {}", certificates.len());
        assert!(
            String::from_utf8_lossy(&listing).contains(&total),
            "{path}: {total}"
        );
        let blocks = split(&bundle);
        assert_eq!(blocks.len(), certificates.len());
        for (block, certificate) in blocks.iter().zip(&certificates) {
            Oracle::of(block).compare(certificate);
        }
    }
    assert!(found, "none of {paths:?} exists: install ca-certificates");
}

/// Where openssl makes certificates.
struct Workshop(tempfile::TempDir);

impl Workshop {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Runs openssl with words split at blanks, then these as they are.
    fn run(&self, words: &str, more: &[&str]) -> String {
        let arguments: Vec<&str> = words
            .split_whitespace()
            .chain(more.iter().copied())
            .collect();
        String::from_utf8(openssl(&arguments, b"", Some(self.0.path()))).unwrap()
    }

    /// A self-signed certificate with a new key.
    fn make(&self, words: &str, more: &[&str]) -> String {
        self.run(&format!("req -x509 -nodes -keyout key.pem {words}"), more)
    }

    /// Compares one certificate with openssl.
    fn check(&self, pem: &str) -> Certificate {
        let (mut certificates, unparsable) = certificates(pem.as_bytes());
        assert_eq!(unparsable, 0, "{pem}");
        let certificate = certificates.pop().unwrap();
        Oracle::of(pem).compare(&certificate);
        certificate
    }
}

const P256: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";

#[test]
fn odd_names() {
    let workshop = Workshop::new();
    for subject in [
        "/DC=com/DC=example/CN=Plain",
        r#"/O=Comma, "quoted" <x>; a=b\\c/CN= lead and trail "#,
        "/CN=#hash#",
        "/CN= ",
        "/O=Größe & Söhne/CN=日本語",
        "/O=Multi/CN=a\\+b+OU=c+UID=d",
        "/CN=tab\there",
        "/C=DE/ST=x/L=y/street=z/postalCode=1/emailAddress=a@example.org/serialNumber=9/SN=s/GN=g/title=t",
        "/jurisdictionC=DE/jurisdictionST=x/jurisdictionL=y/businessCategory=b/organizationIdentifier=o",
        "/name=n/initials=i/dnQualifier=q/pseudonym=p/generationQualifier=g/description=d/telephoneNumber=1",
    ] {
        let words = format!("{P256} -utf8 -multivalue-rdn -subj");
        workshop.check(&workshop.make(&words, &[subject]));
    }
}

#[test]
fn odd_string_types_and_object_identifiers() {
    let workshop = Workshop::new();
    // BMPString, T61String, UniversalString: B_ASN1_* of openssl/asn1.h.
    for mask in ["MASK:0x800", "MASK:0x4", "MASK:0x100"] {
        let configuration = format!(
            "oid_section = oids\n[oids]\nodd = 1.2.3.4.5\n[req]\nstring_mask = {mask}\nutf8 = yes\n\
             prompt = no\ndistinguished_name = dn\n[dn]\nO = Größe\\, klein\nodd = value\nCN = last\n"
        );
        std::fs::write(workshop.0.path().join("odd.cnf"), configuration).unwrap();
        let certificate = workshop.check(&workshop.make(&format!("{P256} -config odd.cnf"), &[]));
        assert!(
            certificate.subject.starts_with("CN=last,1.2.3.4.5=#"),
            "{mask}"
        );
        assert!(certificate.subject.ends_with("O=Größe\\, klein"), "{mask}");
    }
}

#[test]
fn keys_and_signatures() {
    let workshop = Workshop::new();
    workshop.run("dsaparam -out dsa.pem 1024", &[]);
    for (words, signature) in [
        (P256, SelfSignature::Verified),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384",
            SelfSignature::Verified,
        ),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:P-521",
            SelfSignature::Verified,
        ),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1",
            SelfSignature::Unsupported,
        ),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:P-224",
            SelfSignature::Unsupported,
        ),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1",
            SelfSignature::Unsupported,
        ),
        (
            "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            SelfSignature::Unsupported,
        ),
        ("-newkey ed25519", SelfSignature::Verified),
        ("-newkey ed448", SelfSignature::Unsupported),
        ("-newkey rsa:2048", SelfSignature::Verified),
        ("-newkey rsa:2048 -sha1", SelfSignature::Verified),
        ("-newkey rsa:2048 -md5", SelfSignature::Verified),
        (
            "-newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3",
            SelfSignature::Verified,
        ),
        ("-newkey rsa:1024", SelfSignature::Verified),
        ("-newkey rsa:1024 -sha1", SelfSignature::Verified),
        (
            "-newkey rsa:2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
            SelfSignature::Verified,
        ),
        (
            "-newkey rsa:2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
            SelfSignature::Unsupported,
        ),
        ("-newkey dsa:dsa.pem", SelfSignature::Unsupported),
    ] {
        let certificate = workshop.check(&workshop.make(&format!("{words} -subj /CN=key"), &[]));
        assert_eq!(certificate.self_signed, signature, "{words}");
    }
}

#[test]
fn other_issuers() {
    let workshop = Workshop::new();
    let root = workshop.make(&format!("{P256} -subj /CN=same -out root.pem"), &[]);
    assert!(root.is_empty(), "written to the file");
    std::fs::rename(
        workshop.0.path().join("key.pem"),
        workshop.0.path().join("root.key"),
    )
    .unwrap();
    for (subject, signature) in [
        ("/CN=same", SelfSignature::Wrong),
        ("/CN=other", SelfSignature::NotSelfIssued),
    ] {
        workshop.run(
            &format!("req -new -nodes -keyout leaf.key {P256} -out leaf.csr -subj {subject}"),
            &[],
        );
        let leaf = workshop.run(
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 7",
            &[],
        );
        assert_eq!(workshop.check(&leaf).self_signed, signature);
    }
}

#[test]
fn versions_constraints_serials_and_dates() {
    let workshop = Workshop::new();
    // The system's configuration adds extensions; this one adds none.
    std::fs::write(
        workshop.0.path().join("bare.cnf"),
        "[req]\ndistinguished_name = dn\n[dn]\n",
    )
    .unwrap();
    let bare =
        |words: &str| workshop.make(&format!("{P256} -subj /CN=x -config bare.cnf {words}"), &[]);
    for (words, version, authority) in [
        ("-addext basicConstraints=CA:FALSE", 3, Some(false)),
        (
            "-addext basicConstraints=critical,CA:TRUE,pathlen:0",
            3,
            Some(true),
        ),
        ("-addext keyUsage=keyCertSign", 3, None),
        ("", 1, None),
    ] {
        let certificate = workshop.check(&bare(words));
        assert_eq!(
            (certificate.version, certificate.authority),
            (version, authority),
            "{words}"
        );
    }
    for (words, serial) in [
        (
            "-set_serial 0x0123456789abcdef0123456789abcdef01234567",
            "0123456789abcdef0123456789abcdef01234567",
        ),
        ("-set_serial 0", "00"),
        ("-set_serial 128", "80"),
        ("-set_serial -1", "-01"),
        ("-set_serial -128", "-80"),
        ("-set_serial -256", "-0100"),
    ] {
        assert_eq!(workshop.check(&bare(words)).serial, serial);
    }
    for days in ["1", "20000", "2000000"] {
        workshop.check(&bare(&format!("-days {days}")));
    }
    std::fs::write(workshop.0.path().join("index"), "").unwrap();
    let authority = "[ca]\ndefault_ca = a\n[a]\ndatabase = index\nnew_certs_dir = .\nrand_serial = yes\n\
        default_md = sha256\nunique_subject = no\npolicy = p\n[p]\ncommonName = supplied\n";
    std::fs::write(workshop.0.path().join("ca.cnf"), authority).unwrap();
    workshop.run(
        &format!("req -new -nodes -keyout key.pem {P256} -out x.csr -subj /CN=x"),
        &[],
    );
    for (start, end) in [
        ("19500101000000Z", "19991231235959Z"),
        ("491231235959Z", "20500101000000Z"),
        ("500101000000Z", "99991231235959Z"),
    ] {
        let words = "ca -batch -notext -config ca.cnf -selfsign -keyfile key.pem -in x.csr";
        workshop.check(&workshop.run(words, &["-startdate", start, "-enddate", end]));
    }
}
