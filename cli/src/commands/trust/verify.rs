//! `casefile trust verify`: whether Go, OpenSSL and GnuTLS of a host take the
//! chain that a server sends, without a network.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use casefile_certificates::chain::{self, Remark, Verdict, remarks};
use casefile_certificates::pool::{GoRelease, Library, Pool, Request};
use casefile_certificates::{Certificate, CertificateFile, Form, PublicPart};
use casefile_collector::Options as CaptureOptions;
use casefile_engine::facts::Facts;
use casefile_engine::facts::trust::ChainAnswer;
use casefile_engine::timestamp;
use serde_json::{Value, json};

use crate::judging::parse_time;
use crate::terminal::Terminal;
use crate::{host, input};

/// A chain of a hundred certificates of the largest keys has half of it.
const BYTES: u64 = 1 << 20;
const REJECTED: u8 = 1;
const UNDECIDED: u8 = 3;

/// Say whether the TLS libraries of a host take a server's chain
///
/// The file has what the server sends: its own certificate first, then those
/// of the authorities, in PEM. Each library judges it by its own rules with
/// the certificates that it trusts on the host. No network is used.
///
/// Exit codes: 0 all take it, 1 one does not or the key is another's, 3
/// evidence is missing, 2 the question can't be asked.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The server's chain, in PEM (- for standard input)
    chain: PathBuf,

    /// The name or address by which clients call the server; names are not
    /// compared where it is not given
    #[arg(long, value_name = "NAME", value_parser = parse_host)]
    host: Option<String>,

    /// The server's private key, in PEM: does it belong to the certificate?
    /// It is read here, and nothing of it is shown or kept
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// A saved snapshot of the client's host, instead of this host
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,

    /// Ask this library alone; may be given several times
    #[arg(long = "as", value_name = "LIBRARY", value_parser = parse_library)]
    libraries: Vec<Library>,

    /// The release of Go that the client is built with: go1.22
    #[arg(long = "go", value_name = "VERSION")]
    go: Option<GoRelease>,

    /// SSL_CERT_FILE of the client
    #[arg(long, value_name = "PATH")]
    ssl_cert_file: Option<String>,

    /// SSL_CERT_DIR of the client
    #[arg(long, value_name = "PATHS")]
    ssl_cert_dir: Option<String>,

    /// Judge as of this time (2027-01-31, 2027-01-31T12:00:00Z or @SECONDS)
    /// instead of the snapshot's own
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    as_of: Option<i64>,

    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How to show it.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

fn parse_library(text: &str) -> Result<Library, String> {
    let found = Library::ALL.into_iter().find(|one| one.name() == text);
    found.ok_or_else(|| "it is one of go, openssl, gnutls".to_owned())
}

/// A name of a host, or an address.
fn parse_host(text: &str) -> Result<String, String> {
    /// RFC 1035, 2.3.4, and the brackets of an address.
    const CHARACTERS: usize = 257;
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b'*');
    if text.is_empty() || text.len() > CHARACTERS || !plain {
        return Err("write a name or an address alone: www.example.com".to_owned());
    }
    Ok(text.to_owned())
}

/// What was asked of one library, and what it says.
struct Said {
    library: Library,
    answer: ChainAnswer,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let chain = read_chain(&arguments.chain)?;
    let key_fits = match &arguments.key {
        Some(path) => Some(belongs(path, &chain)?),
        None => None,
    };
    let snapshot = match &arguments.snapshot {
        Some(path) => input::snapshot(path)?,
        None => host::capture(&capture_options(arguments), terminal)?,
    };
    let time = arguments.as_of.unwrap_or_else(|| {
        let nanoseconds = snapshot.manifest().clock.realtime_ns;
        nanoseconds.div_euclid(1_000_000_000)
    });
    let facts = Facts::new(Arc::new(snapshot));
    let libraries = match arguments.libraries.as_slice() {
        [] => Library::ALL.to_vec(),
        some => some.to_vec(),
    };
    let mut all = Vec::new();
    for library in libraries {
        let request = Request {
            library,
            go: arguments.go.unwrap_or_default(),
            certificate_file: arguments.ssl_cert_file.clone(),
            certificate_directory: arguments.ssl_cert_dir.clone(),
        };
        let answer = facts.chain_answer(&request, &chain, arguments.host.as_deref(), time)?;
        all.push(Said { library, answer });
    }
    let remarks = remarks(&chain);
    let shown = Shown {
        arguments,
        chain: &chain,
        time,
        key_fits,
        remarks: &remarks,
        said: &all,
    };
    let text = match arguments.format {
        Format::Text => shown.text(),
        Format::Json => format!("{:#}\n", shown.json()),
    };
    terminal.result(&text)?;
    Ok(exit_code(&all, key_fits))
}

/// What the client's variables name is to be taken.
fn capture_options(arguments: &Arguments) -> CaptureOptions {
    let variables = [
        ("SSL_CERT_FILE", &arguments.ssl_cert_file),
        ("SSL_CERT_DIR", &arguments.ssl_cert_dir),
    ];
    let variables = variables.into_iter().filter_map(|(name, value)| {
        let value = value.clone()?;
        Some((name.to_owned(), value))
    });
    CaptureOptions {
        variables: variables.collect(),
        ..CaptureOptions::default()
    }
}

fn exit_code(all: &[Said], key_fits: Option<bool>) -> u8 {
    let has = |verdict| all.iter().any(|said| said.answer.answer.verdict == verdict);
    if has(Verdict::Rejected) || key_fits == Some(false) {
        REJECTED
    } else if has(Verdict::Undecided) {
        UNDECIDED
    } else {
        0
    }
}

/// Whether a key belongs to the server's own certificate.
fn belongs(path: &Path, chain: &[Certificate]) -> anyhow::Result<bool> {
    let shown = || path.display().to_string();
    let bytes = read(path)?;
    let part = PublicPart::of_file(&bytes).with_context(shown)?;
    Ok(chain.first().is_some_and(|server| part.is_of(server)))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    input::bytes_or_standard_input(path, BYTES).with_context(|| path.display().to_string())
}

fn read_chain(path: &Path) -> anyhow::Result<Vec<Certificate>> {
    let shown = path.display();
    let bytes = read(path)?;
    let file = CertificateFile::parse(&bytes).with_context(|| shown.to_string())?;
    if file.form == Form::Der {
        bail!(
            "{shown}: it is DER; servers are given PEM: openssl x509 -inform der -in {shown} -out chain.pem"
        );
    }
    chain::certificates(&file).with_context(|| shown.to_string())
}

/// What servers say of such a key, where it is another's.
const fn key_words(fits: bool) -> &'static str {
    if fits {
        "it is the key of the server's certificate"
    } else {
        "it is not the key of the server's certificate: the server does not start (Go: \"tls: \
         private key does not match public key\"; OpenSSL: \"key values mismatch\")"
    }
}

/// What is shown.
struct Shown<'a> {
    arguments: &'a Arguments,
    chain: &'a [Certificate],
    time: i64,
    /// Whether the key is the server's; none where none was given.
    key_fits: Option<bool>,
    remarks: &'a [Remark],
    said: &'a [Said],
}

impl Shown<'_> {
    fn text(&self) -> String {
        let mut text = String::new();
        let host = self.arguments.host.as_deref().unwrap_or("any name");
        let count = match self.chain.len() {
            1 => "1 certificate".to_owned(),
            count => format!("{count} certificates"),
        };
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "{}: {count}, for {host}, as of {}",
            self.arguments.chain.display(),
            timestamp::rfc3339(self.time)
        );
        for remark in self.remarks {
            let _ = writeln!(text, "  note: {remark}");
        }
        if let (Some(fits), Some(key)) = (self.key_fits, &self.arguments.key) {
            let _ = writeln!(text, "  {}: {}", key.display(), key_words(fits));
        }
        for said in self.said {
            self.library_text(said, &mut text);
        }
        text
    }

    fn library_text(&self, said: &Said, text: &mut String) {
        let answer = &said.answer.answer;
        let verdict = match answer.verdict {
            Verdict::Accepted => "takes it",
            Verdict::Rejected => "does not take it",
            Verdict::Undecided => "can't be told: evidence is missing",
        };
        let name = self.name(said.library);
        let _ = writeln!(text, "\n{name} {verdict}");
        for problem in &answer.problems {
            let _ = writeln!(text, "  {problem}");
        }
        for (index, step) in answer.path.iter().enumerate() {
            let from = if step.trusted { "trusted" } else { "sent" };
            let _ = writeln!(text, "  {}. {} ({from})", index + 1, step.subject);
        }
        if let Some(pool) = pool(said) {
            let _ = writeln!(text, "  of {} trusted certificates", pool.count());
            for missing in &pool.unknown {
                let _ = writeln!(text, "  not known: {} ({})", missing.path, missing.absence);
            }
        }
    }

    /// The library, and its release where one matters.
    fn name(&self, library: Library) -> String {
        match library {
            Library::Go => format!("Go 1.{}", self.arguments.go.unwrap_or_default().0),
            other => other.to_string(),
        }
    }

    fn json(&self) -> Value {
        json!({
            "chain": self.arguments.chain.display().to_string(),
            "certificates": self.chain.len(),
            "host": self.arguments.host,
            "time": timestamp::rfc3339(self.time),
            "key": self.key_fits.map(|fits| json!({
                "path": self.arguments.key.as_ref().map(|path| path.display().to_string()),
                "belongs": fits,
            })),
            "remarks": self.remarks.iter().map(|remark| json!({
                "kind": remark.name(),
                "text": remark.to_string(),
            })).collect::<Vec<_>>(),
            "answers": self.said.iter().map(|said| self.library_json(said)).collect::<Vec<_>>(),
        })
    }

    fn library_json(&self, said: &Said) -> Value {
        let answer = &said.answer.answer;
        let verdict = match answer.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Rejected => "rejected",
            Verdict::Undecided => "undecided",
        };
        let release = (said.library == Library::Go)
            .then(|| format!("go1.{}", self.arguments.go.unwrap_or_default().0));
        json!({
            "library": said.library.name(),
            "release": release,
            "verdict": verdict,
            "path": answer.path.iter().map(|step| json!({
                "subject": step.subject,
                "fingerprint": step.fingerprint,
                "trusted": step.trusted,
            })).collect::<Vec<_>>(),
            "problems": answer.problems.iter().map(|problem| json!({
                "kind": problem.kind.name(),
                "subject": problem.subject,
                "reason": problem.reason,
            })).collect::<Vec<_>>(),
            "pool": pool(said).map(|pool| json!({
                "count": pool.count(),
                "rejected": pool.rejected(),
                "unknown": pool.unknown.iter().map(|missing| json!({
                    "path": missing.path.to_string(),
                    "absence": missing.absence.to_string(),
                })).collect::<Vec<_>>(),
            })),
        })
    }
}

/// The pool that an answer was given with.
fn pool(said: &Said) -> Option<&Pool> {
    said.answer
        .pool
        .as_ref()
        .as_ref()
        .ok()
        .map(|fact| &fact.value)
}
