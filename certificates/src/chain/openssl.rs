//! OpenSSL: `X509_verify_cert` for a TLS server (crypto/x509/x509_vfy.c). It
//! takes trusted issuers before those that were sent, and never goes back.

use super::constraints::{self, Reading};
use super::critical;
use super::{
    Answer, Path, Problem, ProblemKind, Question, broken_hash, host_problem, time_problem,
};
use crate::certificate::{Certificate, SelfSignature};
use crate::extension::{GeneralName, SERVER_AUTH};
use crate::host_name::common_names;
use crate::key::Key;
use crate::name_hash::canonical;
use crate::pool::Library;
use crate::signature::Outcome;

/// `X509_VERIFY_PARAM_get_depth` of TLS: 100.
const DEPTH: usize = 100;
/// Microsoft's and Netscape's server gated crypto, as good as serverAuth
/// (`XKU_SGC`, crypto/x509/v3_purp.c).
const GATED: [&str; 2] = ["1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1"];

/// The extensions that `ossl_x509v3_cache_extensions` reads
/// (crypto/x509/v3_purp.c): a certificate with one of them damaged, or there
/// twice, is invalid, and neither issues nor is issued.
const CACHED: [&str; 9] = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.31",
    "2.5.29.35",
    "2.5.29.37",
    "2.16.840.1.113730.1.1",
];

pub(super) fn verify(leaf: &Certificate, question: &Question<'_>) -> Answer {
    if let Some(problem) = invalid(leaf) {
        let alone = Path {
            certificates: vec![leaf],
            sent: 1,
        };
        return Answer::new(&alone, vec![problem]);
    }
    let mut problems: Vec<Problem> = key_problem(leaf, 0, question.level).into_iter().collect();
    let (path, end) = build(leaf, question);
    let certificates = &path.certificates;
    match end {
        End::Trusted => {}
        End::Distrusted(refused) => {
            problems.push(Problem::new(
                ProblemKind::Distrusted,
                refused,
                "its trust settings exclude TLS servers",
            ));
            return Answer::new(&path, problems);
        }
        End::Open => {
            problems.push(incomplete(&path, leaf, question));
            return Answer::new(&path, problems);
        }
    }
    problems.extend(extensions(certificates, question));
    problems.extend(levels(certificates, question.level));
    problems.extend(host_problem(Library::OpenSsl, leaf, question.host));
    problems.extend(signatures(certificates, question.time));
    problems.extend(names(certificates));
    Answer::new(&path, problems)
}

/// How a path ends (`check_trust`).
enum End<'a> {
    /// At a certificate that is trusted.
    Trusted,
    /// At one of the store that is rejected.
    Distrusted(&'a Certificate),
    /// Somewhere else.
    Open,
}

/// `build_chain`: up to a certificate of the pool that is signed with its own
/// key, or has trust settings for TLS servers. Partial chains are off, as they are by default.
fn build<'a>(leaf: &'a Certificate, question: &Question<'a>) -> (Path<'a>, End<'a>) {
    let mut path = Path {
        certificates: vec![leaf],
        sent: 1,
    };
    // What is rejected is in the store as well, and found there.
    let store = || {
        let pool = question.pool.iter().chain(question.distrusted);
        pool.copied()
    };
    let mut trusting = false;
    while let Some(&last) = path.certificates.last()
        && path.certificates.len() < DEPTH
    {
        if is_self_signed(last) {
            if trusting {
                return (path, End::Trusted);
            }
            // It may be in the store itself.
            let own = store().find(|anchor| anchor.fingerprint == last.fingerprint);
            if let Some(anchor) = own {
                path.certificates.pop();
                path.certificates.push(anchor);
                path.sent -= 1;
                let end = if question.distrusts(anchor) {
                    End::Distrusted(anchor)
                } else {
                    End::Trusted
                };
                return (path, end);
            }
        }
        let trusted = issuer(last, store(), question.time, &path);
        if let Some(issuer) = trusted {
            trusting = true;
            path.certificates.push(issuer);
            if question.distrusts(issuer) {
                return (path, End::Distrusted(issuer));
            }
            if question.trusts_explicitly(issuer) {
                return (path, End::Trusted);
            }
            continue;
        }
        // What was sent is not looked at once an anchor was found.
        if trusting || is_self_signed(last) {
            break;
        }
        let sent = question.chain.iter().skip(1);
        let Some(issuer) = issuer(last, sent, question.time, &path) else {
            break;
        };
        path.certificates.push(issuer);
        path.sent += 1;
    }
    (path, End::Open)
}

/// The issuer that OpenSSL takes: the first whose time fits, else the one
/// that lasts longest.
fn issuer<'a>(
    child: &Certificate,
    candidates: impl Iterator<Item = &'a Certificate>,
    time: i64,
    path: &Path<'_>,
) -> Option<&'a Certificate> {
    let mut best: Option<&Certificate> = None;
    for candidate in candidates {
        let known = path
            .certificates
            .iter()
            .any(|one| one.fingerprint == candidate.fingerprint);
        if known || !likely_issued(child, candidate) {
            continue;
        }
        if time_problem(candidate, time).is_none() {
            return Some(candidate);
        }
        if best.is_none_or(|best| candidate.not_after > best.not_after) {
            best = Some(candidate);
        }
    }
    best
}

/// `ossl_x509_likely_issued`: names, key identifiers, and whether the key can
/// make such a signature.
fn likely_issued(child: &Certificate, issuer: &Certificate) -> bool {
    if !is_named(child, issuer) || invalid(issuer).is_some() {
        return false;
    }
    if let Some(wanted) = &child.extensions.authority_key {
        if let (Some(wanted), Some(own)) = (&wanted.identifier, &issuer.extensions.subject_key)
            && wanted != own
        {
            return false;
        }
        if let Some(serial) = &wanted.serial
            && issuer
                .parsed()
                .is_some_and(|parsed| parsed.raw_serial() != serial.as_slice())
        {
            return false;
        }
    }
    let signature = child.signature.to_ascii_lowercase();
    // An algorithm that has no name here may be of any key: whether the
    // signature is by it can't be told.
    if signature.starts_with(|first: char| first.is_ascii_digit()) {
        return true;
    }
    match &issuer.key {
        Key::Rsa { .. } => signature.contains("rsa"),
        Key::Elliptic { .. } | Key::EllipticExplicit => signature.starts_with("ecdsa"),
        Key::Dsa(_) => signature.starts_with("dsa"),
        Key::Edwards(name) => signature.eq_ignore_ascii_case(name),
        Key::Other(_) => true,
    }
}

fn is_named(child: &Certificate, issuer: &Certificate) -> bool {
    canonical(child.raw_issuer()) == canonical(issuer.raw_subject())
}

/// `EXFLAG_INVALID`.
fn invalid(certificate: &Certificate) -> Option<Problem> {
    let extensions = &certificate.extensions;
    let mut bad = extensions.damaged.iter().chain(&extensions.duplicate);
    let oid = bad.find(|oid| CACHED.contains(&oid.as_str()))?;
    Some(Problem::new(
        ProblemKind::Malformed,
        certificate,
        format!("its extension {oid} is damaged or there twice: OpenSSL does not take it"),
    ))
}

/// `EXFLAG_SS`: own issuer, and the key identifiers do not say otherwise.
fn is_self_signed(certificate: &Certificate) -> bool {
    certificate.self_signed != SelfSignature::NotSelfIssued
        && likely_issued(certificate, certificate)
}

fn incomplete(path: &Path<'_>, leaf: &Certificate, question: &Question<'_>) -> Problem {
    let last = path.certificates.last().copied().unwrap_or(leaf);
    if path.certificates.len() > path.sent {
        return Problem::new(
            ProblemKind::IssuerMissing,
            last,
            "it is in the pool, and no root: OpenSSL wants the chain up to a root (no X509_V_FLAG_PARTIAL_CHAIN)",
        );
    }
    let pool = question.pool.iter().copied();
    let mut others = pool.chain(question.chain.iter().skip(1));
    if let Some(problem) = others.find_map(|other| {
        let named = is_named(last, other);
        named.then(|| invalid(other)).flatten()
    }) {
        return problem;
    }
    if is_self_signed(last) {
        return Problem::new(
            ProblemKind::SelfSigned,
            last,
            "it is signed with its own key, and not in the pool",
        );
    }
    Problem::new(
        ProblemKind::IssuerMissing,
        last,
        format!(
            "its issuer, {}, is neither sent nor in the pool",
            last.issuer
        ),
    )
}

/// `check_extensions`.
fn extensions(path: &[&Certificate], question: &Question<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut authorities = 0_usize;
    for (index, certificate) in path.iter().enumerate() {
        if let Some(oid) = critical::unhandled(Library::OpenSsl, question.go, certificate) {
            problems.push(Problem::new(
                ProblemKind::UnknownCritical,
                certificate,
                format!("its extension {oid} is critical, and OpenSSL does not handle it"),
            ));
        }
        // `check_curve`, where there is more than one.
        if path.len() > 1 && certificate.key == Key::EllipticExplicit {
            problems.push(Problem::new(
                ProblemKind::Malformed,
                certificate,
                "its key spells out the parameters of its curve, which OpenSSL does not take",
            ));
        }
        problems.extend(if index == 0 {
            leaf_usage(certificate)
        } else {
            authority(certificate, index + 1 == path.len())
        });
        let extensions = &certificate.extensions;
        let purposes = [SERVER_AUTH, GATED[0], GATED[1]];
        if !purposes
            .iter()
            .any(|purpose| extensions.allows(purpose, false))
        {
            problems.push(Problem::new(
                ProblemKind::Purpose,
                certificate,
                "its ExtendedKeyUsage does not allow TLS servers (serverAuth)",
            ));
        }
        let limit = extensions
            .basic_constraints
            .and_then(|constraints| constraints.path_length);
        if let Some(limit) = limit.filter(|limit| index > 0 && authorities > *limit as usize) {
            problems.push(Problem::new(
                ProblemKind::PathLength,
                certificate,
                format!("{authorities} authorities follow, its pathLenConstraint allows {limit}"),
            ));
        }
        if index > 0 && !certificate.is_self_issued() {
            authorities += 1;
        }
    }
    problems
}

/// `check_purpose_ssl_server`: a server's key signs, or has secrets sent.
fn leaf_usage(certificate: &Certificate) -> Option<Problem> {
    let usage = certificate.extensions.key_usage?;
    (!usage.serves()).then(|| {
        Problem::new(
            ProblemKind::Purpose,
            certificate,
            "its KeyUsage has none of digitalSignature, keyEncipherment, keyAgreement",
        )
    })
}

/// `check_ca`: KeyUsage first. Without BasicConstraints a root counts that is
/// of version 1, or has keyCertSign.
fn authority(certificate: &Certificate, root: bool) -> Option<Problem> {
    let extensions = &certificate.extensions;
    if extensions
        .key_usage
        .is_some_and(|usage| !usage.signs_certificates())
    {
        return Some(Problem::new(
            ProblemKind::NotAuthority,
            certificate,
            "its KeyUsage has no keyCertSign",
        ));
    }
    let accepted = match certificate.authority {
        Some(authority) => authority,
        None => {
            let old = certificate.version == 1 && certificate.is_self_issued();
            root && (old || extensions.key_usage.is_some())
        }
    };
    (!accepted).then(|| {
        Problem::new(
            ProblemKind::NotAuthority,
            certificate,
            "it is no authority (BasicConstraints)",
        )
    })
}

/// `check_auth_level`: keys of the authorities, and signatures of all but the
/// root.
fn levels(path: &[&Certificate], level: u8) -> Vec<Problem> {
    let mut problems = Vec::new();
    let last = path.len().saturating_sub(1);
    for (index, certificate) in path.iter().enumerate() {
        if index > 0 {
            problems.extend(key_problem(certificate, index, level));
        }
        if index < last {
            problems.extend(hash_problem(certificate, level));
        }
    }
    problems
}

/// Bits of security that a level asks for (SSL_CTX_set_security_level(3)).
fn wanted_bits(level: u8) -> u32 {
    match level {
        0 => 0,
        1 => 80,
        2 => 112,
        3 => 128,
        4 => 192,
        _ => 256,
    }
}

fn key_problem(certificate: &Certificate, index: usize, level: u8) -> Option<Problem> {
    // NIST SP 800-57, table 2, as `BN_security_bits` has it.
    let of_modulus = |bits: u32| match bits {
        15_360.. => 256,
        7_680.. => 192,
        3_072.. => 128,
        2_048.. => 112,
        1_024.. => 80,
        _ => 0,
    };
    let (security, words) = match &certificate.key {
        Key::Rsa { bits, .. } => (of_modulus(*bits), format!("RSA of {bits} bits")),
        Key::Dsa(bits) => (of_modulus(*bits), format!("DSA of {bits} bits")),
        Key::Elliptic { bits, curve } => (bits / 2, format!("curve {curve}")),
        Key::Edwards("Ed448") => (224, "Ed448".to_owned()),
        Key::Edwards(_) => (128, "Ed25519".to_owned()),
        Key::EllipticExplicit | Key::Other(_) => return None,
    };
    let whose = if index == 0 {
        "its key"
    } else {
        "the key of an authority"
    };
    (security < wanted_bits(level)).then(|| {
        Problem::new(
            ProblemKind::WeakKey,
            certificate,
            format!("{whose} is too weak for security level {level} of OpenSSL: {words}"),
        )
    })
}

fn hash_problem(certificate: &Certificate, level: u8) -> Option<Problem> {
    let hash = broken_hash(&certificate.signature)?;
    // 63 bits for SHA-1, 39 for MD5: under every level but 0.
    (level > 0).then(|| {
        Problem::new(
            ProblemKind::WeakSignature,
            certificate,
            format!("its signature uses {hash}, too weak for security level {level} of OpenSSL"),
        )
    })
}

/// `internal_verify`: from the root down, signatures and times. A root's own
/// signature is not looked at; of what is no root and trusted by its settings,
/// nor is its time.
fn signatures(path: &[&Certificate], time: i64) -> Vec<Problem> {
    let mut problems = Vec::new();
    for index in (0..path.len()).rev() {
        let certificate = path[index];
        if let Some(issuer) = path.get(index + 1) {
            match certificate.is_signed_by(issuer) {
                Outcome::Valid => {}
                Outcome::Invalid => {
                    problems.push(Problem::new(
                        ProblemKind::Signature,
                        certificate,
                        format!("its signature is not by the key of {}", issuer.subject),
                    ));
                    return problems;
                }
                Outcome::Unsupported => problems.push(Problem::new(
                    ProblemKind::Unsupported,
                    certificate,
                    format!(
                        "its signature, {}, can't be verified here",
                        certificate.signature
                    ),
                )),
            }
        }
        if index + 1 < path.len() || likely_issued(certificate, certificate) {
            problems.extend(time_problem(certificate, time));
        }
    }
    problems
}

/// `check_name_constraints`: subject and names of each below an authority
/// with constraints; of the server's also a common name that is a host's.
fn names(path: &[&Certificate]) -> Option<Problem> {
    for (index, certificate) in path.iter().enumerate() {
        // Self-issued authorities are let through.
        if index > 0 && certificate.is_self_issued() {
            continue;
        }
        let mut names = constraints::names(certificate, Reading::Full);
        if index == 0 && certificate.extensions.dns_names().next().is_none() {
            let common = common_names(certificate.raw_subject());
            let hosts = common.into_iter().filter(|name| is_host(name));
            names.extend(hosts.map(GeneralName::Dns));
        }
        for authority in &path[index + 1..] {
            let Some(constraints) = &authority.extensions.name_constraints else {
                continue;
            };
            if let Some(reason) = constraints::violation(constraints, &names, Reading::Full) {
                return Some(Problem::new(
                    ProblemKind::NameConstraints,
                    authority,
                    reason,
                ));
            }
        }
    }
    None
}

/// `cn2dnsid` (crypto/x509/v3_ncons.c): whether a common name counts as the
/// name of a host. Two labels at least, of letters, digits, `_`, and `-` inside.
fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(plain)
    };
    name.contains('.') && name.split('.').all(is_label)
}
