//! Mozilla's list of roots for TLS servers, as it was when this program was
//! built. It comes with the crate webpki-root-certs, which has no dates of
//! distrust: those that a host's own p11-kit files carry are used instead.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::certificate::Certificate;

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
}

static LIST: LazyLock<KnownRoots> = LazyLock::new(|| KnownRoots {
    roots: webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der))
        .map(|certificate| {
            let root = KnownRoot {
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
