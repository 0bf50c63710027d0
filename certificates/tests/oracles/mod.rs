//! What tests compare with: certificates that `openssl` makes, and what Go,
//! OpenSSL and GnuTLS say of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test that can't go on fails; not every test uses all"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// Runs a program; panics with its words where it fails.
pub(crate) fn run(command: &mut Command, input: &str) -> String {
    let output = output(command, input);
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a program that may fail.
pub(crate) fn output(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    // Small enough for the pipe; a program that reads nothing closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The newest release of Go: `cargo xtask test` puts it there.
const GO: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/../toolchains/go/bin/go");

/// The program in Go beside this file, built once for all tests.
pub(crate) fn go_program() -> &'static Path {
    static PROGRAM: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, program) = PROGRAM.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let source = include_str!("main.go");
        fs::write(directory.path().join("main.go"), source).unwrap();
        fs::write(
            directory.path().join("go.mod"),
            "module oracle\n\ngo 1.24\n",
        )
        .unwrap();
        let program = directory.path().join("oracle");
        run(
            Command::new(GO)
                .args(["build", "-o"])
                .arg(&program)
                .arg(".")
                .env("CGO_ENABLED", "0")
                .env("GOTOOLCHAIN", "local")
                .env("GOFLAGS", "")
                .current_dir(directory.path()),
            "",
        );
        (directory, program)
    });
    program
}

/// How a certificate is made.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// `-newkey` and its options.
    pub(crate) key: &'a str,
    /// The subject, as `-subj` takes it; by default the name.
    pub(crate) subject: Option<&'a str>,
    /// Extensions as in openssl.cnf; a certificate of version 1 without any.
    pub(crate) extensions: &'a str,
    /// Days of validity.
    pub(crate) days: u32,
    /// `-sha256` ...
    pub(crate) digest: &'a str,
    /// Serial number, as `-set_serial` takes it.
    pub(crate) serial: Option<&'a str>,
}

pub(crate) const P256: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
pub(crate) const IDENTIFIERS: &str = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
pub(crate) const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            key: P256,
            subject: None,
            extensions: "",
            days: 365,
            digest: "-sha256",
            serial: None,
        }
    }
}

/// Where certificates are made.
pub(crate) struct Workshop {
    directory: tempfile::TempDir,
    serial: std::cell::Cell<u32>,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            serial: std::cell::Cell::new(100),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn openssl(&self, words: &str, more: &[&str]) -> String {
        run(
            Command::new("openssl")
                .args(words.split_whitespace())
                .args(more)
                .current_dir(self.directory.path()),
            "",
        )
    }

    /// Makes NAME.pem and NAME.key, signed by another or by itself.
    pub(crate) fn make(&self, name: &str, issuer: Option<&str>, plan: Plan<'_>) {
        let subject = plan
            .subject
            .map_or_else(|| format!("/O=Test/CN={name}"), str::to_owned);
        // A key of this name may be there: certificates that share it.
        let key = if self.path(&format!("{name}.key")).exists() {
            format!("-key {name}.key")
        } else {
            format!("{} -nodes -keyout {name}.key", plan.key)
        };
        self.openssl(
            &format!("req -new {key} -utf8 -out {name}.csr -subj"),
            &[&subject],
        );
        let signer = match issuer {
            Some(issuer) => format!("-CA {issuer}.pem -CAkey {issuer}.key"),
            None => format!("-signkey {name}.key"),
        };
        let serial = self.serial.get() + 1;
        self.serial.set(serial);
        let serial = plan
            .serial
            .map_or_else(|| serial.to_string(), str::to_owned);
        let mut words = format!(
            "x509 -req -in {name}.csr {signer} -set_serial {serial} -days {} {} -out {name}.pem",
            plan.days, plan.digest
        );
        if !plan.extensions.is_empty() {
            fs::write(self.path("extensions"), plan.extensions).unwrap();
            words += " -extfile extensions";
        }
        self.openssl(&words, &[]);
    }

    pub(crate) fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.pem"))).unwrap()
    }

    /// Writes several certificates into one file.
    pub(crate) fn bundle(&self, file: &str, names: &[&str]) -> PathBuf {
        let text: String = names.iter().map(|name| self.pem(name)).collect();
        let path = self.path(file);
        fs::write(&path, text).unwrap();
        path
    }
}
