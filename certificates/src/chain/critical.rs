//! Which critical extensions each library handles. RFC 5280, 4.2 wants a
//! certificate with any other refused.

use crate::certificate::Certificate;
use crate::extension::GeneralName;
use crate::pool::{GoRelease, Library};

const SUBJECT_KEY: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const SUBJECT_NAMES: &str = "2.5.29.17";
const ISSUER_NAMES: &str = "2.5.29.18";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const NAME_CONSTRAINTS: &str = "2.5.29.30";
const REVOCATION_LISTS: &str = "2.5.29.31";
const POLICIES: &str = "2.5.29.32";
const POLICY_MAPPINGS: &str = "2.5.29.33";
const AUTHORITY_KEY: &str = "2.5.29.35";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const PURPOSES: &str = "2.5.29.37";
const ANY_POLICY: &str = "2.5.29.54";
const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const PROXY: &str = "1.3.6.1.5.5.7.1.14";
const TLS_FEATURES: &str = "1.3.6.1.5.5.7.1.24";
const NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
const NETSCAPE_TYPE: &str = "2.16.840.1.113730.1.1";

/// What all three handle.
const COMMON: [&str; 7] = [
    KEY_USAGE,
    SUBJECT_NAMES,
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    REVOCATION_LISTS,
    POLICIES,
    PURPOSES,
];
/// `X509_supported_extension` (crypto/x509/v3_purp.c). Proxies and resources
/// (RFC 3820, RFC 3779), which it lists as well, fail at their own checks.
const OPENSSL: [&str; 5] = [
    POLICY_MAPPINGS,
    POLICY_CONSTRAINTS,
    ANY_POLICY,
    NO_CHECK,
    NETSCAPE_TYPE,
];
/// What GnuTLS 3.7 lets pass where it is critical.
const GNUTLS: [&str; 7] = [
    SUBJECT_KEY,
    ISSUER_NAMES,
    AUTHORITY_KEY,
    ANY_POLICY,
    AUTHORITY_ACCESS,
    PROXY,
    TLS_FEATURES,
];
/// `processExtensions` (parser.go); since 1.23 it does not parse them.
const GO: [&str; 3] = [SUBJECT_KEY, AUTHORITY_KEY, AUTHORITY_ACCESS];
/// What Go handles since it validates policies.
const GO_POLICIES: [&str; 3] = [POLICY_MAPPINGS, POLICY_CONSTRAINTS, ANY_POLICY];

/// The first critical extension of a certificate that a library does not
/// handle.
pub(super) fn unhandled(
    library: Library,
    release: GoRelease,
    certificate: &Certificate,
) -> Option<&str> {
    let handles = |oid: &str| match library {
        Library::Go => GO.contains(&oid) || release >= GoRelease(24) && GO_POLICIES.contains(&oid),
        Library::OpenSsl => OPENSSL.contains(&oid),
        Library::GnuTls => GNUTLS.contains(&oid),
    };
    let mut critical = certificate.extensions.critical.iter();
    let first = critical.find(|oid| {
        let oid = oid.as_str();
        let handled = COMMON.contains(&oid) || handles(oid);
        !handled || library == Library::Go && has_nothing_for_go(certificate, oid)
    });
    first.map(String::as_str)
}

/// Go does not handle names of which it knows none, and constraints on names
/// that it does not know (`parseNameConstraintsExtension`).
fn has_nothing_for_go(certificate: &Certificate, oid: &str) -> bool {
    let extensions = &certificate.extensions;
    let odd =
        |name: &GeneralName| matches!(name, GeneralName::Directory(..) | GeneralName::Other(_));
    match oid {
        SUBJECT_NAMES => extensions.alternative_names.iter().flatten().all(odd),
        NAME_CONSTRAINTS => extensions
            .name_constraints
            .as_ref()
            .is_some_and(|constraints| {
                let mut all = constraints.permitted.iter().chain(&constraints.excluded);
                all.any(odd)
            }),
        _ => false,
    }
}
