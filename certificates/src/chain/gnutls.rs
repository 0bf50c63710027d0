//! GnuTLS: `gnutls_x509_trust_list_verify_crt2` for a TLS server
//! (lib/x509/verify.c, verify-high.c). It sorts what the server sends, cuts it
//! behind the first certificate whose issuer it trusts, and verifies from there
//! down.

use super::constraints::{self, Reading};
use super::critical;
use super::{
    Answer, Path, Problem, ProblemKind, Question, broken_hash, host_problem, time_problem,
};
use crate::certificate::Certificate;
use crate::extension::{GeneralName, SERVER_AUTH};
use crate::host_name::common_names;
use crate::key::Key;
use crate::pool::Library;
use crate::signature::Outcome;

/// The least bits of RSA and DSA of the profile LOW, which the priority
/// NORMAL has (lib/algorithms/secparams.c).
const MODULUS_BITS: u32 = 1024;
/// The least bits of a curve of that profile.
const CURVE_BITS: u32 = 160;
/// `id-ce-keyUsage`.
const KEY_USAGE: &str = "2.5.29.15";
/// `DEFAULT_MAX_VERIFY_DEPTH`.
const DEPTH: usize = 16;

pub(super) fn verify(leaf: &Certificate, question: &Question<'_>) -> Answer {
    let sent = sorted(question.chain);
    let (path, anchored) = cut(sent, question);
    let mut problems = Vec::new();
    let certificates = &path.certificates;
    if let Some(refused) = distrusted(question) {
        problems.push(Problem::new(
            ProblemKind::Distrusted,
            refused,
            "p11-kit distrusts it",
        ));
    } else if anchored {
        problems.extend(verify_down(certificates, question));
    } else {
        let last = certificates.last().copied().unwrap_or(leaf);
        problems.push(if last.is_self_issued() {
            Problem::new(
                ProblemKind::SelfSigned,
                last,
                "it is signed with its own key, and not in the pool",
            )
        } else {
            Problem::new(
                ProblemKind::IssuerMissing,
                last,
                format!(
                    "its issuer, {}, is neither sent nor in the pool",
                    last.issuer
                ),
            )
        });
    }
    problems.extend(leaf_purpose(leaf));
    problems.extend(host_problem(Library::GnuTls, leaf, question.host));
    Answer::new(&path, problems)
}

/// `_gnutls_pkcs11_verify_crt_status`: of what is sent, up to the first that
/// is trusted itself, none may be distrusted. A root at the end is not looked
/// at.
fn distrusted<'a>(question: &Question<'a>) -> Option<&'a Certificate> {
    let mut sent = sorted(question.chain);
    if sent.len() > 1 && sent.last().is_some_and(|last| last.is_self_issued()) {
        sent.pop();
    }
    let is_trusted = |index: usize, certificate: &Certificate| {
        question.pool.iter().any(|anchor| {
            // Of authorities the key is compared.
            if index == 0 {
                anchor.fingerprint == certificate.fingerprint
            } else {
                anchor.raw_subject() == certificate.raw_subject()
                    && anchor.key_fingerprint == certificate.key_fingerprint
            }
        })
    };
    let before = sent.iter().enumerate();
    let mut before = before.take_while(|(index, certificate)| !is_trusted(*index, certificate));
    before
        .find(|(_, certificate)| question.distrusts(certificate))
        .map(|(_, certificate)| *certificate)
}

/// `_gnutls_sort_clist`: the first, then each the issuer of the one before;
/// what fits nowhere is left out.
fn sorted(chain: &[Certificate]) -> Vec<&Certificate> {
    let mut sorted: Vec<&Certificate> = chain.first().into_iter().collect();
    while let Some(last) = sorted.last().copied()
        && !last.is_self_issued()
        && sorted.len() < DEPTH
    {
        let next = chain.iter().find(|candidate| {
            let known = sorted
                .iter()
                .any(|one| one.fingerprint == candidate.fingerprint);
            !known && is_issuer(last, candidate)
        });
        match next {
            Some(next) => sorted.push(next),
            None => break,
        }
    }
    sorted
}

/// `gnutls_x509_crt_check_issuer`: the names are the same, byte for byte, and
/// the key identifiers do not say otherwise.
fn is_issuer(child: &Certificate, candidate: &Certificate) -> bool {
    let wanted = child
        .extensions
        .authority_key
        .as_ref()
        .and_then(|key| key.identifier.as_ref());
    let own = candidate.extensions.subject_key.as_ref();
    let other_key = matches!((wanted, own), (Some(wanted), Some(own)) if wanted != own);
    child.raw_issuer() == candidate.raw_subject() && !other_key
}

/// Cuts the chain behind the first certificate whose issuer is in the pool:
/// what was sent beyond it does not matter, be it expired or another's.
fn cut<'a>(sent: Vec<&'a Certificate>, question: &Question<'a>) -> (Path<'a>, bool) {
    let mut certificates = Vec::new();
    for certificate in &sent {
        certificates.push(*certificate);
        if let Some(issuer) = issuer(certificate, question) {
            let sent = certificates.len();
            certificates.push(issuer);
            return (Path { certificates, sent }, true);
        }
    }
    let path = Path {
        sent: sent.len(),
        certificates: sent,
    };
    (path, false)
}

/// Of several issuers in the pool the one whose key fits, and whose time does.
fn issuer<'a>(child: &Certificate, question: &Question<'a>) -> Option<&'a Certificate> {
    let named = question.pool.iter().copied();
    let named = named.filter(|anchor| is_issuer(child, anchor));
    let mut best: Option<(u8, &Certificate)> = None;
    for anchor in named {
        let fits = u8::from(child.is_signed_by(anchor) == Outcome::Valid);
        let valid = u8::from(time_problem(anchor, question.time).is_none());
        let score = fits * 2 + valid;
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, anchor));
        }
    }
    best.map(|(_, anchor)| anchor)
}

/// `verify_crt` for each pair from the anchor down; the first that fails ends
/// it.
fn verify_down(path: &[&Certificate], question: &Question<'_>) -> Vec<Problem> {
    let last = path.len().saturating_sub(1);
    if let Some(problem) = path
        .get(last)
        .and_then(|anchor| time_problem(anchor, question.time))
    {
        return vec![problem];
    }
    for index in (0..last).rev() {
        let problems = verify_one(path, index, index + 1 == last, question);
        if !problems.is_empty() {
            return problems;
        }
    }
    Vec::new()
}

fn verify_one(
    path: &[&Certificate],
    index: usize,
    by_anchor: bool,
    question: &Question<'_>,
) -> Vec<Problem> {
    let (certificate, issuer) = (path[index], path[index + 1]);
    let mut problems = Vec::new();
    if let Some(oid) = critical::unhandled(Library::GnuTls, question.go, certificate) {
        problems.push(Problem::new(
            ProblemKind::UnknownCritical,
            certificate,
            format!("its extension {oid} is critical, and GnuTLS does not handle it"),
        ));
    }
    problems.extend(authority(issuer, by_anchor));
    if index > 0 || by_anchor {
        problems.extend(path_length(path, index + 1));
    }
    // The purposes of an anchor are not looked at, and `any` is none here.
    if !by_anchor && !issuer.extensions.allows(SERVER_AUTH, false) {
        problems.push(purpose(issuer));
    }
    problems.extend(constraint(path, index));
    match certificate.is_signed_by(issuer) {
        Outcome::Valid => {}
        Outcome::Invalid => problems.push(Problem::new(
            ProblemKind::Signature,
            certificate,
            format!("its signature is not by the key of {}", issuer.subject),
        )),
        Outcome::Unsupported => problems.push(Problem::new(
            ProblemKind::Unsupported,
            certificate,
            format!(
                "its signature, {}, can't be verified here",
                certificate.signature
            ),
        )),
    }
    problems.extend(hash_problem(certificate));
    problems.extend(key_problem(certificate));
    problems.extend(key_problem(issuer));
    problems.extend(time_problem(certificate, question.time));
    problems
}

/// `check_if_ca`: an anchor may be without BasicConstraints, as those of
/// version 1 are; others may not.
fn authority(issuer: &Certificate, anchor: bool) -> Option<Problem> {
    let damaged = &issuer.extensions.damaged;
    if damaged.iter().any(|oid| oid == KEY_USAGE) {
        return Some(Problem::new(
            ProblemKind::Malformed,
            issuer,
            "its KeyUsage is damaged",
        ));
    }
    let old = anchor && issuer.authority.is_none();
    if issuer.authority != Some(true) && !old {
        return Some(Problem::new(
            ProblemKind::NotAuthority,
            issuer,
            "it is no authority (BasicConstraints)",
        ));
    }
    let usage = issuer.extensions.key_usage?;
    (!usage.signs_certificates()).then(|| {
        Problem::new(
            ProblemKind::KeyUsage,
            issuer,
            "its KeyUsage has no keyCertSign",
        )
    })
}

fn path_length(path: &[&Certificate], index: usize) -> Option<Problem> {
    let authority = path[index];
    let limit = authority.extensions.basic_constraints?.path_length?;
    let below = index - 1;
    (below > limit as usize).then(|| {
        Problem::new(
            ProblemKind::PathLength,
            authority,
            format!("{below} authorities follow, its pathLenConstraint allows {limit}"),
        )
    })
}

/// Constraints of all authorities above, for the server's certificate.
fn constraint(path: &[&Certificate], index: usize) -> Option<Problem> {
    if index > 0 {
        return None;
    }
    let mut names = constraints::names(path[0], Reading::Full);
    let mut several = false;
    // Without a name of a host the common name counts as one, whatever it is;
    // with several of them nothing is allowed.
    if path[0].extensions.dns_names().next().is_none() {
        let common = common_names(path[0].raw_subject());
        several = common.len() > 1;
        names.extend(common.into_iter().map(GeneralName::Dns));
    }
    path.iter().skip(1).find_map(|authority| {
        let constraints = authority.extensions.name_constraints.as_ref()?;
        let mut all = constraints.permitted.iter().chain(&constraints.excluded);
        let reason = if several && all.any(|name| matches!(name, GeneralName::Dns(_))) {
            "the certificate has several common names, which GnuTLS does not let pass".to_owned()
        } else {
            constraints::violation(constraints, &names, Reading::Full)?
        };
        Some(Problem::new(
            ProblemKind::NameConstraints,
            authority,
            reason,
        ))
    })
}

fn hash_problem(certificate: &Certificate) -> Option<Problem> {
    let hash = broken_hash(&certificate.signature)?;
    Some(Problem::new(
        ProblemKind::WeakSignature,
        certificate,
        format!("its signature uses {hash}, which GnuTLS does not take"),
    ))
}

fn key_problem(certificate: &Certificate) -> Option<Problem> {
    let (bits, least) = match &certificate.key {
        Key::Rsa { bits, .. } | Key::Dsa(bits) => (*bits, MODULUS_BITS),
        Key::Elliptic { bits, .. } => (*bits, CURVE_BITS),
        // It reads no such key, and calls it insecure.
        Key::EllipticExplicit => {
            return Some(Problem::new(
                ProblemKind::WeakKey,
                certificate,
                "its key spells out the parameters of its curve, which GnuTLS does not take",
            ));
        }
        Key::Edwards(_) | Key::Other(_) => return None,
    };
    (bits < least).then(|| {
        Problem::new(
            ProblemKind::WeakKey,
            certificate,
            format!("its key has {bits} bits, {least} are the least of the profile LOW"),
        )
    })
}

fn leaf_purpose(leaf: &Certificate) -> Option<Problem> {
    (!leaf.extensions.allows(SERVER_AUTH, true)).then(|| purpose(leaf))
}

fn purpose(certificate: &Certificate) -> Problem {
    Problem::new(
        ProblemKind::Purpose,
        certificate,
        "its ExtendedKeyUsage does not allow TLS servers (serverAuth)",
    )
}
