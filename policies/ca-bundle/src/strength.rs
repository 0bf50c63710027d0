//! Keys and signatures that can be forged.

use std::collections::BTreeMap;

use casefile_policy::trust::{Key, SelfSignature};
use casefile_policy::{Confidence, Finding, Severity};

use crate::Findings;
use crate::anchors::{Anchor, Survey};

/// Two certificates of different names, where there are such, with one key.
struct Holders<'a> {
    first: &'a Anchor,
    second: Option<&'a Anchor>,
}

/// NIST SP 800-57 part 1, table 2: 112 bits of security.
const RSA_BITS: u32 = 2048;
/// The least curve that TLS libraries still use.
const CURVE_BITS: u32 = 256;

pub(crate) fn weak_key() -> Findings {
    let survey = Survey::read()?;
    let mut holders: BTreeMap<&str, Holders<'_>> = BTreeMap::new();
    for anchor in &survey.anchors {
        let key = anchor.certificate.key_fingerprint.as_str();
        let holders = holders.entry(key).or_insert(Holders {
            first: anchor,
            second: None,
        });
        if !holders.first.has_name_of(anchor) {
            holders.second.get_or_insert(anchor);
        }
    }
    let wrong = |anchor: &Anchor| {
        let holders = holders.get(anchor.certificate.key_fingerprint.as_str());
        let finding = weakness(&anchor.certificate.key)
            .map(|(actual, wanted)| {
                let message = format!(
                    "the key is weak: who breaks it can pose as any server; in {}",
                    survey.places(anchor)
                );
                Finding::fail(anchor.subject(), message)
                    .actual(actual)
                    .wanted(wanted)
            })
            .or_else(|| shared(&survey, anchor, holders?))?;
        Some(finding.remedy("remove it, and have its chains issued anew by an authority with a strong key of its own"))
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("each of its certificates has a strong key ({count})"),
    ))
}

/// What is weak about a key, and what would not be.
fn weakness(key: &Key) -> Option<(String, &'static str)> {
    match key {
        Key::Rsa((bits, _)) if *bits < RSA_BITS => {
            Some((format!("RSA, {bits} bits"), "2048 bits or more"))
        }
        Key::Rsa((_, exponent)) if !is_usable_exponent(exponent) => Some((
            format!("RSA, exponent 0x{exponent}"),
            "an odd exponent, 3 or more",
        )),
        Key::Elliptic((curve, bits)) if *bits < CURVE_BITS => Some((
            format!("elliptic curve {curve}, {bits} bits"),
            "256 bits or more",
        )),
        Key::EllipticExplicit => Some((
            "elliptic curve with parameters of its own".to_owned(),
            "a named curve",
        )),
        Key::Dsa(bits) => Some((
            format!("DSA, {bits} bits"),
            "RSA, a named curve, or Ed25519",
        )),
        _ => None,
    }
}

/// Odd, and not 1: with 1 the signature is the message.
fn is_usable_exponent(exponent: &str) -> bool {
    let digits = exponent.trim_start_matches('0');
    let odd = digits
        .chars()
        .last()
        .and_then(|last| last.to_digit(16))
        .is_some_and(|last| last % 2 == 1);
    odd && digits != "1"
}

/// Two authorities have one key. Names that changed in a new certificate for
/// the same key are the harmless case, and can't be told from here.
fn shared(survey: &Survey, anchor: &Anchor, holders: &Holders<'_>) -> Option<Finding> {
    let other = if holders.first.has_name_of(anchor) {
        holders.second?
    } else {
        holders.first
    };
    let message = format!(
        "another authority has the same key: who holds one can act as both; in {}",
        survey.places(anchor)
    );
    Some(
        Finding::fail(anchor.subject(), message)
            .actual(format!("the key of {}", other.subject()))
            .wanted("a key of its own")
            .severity(Severity::Medium)
            .confidence(Confidence::Heuristic),
    )
}

pub(crate) fn weak_signature() -> Findings {
    let survey = Survey::read()?;
    let wrong = |anchor: &Anchor| {
        let certificate = &anchor.certificate;
        if !is_weak(&certificate.signature) {
            return None;
        }
        let why = match certificate.self_signed {
            // Trust comes from the store: no library verifies such a signature.
            SelfSignature::Verified | SelfSignature::Unsupported => return None,
            SelfSignature::NotSelfIssued => {
                "the certificate is issued by another authority with a weak signature"
            }
            SelfSignature::Wrong => {
                "the certificate bears its own name as issuer and another key's weak signature"
            }
        };
        let message = format!(
            "{why}, which libraries verify; in {}",
            survey.places(anchor)
        );
        Some(
            Finding::fail(anchor.subject(), message)
                .actual(&certificate.signature)
                .wanted("SHA-256 or better, or a self-signed root")
                .remedy("trust the self-signed root above it, and have the certificate issued anew with SHA-256"),
        )
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("none of its certificates depends on a weak signature ({count})"),
    ))
}

/// Collisions can be made for these digests: RFC 6151, RFC 9155.
fn is_weak(signature: &str) -> bool {
    let name = signature.to_ascii_lowercase();
    ["md2", "md4", "md5", "sha1"].iter().any(|digest| {
        name.starts_with(digest)
            || name.ends_with(&format!("with{digest}"))
            || name.ends_with(&format!("with-{digest}"))
    })
}
