//! What OpenSSL writes behind a certificate in a block `TRUSTED CERTIFICATE`:
//! for which purposes it is trusted, and for which it is not (X509_CERT_AUX,
//! crypto/x509/x_x509a.c).

use super::der::{Reader, object_identifier};
use super::extension::ANY_PURPOSE;

/// Purposes of one certificate.
const PURPOSES: usize = 100;

/// Trust settings, by object identifiers of purposes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustSettings {
    /// Purposes that it is trusted for; none where nothing is said.
    pub trusted: Option<Vec<String>>,
    /// Purposes that it is rejected for.
    pub rejected: Vec<String>,
    /// The name that OpenSSL shows.
    pub alias: Option<String>,
}

impl TrustSettings {
    /// Reads what follows a certificate. None where it is damaged.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut settings = Self::default();
        let mut outer = Reader::new(bytes);
        let sequence = outer.tagged(0x30)?;
        if !outer.rest().is_empty() {
            return None;
        }
        let mut fields = Reader::new(sequence.content);
        if let Some(trusted) = fields.tagged(0x30) {
            settings.trusted = Some(identifiers(trusted.content)?);
        }
        if let Some(rejected) = fields.tagged(0xa0) {
            settings.rejected = identifiers(rejected.content)?;
        }
        if let Some(alias) = fields.tagged(0x0c) {
            settings.alias = Some(String::from_utf8(alias.content.to_vec()).ok()?);
        }
        Some(settings)
    }

    /// What OpenSSL decides for a purpose (`obj_trust`, x509_trust.c): trust,
    /// rejection, or none where these settings do not say.
    #[must_use]
    pub fn decide(&self, purpose: &str) -> Option<bool> {
        let names = |list: &[String]| {
            list.iter()
                .any(|listed| listed == purpose || listed == ANY_PURPOSE)
        };
        if names(&self.rejected) {
            return Some(false);
        }
        let trusted = self.trusted.as_ref()?;
        // Trusted for other purposes alone: not for this one.
        Some(names(trusted))
    }
}

fn identifiers(content: &[u8]) -> Option<Vec<String>> {
    let mut reader = Reader::new(content);
    let mut list = Vec::new();
    while let Some(value) = reader.tagged(6) {
        if list.len() == PURPOSES {
            return None;
        }
        list.push(object_identifier(value.content)?);
    }
    reader.rest().is_empty().then_some(list)
}
