//! Certificates that a host trusts: whether they are there, whole, in date,
//! and strong enough.

mod anchors;
mod authority;
mod dates;
mod duplicates;
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
        ]
    }
}

casefile_policy::export_policy!(CaBundle);
