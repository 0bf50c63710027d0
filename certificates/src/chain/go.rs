//! crypto/x509 of Go: `Certificate.Verify` (verify.go), with the certificates
//! that the server sends as intermediates, as crypto/tls calls it.

use super::constraints::{self, Reading};
use super::critical;
use super::{
    Answer, Path, Problem, ProblemKind, Question, broken_hash, host_problem, time_problem,
};
use crate::certificate::Certificate;
use crate::extension::SERVER_AUTH;
use crate::key::Key;
use crate::pool::{GoRelease, Library, go_refusal};
use crate::signature::Outcome;

/// `maxChainSignatureChecks`.
const CHECKS: usize = 100;

pub(super) fn verify(leaf: &Certificate, question: &Question<'_>) -> Answer {
    let alone = Path {
        certificates: vec![leaf],
        sent: 1,
    };
    // crypto/tls parses all that the server sends before it verifies.
    for certificate in question.chain {
        if let Some(reason) = go_refusal(certificate, question.go) {
            let reason = format!("Go does not parse it: {reason}");
            let problem = Problem::new(ProblemKind::Malformed, certificate, reason);
            return Answer::new(&alone, vec![problem]);
        }
    }
    let first = validity(leaf, &[], Place::Leaf, question)
        .or_else(|| host_problem(Library::Go, leaf, question.host));
    if let Some(problem) = first {
        return Answer::new(&alone, vec![problem]);
    }
    let mut builder = Builder {
        question,
        checks: 0,
        paths: Vec::new(),
        hint: None,
        deepest: alone.clone(),
    };
    let anchor = question
        .pool
        .iter()
        .find(|anchor| anchor.fingerprint == leaf.fingerprint);
    if let Some(anchor) = anchor {
        builder.paths.push(Path {
            certificates: vec![anchor],
            sent: 0,
        });
    } else {
        builder.build(&alone);
    }
    builder.decide(leaf)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Leaf,
    Intermediate,
    Root,
}

struct Builder<'a> {
    question: &'a Question<'a>,
    checks: usize,
    paths: Vec<Path<'a>>,
    /// The first reason why a candidate was not taken.
    hint: Option<Problem>,
    deepest: Path<'a>,
}

impl<'a> Builder<'a> {
    /// `buildChains`: roots first, then what was sent.
    fn build(&mut self, path: &Path<'a>) {
        if path.certificates.len() > self.deepest.certificates.len() {
            self.deepest = path.clone();
        }
        let Some(child) = path.certificates.last().copied() else {
            return;
        };
        let question = self.question;
        let roots = question.pool.iter().map(|root| (*root, Place::Root));
        let sent = question.chain.iter().skip(1);
        let sent = sent.map(|certificate| (certificate, Place::Intermediate));
        for (candidate, place) in roots.chain(sent) {
            if candidate.raw_subject() != child.raw_issuer() {
                continue;
            }
            self.checks += 1;
            if self.checks > CHECKS {
                return;
            }
            self.consider(path, child, candidate, place);
        }
    }

    fn consider(
        &mut self,
        path: &Path<'a>,
        child: &Certificate,
        candidate: &'a Certificate,
        place: Place,
    ) {
        if is_in(candidate, &path.certificates) {
            return;
        }
        if !has_type(&candidate.key, self.question.go) {
            let reason = format!(
                "its issuer, {}, has a key of a kind that Go does not know",
                candidate.subject
            );
            let problem = Problem::new(ProblemKind::IssuerMissing, child, reason);
            self.hint.get_or_insert(problem);
            return;
        }
        let problem = signature(child, candidate, self.question.go)
            .or_else(|| validity(candidate, &path.certificates, place, self.question));
        if let Some(problem) = problem {
            self.hint.get_or_insert(problem);
            return;
        }
        let mut longer = path.clone();
        longer.certificates.push(candidate);
        if place == Place::Root {
            self.paths.push(longer);
        } else {
            longer.sent += 1;
            self.build(&longer);
        }
    }

    /// The last checks, of whole chains.
    fn decide(self, leaf: &Certificate) -> Answer {
        let mut refused: Option<(Path<'a>, Problem)> = None;
        for path in self.paths {
            let certificates = &path.certificates;
            let problem = purposes(certificates)
                .or_else(|| names(certificates, self.question.go))
                .or_else(|| policies(certificates, self.question.go));
            match problem {
                None => return Answer::new(&path, Vec::new()),
                Some(problem) => {
                    refused.get_or_insert((path, problem));
                }
            }
        }
        if let Some((path, problem)) = refused {
            return Answer::new(&path, vec![problem]);
        }
        let problem = self.hint.unwrap_or_else(|| {
            let last = self.deepest.certificates.last().copied().unwrap_or(leaf);
            unknown_authority(last)
        });
        Answer::new(&self.deepest, vec![problem])
    }
}

/// Whether Go has a type for a key (`parsePublicKey`); without one it is
/// never a parent.
fn has_type(key: &Key, release: GoRelease) -> bool {
    match key {
        Key::Rsa { pss, .. } => !pss,
        Key::Edwards(name) => *name == "Ed25519",
        Key::Other(oid) => is_ml_dsa(oid, release),
        Key::Elliptic { .. } | Key::EllipticExplicit | Key::Dsa(_) => true,
    }
}

/// Whether Go knows the algorithm of a signature, hashes that are broken left
/// aside (`signatureAlgorithmDetails`). Of DSA it parses, and verifies none.
fn knows_algorithm(certificate: &Certificate, release: GoRelease) -> bool {
    match certificate.signature.as_str() {
        "sha256WithRSAEncryption"
        | "sha384WithRSAEncryption"
        | "sha512WithRSAEncryption"
        | "ecdsa-with-SHA256"
        | "ecdsa-with-SHA384"
        | "ecdsa-with-SHA512"
        | "ED25519" => true,
        "rsassaPss" => certificate.has_usual_pss(),
        other => is_ml_dsa(other, release),
    }
}

/// ML-DSA-44, 65 and 87 (RFC 9881), which Go has since 1.27.
fn is_ml_dsa(oid: &str, release: GoRelease) -> bool {
    const ML_DSA: [&str; 3] = [
        "2.16.840.1.101.3.4.3.17",
        "2.16.840.1.101.3.4.3.18",
        "2.16.840.1.101.3.4.3.19",
    ];
    release >= GoRelease(27) && ML_DSA.contains(&oid)
}

/// No candidate at all: `x509: certificate signed by unknown authority`.
fn unknown_authority(last: &Certificate) -> Problem {
    if last.is_self_issued() {
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
    }
}

/// `alreadyInChain`: same subject, key, and names.
fn is_in(candidate: &Certificate, path: &[&Certificate]) -> bool {
    path.iter().any(|one| {
        one.raw_subject() == candidate.raw_subject()
            && one.key_fingerprint == candidate.key_fingerprint
            && one.extensions.alternative_names == candidate.extensions.alternative_names
    })
}

/// `CheckSignatureFrom`.
fn signature(child: &Certificate, parent: &Certificate, release: GoRelease) -> Option<Problem> {
    if parent.version == 3 && parent.authority != Some(true) || parent.authority == Some(false) {
        return Some(Problem::new(
            ProblemKind::NotAuthority,
            parent,
            "it is no authority (BasicConstraints): Go does not take its signatures, be it a root or not",
        ));
    }
    let usage = parent.extensions.key_usage;
    if usage.is_some_and(|usage| usage.0 != 0 && !usage.signs_certificates()) {
        return Some(Problem::new(
            ProblemKind::KeyUsage,
            parent,
            "its KeyUsage has no keyCertSign: Go does not take its signatures, be it a root or not",
        ));
    }
    if let Some(hash) = broken_hash(&child.signature) {
        return Some(Problem::new(
            ProblemKind::WeakSignature,
            child,
            format!("its signature uses {hash}, which Go does not take"),
        ));
    }
    if !knows_algorithm(child, release) {
        return Some(Problem::new(
            ProblemKind::UnknownAlgorithm,
            child,
            format!(
                "its signature, {}, is of an algorithm that Go does not know",
                child.signature
            ),
        ));
    }
    if let Key::Rsa { bits, .. } = parent.key
        && bits < 1024
        && release >= GoRelease(24)
    {
        return Some(Problem::new(
            ProblemKind::WeakKey,
            parent,
            format!("its key has {bits} bits, 1024 are the least since Go 1.24"),
        ));
    }
    match child.is_signed_by(parent) {
        Outcome::Valid => None,
        Outcome::Invalid => Some(Problem::new(
            ProblemKind::Signature,
            child,
            format!("its signature is not by the key of {}", parent.subject),
        )),
        Outcome::Unsupported => Some(Problem::new(
            ProblemKind::Unsupported,
            child,
            format!("its signature, {}, can't be verified here", child.signature),
        )),
    }
}

/// `isValid`.
fn validity(
    certificate: &Certificate,
    path: &[&Certificate],
    place: Place,
    question: &Question<'_>,
) -> Option<Problem> {
    if let Some(oid) = critical::unhandled(Library::Go, question.go, certificate) {
        return Some(Problem::new(
            ProblemKind::UnknownCritical,
            certificate,
            format!("its extension {oid} is critical, and Go does not handle it"),
        ));
    }
    if let Some(problem) = time_problem(certificate, question.time) {
        return Some(problem);
    }
    if place == Place::Intermediate && certificate.authority != Some(true) {
        return Some(Problem::new(
            ProblemKind::NotAuthority,
            certificate,
            "it is no authority (BasicConstraints)",
        ));
    }
    let limit = certificate.extensions.basic_constraints?.path_length?;
    let below = path.len().saturating_sub(1);
    (place != Place::Leaf && below > limit as usize).then(|| {
        Problem::new(
            ProblemKind::PathLength,
            certificate,
            format!("{below} authorities follow, its pathLenConstraint allows {limit}"),
        )
    })
}

/// `policiesValid`, which Go has since 1.24, matters where an explicit policy
/// is asked for; the policies themselves are not followed here.
fn policies(path: &[&Certificate], release: GoRelease) -> Option<Problem> {
    let below = path.len().saturating_sub(1);
    let mut below = path.iter().take(below);
    let asks = below.find(|certificate| certificate.extensions.explicit_policy)?;
    (release >= GoRelease(24)).then(|| {
        Problem::new(
            ProblemKind::Unsupported,
            asks,
            "it asks for an explicit policy (PolicyConstraints), which is not followed here",
        )
    })
}

/// `checkChainForKeyUsage`: every certificate that has the extension, the
/// root among them.
fn purposes(path: &[&Certificate]) -> Option<Problem> {
    let mut path = path.iter().rev();
    path.find(|certificate| !certificate.extensions.allows(SERVER_AUTH, true))
        .map(|certificate| {
            Problem::new(
                ProblemKind::Purpose,
                certificate,
                "its ExtendedKeyUsage does not allow TLS servers (serverAuth)",
            )
        })
}

/// `checkChainConstraints`: names of all that have some, below an authority
/// with constraints.
fn names(path: &[&Certificate], release: GoRelease) -> Option<Problem> {
    for (index, certificate) in path.iter().enumerate() {
        let names = constraints::names(certificate, Reading::Go(release));
        for authority in &path[index + 1..] {
            let Some(constraints) = &authority.extensions.name_constraints else {
                continue;
            };
            if let Some(reason) = constraints::violation(constraints, &names, Reading::Go(release))
            {
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
