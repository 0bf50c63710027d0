//! Whether a certificate is on Mozilla's list, by its bytes alone, so that
//! what is known of such roots need not be worked out for each host.

use std::collections::HashSet;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// SHA-256 of each root of the list.
static DIGESTS: LazyLock<HashSet<[u8; 32]>> = LazyLock::new(|| {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|der| Sha256::digest(der).into())
        .collect()
});

/// Whether the certificate with this SHA-256 is on the list: all that are
/// there are signed with their own keys, as a test of this module shows.
pub(crate) fn is_listed(digest: &[u8; 32]) -> bool {
    DIGESTS.contains(digest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use x509_parser::parse_x509_certificate;

    use super::*;
    use crate::signature::{self, Outcome};

    #[test]
    fn every_root_is_signed_with_its_own_key() {
        for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            let (_, certificate) = parse_x509_certificate(der).unwrap();
            assert_eq!(
                certificate.subject().as_raw(),
                certificate.issuer().as_raw()
            );
            let outcome = signature::verify(&certificate, certificate.public_key());
            assert_eq!(outcome, Outcome::Valid, "{}", certificate.subject());
            assert!(is_listed(&Sha256::digest(der).into()));
            assert!(!is_listed(&Sha256::digest(&der[1..]).into()));
        }
    }
}
