//! `casefile trust verify`: a server's chain against the pools of a host, what
//! a user may give it, and two beliefs that are widespread and wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use casefile_snapshot::{Content, EvidenceKey, SnapshotBuilder, Source};
use casefile_tests::sample;
use serde_json::Value;

use crate::program::{Run, casefile, folder, run};

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A root, an authority below it, and a server's certificate, in files.
struct Chain {
    folder: tempfile::TempDir,
}

impl Chain {
    fn new() -> Self {
        let chain = Self { folder: folder() };
        chain.make("root", None, "basicConstraints=critical,CA:TRUE\n");
        chain.make(
            "middle",
            Some("root"),
            "basicConstraints=critical,CA:TRUE\n",
        );
        chain.make(
            "leaf",
            Some("middle"),
            "basicConstraints=CA:FALSE\nsubjectAltName=DNS:www.example.com\n",
        );
        chain.make("other", None, "basicConstraints=critical,CA:TRUE\n");
        chain.file("chain.pem", &["leaf", "middle"]);
        chain
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &[&str]) {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(self.folder.path());
        let output = command.output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {words}");
    }

    fn make(&self, name: &str, issuer: Option<&str>, extensions: &str) {
        let file = |end: &str| format!("{name}.{end}");
        let (key, request, pem) = (file("key"), file("csr"), file("pem"));
        let subject = format!("/CN={name}");
        self.openssl(&[
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &request,
            "-subj",
            &subject,
        ]);
        fs::write(self.path("extensions"), extensions).unwrap();
        let (signer, signer_key) = match issuer {
            Some(issuer) => (format!("{issuer}.pem"), format!("{issuer}.key")),
            None => (String::new(), key),
        };
        let mut words = vec!["x509", "-req", "-in", &request, "-days", "3650"];
        if issuer.is_some() {
            words.extend(["-CA", &signer, "-CAkey", &signer_key]);
        } else {
            words.extend(["-signkey", &signer_key]);
        }
        words.extend(["-set_serial", "77", "-extfile", "extensions", "-out", &pem]);
        self.openssl(&words);
    }

    fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.pem"))).unwrap()
    }

    fn file(&self, file: &str, names: &[&str]) -> PathBuf {
        let text: String = names.iter().map(|name| self.pem(name)).collect();
        fs::write(self.path(file), text).unwrap();
        self.path(file)
    }

    /// A Debian host whose bundle has this text; none where it was denied.
    fn host(&self, bundle: Option<&str>, more: &[(&str, &str)]) -> PathBuf {
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let mut builder = SnapshotBuilder::new();
        let key = |path: &str| EvidenceKey::raw(path).unwrap();
        let mut text = |path: &str, text: &str| {
            builder.insert_bytes(key(path), None, text.as_bytes(), None);
        };
        text("/etc/os-release", "ID=debian\n");
        for (path, content) in more {
            text(path, content);
        }
        if let Some(bundle) = bundle {
            text(BUNDLE, bundle);
        } else {
            let denied =
                casefile_snapshot::Absence::unknown(casefile_snapshot::UnknownReason::Denied);
            builder.insert(key(BUNDLE), None, Content::Missing(denied));
        }
        let link = Content::Symlink {
            target: BUNDLE.to_owned(),
        };
        builder.insert(key("/usr/lib/ssl/cert.pem"), None, link);
        let mut names = |path: &str, names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            builder.insert(key(path), None, Content::Directory { names });
        };
        names("/", &["etc", "opt", "usr"]);
        names("/etc", &["os-release", "ssl"]);
        names("/etc/ssl", &["certs"]);
        names("/etc/ssl/certs", &["ca-certificates.crt"]);
        names("/usr", &["lib"]);
        names("/usr/lib", &["ssl"]);
        // OpenSSL of Debian has a directory, and no file.
        names("/usr/lib/ssl", &["cert.pem"]);
        if more.is_empty() {
            names("/opt", &[]);
        } else {
            names("/opt", &["own.pem"]);
        }
        let realtime = i64::try_from(now.as_nanos()).unwrap() + 60_000_000_000;
        let snapshot = builder
            .finish(sample::manifest(Source::Live, realtime))
            .unwrap();
        let path = self.path("host.tar.zst");
        fs::write(&path, sample::file(&snapshot)).unwrap();
        path
    }
}

fn verify(chain: &Path, host: &Path, more: &[&str]) -> Run {
    let mut command = casefile(["trust", "verify", "--snapshot"]);
    command.arg(host).arg(chain).args(more);
    run(command)
}

fn json(chain: &Path, host: &Path, more: &[&str]) -> (i32, Value) {
    let more = [&["--format", "json"], more].concat();
    let run = verify(chain, host, &more);
    (run.code, run.verdict())
}

fn verdicts(answer: &Value) -> Vec<(&str, &str)> {
    let answers = answer["answers"].as_array().unwrap().iter();
    answers
        .map(|one| {
            (
                one["library"].as_str().unwrap(),
                one["verdict"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_whole_chain_is_taken_by_all() {
    let chain = Chain::new();
    let host = chain.host(Some(&chain.pem("root")), &[]);
    let file = chain.path("chain.pem");
    let (code, answer) = json(&file, &host, &["--host", "www.example.com"]);
    assert_eq!(code, 0, "{answer:#}");
    assert_eq!(
        verdicts(&answer),
        [
            ("go", "accepted"),
            ("openssl", "accepted"),
            ("gnutls", "accepted")
        ]
    );
    for one in answer["answers"].as_array().unwrap() {
        let path = one["path"].as_array().unwrap();
        let subjects: Vec<_> = path.iter().map(|step| step["subject"].clone()).collect();
        assert_eq!(subjects, ["CN=leaf", "CN=middle", "CN=root"]);
        assert_eq!(path[2]["trusted"], true);
        assert_eq!(one["pool"]["count"], 1);
    }
    let text = verify(&file, &host, &[]);
    assert_eq!(text.code, 0);
    assert!(text.out.contains("\nOpenSSL takes it\n"), "{}", text.out);
}

#[test]
fn what_is_wrong_is_said_in_words() {
    let chain = Chain::new();
    let host = chain.host(Some(&chain.pem("root")), &[]);
    let leaf = chain.path("leaf.pem");
    let run = verify(&leaf, &host, &["--as", "go"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "Go 1.27 does not take it",
        "its issuer, CN=middle, is neither sent nor in the pool",
        "no intermediate certificate is sent",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    assert!(!run.out.contains("GnuTLS"), "it was not asked");
    let file = chain.path("chain.pem");
    for (more, kind) in [
        (&["--host", "mail.example.com"][..], "host-name"),
        (&["--as-of", "2020-01-01"], "not-yet-valid"),
        (&["--as-of", "2090-01-01"], "expired"),
    ] {
        let (code, answer) = json(&file, &host, more);
        assert_eq!(code, 1, "{more:?}");
        for one in answer["answers"].as_array().unwrap() {
            assert_eq!(one["problems"][0]["kind"], kind, "{more:?}: {one:#}");
        }
    }
}

#[test]
fn missing_evidence_is_no_rejection() {
    let chain = Chain::new();
    let host = chain.host(None, &[]);
    let (code, answer) = json(&chain.path("chain.pem"), &host, &["--as", "go"]);
    assert_eq!(code, 3, "{answer:#}");
    assert_eq!(verdicts(&answer), [("go", "undecided")]);
    let unknown = &answer["answers"][0]["pool"]["unknown"][0];
    assert_eq!(unknown["path"], BUNDLE);
    assert_eq!(unknown["absence"], "denied");
    // A wrong name is wrong whatever the pool.
    let more = ["--as", "go", "--host", "mail.example.com"];
    assert_eq!(json(&chain.path("chain.pem"), &host, &more).0, 1);
}

/// Erratum 13: `openssl verify FULL_CHAIN` verifies the first certificate
/// alone, without the others of the file; the server's chain is fine.
#[test]
fn a_full_chain_is_not_what_openssl_verify_makes_of_its_file() {
    let chain = Chain::new();
    let file = chain.path("chain.pem");
    let naive = |more: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(["verify", "-no-CApath", "-no-CAstore", "-CAfile", "root.pem"]);
        command
            .args(more)
            .arg(&file)
            .current_dir(chain.folder.path());
        command.output().unwrap()
    };
    let output = naive(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error 20 at 0 depth"));
    assert!(naive(&["-untrusted", "chain.pem"]).status.success());
    let host = chain.host(Some(&chain.pem("root")), &[]);
    let (code, answer) = json(&file, &host, &["--as", "openssl"]);
    assert_eq!(code, 0, "{answer:#}");
}

/// Erratum 14: SSL_CERT_FILE adds to what Go trusts; for OpenSSL it takes the
/// place of its file, and one that leads nowhere is said by nobody.
#[test]
fn ssl_cert_file_adds_for_go() {
    let chain = Chain::new();
    let host = chain.host(
        Some(&chain.pem("root")),
        &[("/opt/own.pem", &chain.pem("other"))],
    );
    let file = chain.path("chain.pem");
    let variable = ["--ssl-cert-file", "/opt/own.pem"];
    let (_, answer) = json(&file, &host, &variable);
    assert_eq!(
        verdicts(&answer),
        [
            ("go", "accepted"),
            ("openssl", "rejected"),
            ("gnutls", "accepted")
        ]
    );
    assert_eq!(answer["answers"][0]["pool"]["count"], 2);
    let both = [&variable[..], &["--ssl-cert-dir", "/opt/empty"]].concat();
    let (code, answer) = json(&file, &host, &both);
    assert_eq!(code, 1);
    assert_eq!(verdicts(&answer)[0], ("go", "rejected"));
    assert_eq!(answer["answers"][0]["pool"]["count"], 1);
    let (code, answer) = json(
        &file,
        &host,
        &["--as", "go", "--ssl-cert-file", "/opt/gone.pem"],
    );
    assert_eq!((code, verdicts(&answer)[0].1), (0, "accepted"));
}

#[test]
fn a_key_is_compared_with_the_servers_certificate() {
    let chain = Chain::new();
    let host = chain.host(Some(&chain.pem("root")), &[]);
    let whole = chain.path("chain.pem");
    let with_key = |name: &str| {
        let key = chain.path(name);
        let key = key.to_str().unwrap();
        let text = verify(&whole, &host, &["--key", key]);
        let secret = fs::read_to_string(key).unwrap();
        let secret = secret.lines().nth(1).unwrap();
        assert!(!text.out.contains(secret) && !text.err.contains(secret));
        (json(&whole, &host, &["--key", key]), text)
    };
    let ((code, answer), text) = with_key("leaf.key");
    assert_eq!((code, text.code), (0, 0));
    assert_eq!(answer["key"]["belongs"], true);
    assert!(
        text.out
            .contains("it is the key of the server's certificate")
    );
    let ((code, answer), text) = with_key("middle.key");
    assert_eq!((code, text.code), (1, 1));
    assert_eq!(answer["key"]["belongs"], false);
    assert!(
        verdicts(&answer)
            .iter()
            .all(|(_, verdict)| *verdict == "accepted")
    );
    assert!(text.out.contains("private key does not match public key"));
    let none = verify(&whole, &host, &["--key", whole.to_str().unwrap()]);
    assert_eq!(none.code, 2);
    assert!(
        none.error_line()
            .ends_with("chain.pem: no private key is in it")
    );
}

#[test]
fn what_is_no_chain_is_refused() {
    let chain = Chain::new();
    let host = chain.host(Some(&chain.pem("root")), &[]);
    let write = |name: &str, bytes: &[u8]| {
        fs::write(chain.path(name), bytes).unwrap();
        chain.path(name)
    };
    chain.openssl(&[
        "x509", "-in", "leaf.pem", "-outform", "der", "-out", "leaf.der",
    ]);
    let key = fs::read_to_string(chain.path("leaf.key")).unwrap();
    let with_key = chain.pem("leaf") + &key;
    let broken = chain.pem("leaf").replace("MII", "M!I");
    let many = chain.pem("leaf").repeat(101);
    for (path, words) in [
        (chain.path("gone.pem"), "can't be read"),
        (chain.path("leaf.der"), "it is DER"),
        (write("empty.pem", b""), "no certificate is in it"),
        (write("text.pem", b"hello"), "no certificate is in it"),
        (
            write("key.pem", with_key.as_bytes()),
            "a private key is in it",
        ),
        (
            write("broken.pem", broken.as_bytes()),
            "block 0: the PEM block is damaged",
        ),
        (
            write("large.pem", &vec![b'#'; (1 << 20) + 1]),
            "over the limit of 1048576 bytes",
        ),
        (
            write("many.pem", many.as_bytes()),
            "101 certificates are over the limit of 100",
        ),
        (chain.folder.path().to_owned(), "can't be read"),
    ] {
        let run = verify(&path, &host, &[]);
        let line = run.error_line();
        assert!(line.contains(words), "{words}: {line}");
        assert!(line.contains(path.to_str().unwrap()), "{line}");
        assert!(!line.contains("PRIVATE"), "{line}");
    }
    for (arguments, words) in [
        (["--as", "nss"], "one of go, openssl, gnutls"),
        (
            ["--host", "https://www.example.com/"],
            "a name or an address alone",
        ),
        (["--host", ""], "a name or an address alone"),
        (["--go", "1x"], "no version of Go"),
        (["--snapshot", "gone"], "cannot be used multiple times"),
    ] {
        let run = verify(&chain.path("chain.pem"), &host, &arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}
