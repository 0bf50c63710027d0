//! Certificates that a host trusts: whether they are there, whole, in date,
//! and strong enough.

mod anchors;
mod authority;
mod concern;
mod dates;
mod details;
mod drift;
mod duplicates;
mod environment;
mod known;
mod known_bad;
mod secrets;
mod stores;
mod strength;

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, rule};
use casefile_policy::{integer_default, texts_default};

struct CaBundle;

type Findings = Result<Vec<Finding>, Absence>;

impl Policy for CaBundle {
    const ID: &str = "ca-bundle";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Certificates that the host trusts";
    const RULES: &[Rule] = &[
        rule!(
            "ca-store-present",
            "No trusted certificates on the host",
            High,
            Certificates,
            stores::present
        ),
        rule!(
            "ca-store-readable",
            "Damaged certificates in a trust store",
            Low,
            Certificates,
            stores::readable
        ),
        rule!(
            "ca-duplicate",
            "A trusted certificate is there twice",
            Info,
            Certificates,
            duplicates::duplicate
        ),
        rule!(
            "ca-expired",
            "A trusted certificate has expired",
            Medium,
            Certificates,
            dates::expired
        ),
        rule!(
            "ca-expires-soon",
            "A local root expires soon",
            Low,
            Certificates,
            dates::expires_soon
        ),
        rule!(
            "ca-not-yet-valid",
            "A trusted certificate is not valid yet",
            High,
            Certificates,
            dates::not_yet_valid
        ),
        rule!(
            "ca-not-authority",
            "A trusted certificate is no authority's",
            Low,
            Certificates,
            authority::not_authority
        ),
        rule!(
            "ca-weak-key",
            "A trusted certificate has a weak key",
            High,
            Certificates,
            strength::weak_key
        ),
        rule!(
            "ca-weak-signature",
            "A trusted certificate depends on a weak signature",
            Medium,
            Certificates,
            strength::weak_signature
        ),
        rule!(
            "ca-environment-nowhere",
            "SSL_CERT_FILE leads nowhere",
            High,
            Certificates,
            environment::leads_nowhere
        ),
        rule!(
            "ca-environment-adds",
            "SSL_CERT_FILE adds to the host's roots",
            Low,
            Certificates,
            environment::adds
        ),
        rule!(
            "ca-go-refuses",
            "Go does not take a trusted certificate",
            Medium,
            Certificates,
            details::go_refuses
        ),
        rule!(
            "ca-constrained",
            "A trusted root may issue within limits alone",
            Info,
            Certificates,
            details::constrained
        ),
        rule!(
            "ca-purpose",
            "A trusted root is not for TLS servers",
            Low,
            Certificates,
            details::purpose
        ),
        rule!(
            "ca-departure",
            "A trusted certificate departs from the standard",
            Info,
            Certificates,
            details::departs
        ),
        rule!(
            "ca-private-key",
            "A private key lies in a trust store",
            Critical,
            Certificates,
            secrets::private_key
        ),
        rule!(
            "ca-distrust-after",
            "Mozilla distrusts newer certificates of a root",
            Info,
            Certificates,
            known::distrusted
        ),
        rule!(
            "ca-known-bad",
            "A trusted root is known to be bad",
            Critical,
            Certificates,
            known_bad::known_bad
        ),
        rule!(
            "ca-unknown-authority",
            "A trusted root is known to nobody",
            Medium,
            Certificates,
            known::unknown_authority
        ),
        rule!(
            "ca-roots-missing",
            "The trust stores lack roots that servers use",
            Medium,
            Certificates,
            known::known_missing
        ),
        rule!(
            "ca-source-not-applied",
            "A certificate was added, and is not trusted",
            Medium,
            Certificates,
            drift::not_applied
        ),
        rule!(
            "ca-without-source",
            "A trusted certificate has no source",
            Low,
            Certificates,
            drift::without_source
        ),
        rule!(
            "ca-directory-drift",
            "The directory of certificates differs from the bundle",
            Low,
            Certificates,
            drift::directory
        ),
    ];

    fn parameters() -> Vec<Parameter> {
        vec![
            integer_default(
                dates::DAYS,
                90,
                "Days before its end at which a local root is reported.",
            ),
            texts_default(
                dates::FOLDERS,
                dates::default_folders(),
                "Folders whose certificates were added on this host, and not by its distribution.",
            ),
            texts_default(
                known::OWN,
                Vec::new(),
                "Roots that were added on purpose: the first digits of their SHA-256.",
            ),
            texts_default(
                known::DISTRIBUTION,
                known::default_folders(),
                "Folders in which the distribution's package keeps roots.",
            ),
            integer_default(
                known::MISSING,
                20,
                "Per cent of the roots of Mozilla's list that may be missing.",
            ),
        ]
    }

    fn not_concerned() -> Option<Finding> {
        concern::not_concerned()
    }
}

casefile_policy::export_policy!(CaBundle);
