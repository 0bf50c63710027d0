//! Whether a library takes a server's chain, offline: the chain as the server
//! sends it, a pool, a name, a time. Each answer has the path that was built,
//! and every problem with its reason in words.

mod constraints;
mod critical;
mod gnutls;
mod go;
mod openssl;
mod shape;

use std::fmt;

pub use self::shape::{Remark, remarks};
use super::certificate::Certificate;
use super::file::CertificateFile;
use super::host_name;
use super::pool::{GoRelease, Library};

/// Certificates that a server may send: Go's and OpenSSL's limits are lower.
pub const LIMIT: usize = 100;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The certificates that the server sends, its own first.
    pub chain: &'a [Certificate],
    /// What the library trusts.
    pub pool: &'a [&'a Certificate],
    /// Those of the pool that trust settings name for TLS servers: for
    /// OpenSSL a chain may end there, be it at a root or not.
    pub explicit: &'a [&'a Certificate],
    /// What it distrusts: no chain through one of them is taken, be it sent
    /// or not.
    pub distrusted: &'a [&'a Certificate],
    /// The host that the client wants; none where names are not compared.
    pub host: Option<&'a str>,
    /// When, in seconds since 1970-01-01 UTC.
    pub time: i64,
    /// For Go, which release.
    pub go: GoRelease,
    /// For OpenSSL, its security level (SSL_CTX_set_security_level(3)).
    pub level: u8,
}

impl Question<'_> {
    /// The level that distributions build in.
    pub const LEVEL: u8 = 2;

    fn trusts_explicitly(&self, certificate: &Certificate) -> bool {
        let mut explicit = self.explicit.iter();
        explicit.any(|one| one.fingerprint == certificate.fingerprint)
    }

    fn distrusts(&self, certificate: &Certificate) -> bool {
        let mut distrusted = self.distrusted.iter();
        distrusted.any(|one| one.fingerprint == certificate.fingerprint)
    }
}

/// Whether the library takes the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Accepted,
    /// It does not.
    Rejected,
    /// A signature can't be verified here, or evidence is missing.
    Undecided,
}

/// What a library says of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it takes it.
    pub verdict: Verdict,
    /// Subjects of the certificates from the server's to the root, as far as
    /// the library comes.
    pub path: Vec<Step>,
    /// What is wrong, what the library meets first before others.
    pub problems: Vec<Problem>,
}

/// A certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Subject (RFC 4514).
    pub subject: String,
    /// SHA-256 of its DER, in hexadecimal.
    pub fingerprint: String,
    /// It comes from the pool; else the server has sent it.
    pub trusted: bool,
}

/// What is wrong with a certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The kind.
    pub kind: ProblemKind,
    /// Subject of the certificate that it is about.
    pub subject: String,
    /// SHA-256 of that certificate's DER, in hexadecimal.
    pub fingerprint: String,
    /// In words.
    pub reason: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The library does not parse the certificate.
    Malformed,
    /// notAfter is past.
    Expired,
    /// notBefore is to come.
    NotYetValid,
    /// It is not for the host.
    HostName,
    /// No certificate with the issuer's name is sent, nor in the pool.
    IssuerMissing,
    /// It is signed with its own key, and not in the pool.
    SelfSigned,
    /// It is distrusted explicitly.
    Distrusted,
    /// The signature is not by the issuer's key.
    Signature,
    /// The signature uses a hash that is broken.
    WeakSignature,
    /// The library does not know the algorithm of the signature.
    UnknownAlgorithm,
    /// The key is too short.
    WeakKey,
    /// The issuer is no authority (BasicConstraints).
    NotAuthority,
    /// KeyUsage does not allow it.
    KeyUsage,
    /// ExtendedKeyUsage does not allow TLS servers.
    Purpose,
    /// More authorities follow than pathLenConstraint allows.
    PathLength,
    /// A name is outside of an authority's constraints.
    NameConstraints,
    /// A critical extension is not known.
    UnknownCritical,
    /// The signature can't be verified here.
    Unsupported,
}

impl ProblemKind {
    /// As it is written in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::HostName => "host-name",
            Self::IssuerMissing => "issuer-missing",
            Self::SelfSigned => "self-signed",
            Self::Distrusted => "distrusted",
            Self::Signature => "signature",
            Self::WeakSignature => "weak-signature",
            Self::UnknownAlgorithm => "unknown-algorithm",
            Self::WeakKey => "weak-key",
            Self::NotAuthority => "not-authority",
            Self::KeyUsage => "key-usage",
            Self::Purpose => "purpose",
            Self::PathLength => "path-length",
            Self::NameConstraints => "name-constraints",
            Self::UnknownCritical => "unknown-critical",
            Self::Unsupported => "unsupported",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.reason)
    }
}

impl Problem {
    fn new(kind: ProblemKind, certificate: &Certificate, reason: impl Into<String>) -> Self {
        Self {
            kind,
            subject: certificate.subject.clone(),
            fingerprint: certificate.fingerprint.clone(),
            reason: reason.into(),
        }
    }
}

/// Why a file is no chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// No certificate is in it.
    #[error("no certificate is in it")]
    Empty,
    /// A private key is in it.
    #[error("a private key is in it: what a server sends has none")]
    PrivateKey,
    /// A block of it is damaged.
    #[error("block {position}: {problem}")]
    Block {
        /// Its place among the blocks, from 0.
        position: u32,
        /// What is wrong.
        problem: super::file::BlockError,
    },
    /// More certificates than any server sends.
    #[error("{0} certificates are over the limit of {LIMIT}")]
    TooMany(usize),
}

/// The certificates of a chain's file.
///
/// # Errors
/// It is empty, or has something else in it.
pub fn certificates(file: &CertificateFile) -> Result<Vec<Certificate>, ChainError> {
    if file.private_keys > 0 {
        return Err(ChainError::PrivateKey);
    }
    if file.entries.len() > LIMIT {
        return Err(ChainError::TooMany(file.entries.len()));
    }
    let mut chain = Vec::new();
    for entry in &file.entries {
        match &entry.certificate {
            Ok(certificate) => chain.push(Certificate::clone(certificate)),
            Err(problem) => {
                return Err(ChainError::Block {
                    position: entry.position,
                    problem: *problem,
                });
            }
        }
    }
    if chain.is_empty() {
        return Err(ChainError::Empty);
    }
    Ok(chain)
}

/// Whether a library takes a chain.
///
/// # Errors
/// The chain is empty.
pub fn verify(library: Library, question: &Question<'_>) -> Result<Answer, ChainError> {
    let Some(leaf) = question.chain.first() else {
        return Err(ChainError::Empty);
    };
    Ok(match library {
        Library::Go => go::verify(leaf, question),
        Library::OpenSsl => openssl::verify(leaf, question),
        Library::GnuTls => gnutls::verify(leaf, question),
    })
}

/// A path of certificates, and which come from the pool.
#[derive(Clone, Debug, Default)]
struct Path<'a> {
    certificates: Vec<&'a Certificate>,
    /// How many of them, from the first, the server has sent.
    sent: usize,
}

impl Path<'_> {
    fn steps(&self) -> Vec<Step> {
        let steps = self.certificates.iter().enumerate();
        steps
            .map(|(index, certificate)| Step {
                subject: certificate.subject.clone(),
                fingerprint: certificate.fingerprint.clone(),
                trusted: index >= self.sent,
            })
            .collect()
    }
}

impl Answer {
    fn new(path: &Path<'_>, problems: Vec<Problem>) -> Self {
        let verdict = match problems.as_slice() {
            [] => Verdict::Accepted,
            problems
                if problems
                    .iter()
                    .all(|problem| problem.kind == ProblemKind::Unsupported) =>
            {
                Verdict::Undecided
            }
            _ => Verdict::Rejected,
        };
        Self {
            verdict,
            path: path.steps(),
            problems,
        }
    }
}

/// A problem with the time, if there is one.
fn time_problem(certificate: &Certificate, time: i64) -> Option<Problem> {
    if time < certificate.not_before {
        return Some(Problem::new(
            ProblemKind::NotYetValid,
            certificate,
            format!("it is not valid before {}", date(certificate.not_before)),
        ));
    }
    (time > certificate.not_after).then(|| {
        Problem::new(
            ProblemKind::Expired,
            certificate,
            format!("it expired on {}", date(certificate.not_after)),
        )
    })
}

/// A problem with the name of the host, if there is one.
fn host_problem(
    library: Library,
    certificate: &Certificate,
    host: Option<&str>,
) -> Option<Problem> {
    let host = host?;
    if host_name::matches(library, certificate, host) {
        return None;
    }
    let names = certificate.extensions.alternative_names.as_deref();
    let reason = match names {
        Some(names) if !names.is_empty() => {
            let shown: Vec<String> = names.iter().take(10).map(ToString::to_string).collect();
            let more = match names.len() {
                0..=10 => String::new(),
                count => format!(" and {} more", count - 10),
            };
            format!("it is for {}{more}, not for {host}", shown.join(", "))
        }
        _ if library == Library::Go => format!(
            "it has no SubjectAltName, and Go does not look at the common name; {host} is wanted"
        ),
        _ if library == Library::GnuTls
            && host_name::common_names(certificate.raw_subject()).len() > 1 =>
        {
            format!(
                "it has no SubjectAltName, and of several common names GnuTLS takes none; {host} is wanted"
            )
        }
        _ => format!("it has no SubjectAltName, and its common name is not {host}"),
    };
    Some(Problem::new(ProblemKind::HostName, certificate, reason))
}

/// What libraries call a broken hash, by the name of a signature algorithm.
fn broken_hash(signature: &str) -> Option<&'static str> {
    Some(match signature {
        "md2WithRSAEncryption" => "MD2",
        "md4WithRSAEncryption" => "MD4",
        "md5WithRSAEncryption" => "MD5",
        "sha1WithRSAEncryption" | "sha1WithRSA" | "ecdsa-with-SHA1" | "dsaWithSHA1" => "SHA-1",
        _ => return None,
    })
}

/// Day and time of day, UTC.
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400);
    let time = seconds.rem_euclid(86_400);
    // Civil date from days, the year beginning with March (proleptic
    // Gregorian calendar).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // date -u -d @SECONDS
    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(date(951_825_600), "2000-02-29 12:00:00 UTC");
        assert_eq!(date(-1), "1969-12-31 23:59:59 UTC");
        assert_eq!(date(4_102_444_799), "2099-12-31 23:59:59 UTC");
    }
}
