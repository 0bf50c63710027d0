//! Mozilla's list of roots for TLS servers, as it was when this program was
//! built. It comes with the crate webpki-root-certs, which has no dates of
//! distrust: those stand here, and what a host's own p11-kit files carry goes
//! before them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::certificate::Certificate;

/// From when on Mozilla does not trust what a root issues for TLS servers
/// (`CKA_NSS_SERVER_DISTRUST_AFTER` of certdata.txt), by the SHA-256 of its
/// DER, in seconds since 1970-01-01 UTC: as golang.org/x/crypto/x509roots of
/// 2026-10-30 carries it in `bundle/bundle.go`, for all that have a date.
const DISTRUSTED: &[(&str, i64)] = &[
    // CN=Izenpe.com, 2026-04-15T23:59:59Z
    (
        "2530cc8e98321502bad96f9b1fba1b099e2d299e0f4548bb914f363bc0d4531f",
        1_776_297_599,
    ),
];

/// The list.
#[derive(Debug)]
pub struct KnownRoots {
    roots: BTreeMap<String, KnownRoot>,
}

/// A root of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRoot {
    /// SHA-256 of its DER, in hexadecimal.
    pub fingerprint: String,
    /// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    pub key_fingerprint: String,
    /// Subject (RFC 4514).
    pub subject: String,
    /// From when on certificates of it are not trusted for servers, in seconds
    /// since 1970-01-01 UTC; none where they are.
    pub distrust_after: Option<i64>,
}

static LIST: LazyLock<KnownRoots> = LazyLock::new(|| KnownRoots {
    roots: webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der))
        .map(|certificate| {
            let date = DISTRUSTED
                .iter()
                .find(|(fingerprint, _)| *fingerprint == certificate.fingerprint);
            let root = KnownRoot {
                distrust_after: date.map(|(_, date)| *date),
                fingerprint: certificate.fingerprint,
                key_fingerprint: certificate.key_fingerprint,
                subject: certificate.subject,
            };
            (root.fingerprint.clone(), root)
        })
        .collect(),
});

impl KnownRoots {
    /// The day on which webpki-root-certs 1.0.11 was published, 2026-10-23,
    /// in seconds since 1970-01-01 UTC.
    pub const DATE: i64 = 1_792_713_600;

    /// The list.
    #[must_use]
    pub fn list() -> &'static Self {
        &LIST
    }

    /// A root by the SHA-256 of its DER, in hexadecimal.
    #[must_use]
    pub fn find(&self, fingerprint: &str) -> Option<&KnownRoot> {
        self.roots.get(fingerprint)
    }

    /// All of them, by fingerprint.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &KnownRoot> {
        self.roots.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_root_that_has_a_date_is_on_the_list() {
        for (fingerprint, date) in DISTRUSTED {
            let root = KnownRoots::list().find(fingerprint);
            assert_eq!(root.and_then(|root| root.distrust_after), Some(*date));
        }
        let dated = KnownRoots::list().iter();
        let dated = dated.filter(|root| root.distrust_after.is_some());
        assert_eq!(dated.count(), DISTRUSTED.len());
    }

    #[test]
    fn every_root_is_read() {
        let list = KnownRoots::list();
        assert_eq!(
            list.iter().len(),
            webpki_root_certs::TLS_SERVER_ROOT_CERTS.len()
        );
        assert!(
            list.iter()
                .any(|root| root.subject.starts_with("CN=ISRG Root X1,"))
        );
    }
}
