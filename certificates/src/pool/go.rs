//! crypto/x509 of Go: the first file of its list that can be read, and then
//! all files of all its directories (root.go, root_linux.go, root_unix.go).
//! What does not parse is left out without a word.

use super::{GoRelease, Loader, Request};
use crate::certificate::Certificate;
use crate::der::Reader;
use crate::file::Form;
use crate::key::Key;
use crate::pem::Label;
use crate::strict::Departure;

/// `certFiles` of root_linux.go.
const FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// `certDirectories` of root_linux.go.
const DIRECTORIES: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Extensions that Go does not parse where they are critical (RFC 5280 wants
/// them not to be).
const NEVER_CRITICAL: [(&str, &str); 3] = [
    ("2.5.29.14", "subject key identifier"),
    ("2.5.29.35", "authority key identifier"),
    ("1.3.6.1.5.5.7.1.1", "authority info access"),
];

impl Loader<'_> {
    pub(super) fn go(&mut self, request: &Request) {
        let variable = request.file();
        let named = variable.as_deref().map(|file| vec![file]);
        let files: Vec<&str> = named.unwrap_or_else(|| FILES.to_vec());
        for path in files {
            self.place(path, false);
            let unknown = self.pool.unknown.len();
            if let Some(read) = self.open(path) {
                let why = match variable {
                    Some(_) => "SSL_CERT_FILE names the file",
                    None => "the first file of Go's list that can be read",
                };
                self.add_go(&read, request.go, why);
                break;
            }
            // Whether Go goes on to the next file is not known either.
            if self.pool.unknown.len() > unknown {
                break;
            }
        }
        let directories: Vec<String> = match request.directories() {
            Some(directories) => directories.collect(),
            None => DIRECTORIES.map(str::to_owned).to_vec(),
        };
        for path in directories {
            self.go_directory(&path, request);
        }
    }

    fn go_directory(&mut self, path: &str, request: &Request) {
        self.place(path, true);
        let directory = match self.reading.directory(path) {
            Ok(directory) => directory,
            Err(missing) => return self.miss(missing),
        };
        self.pool.sources.extend(&directory.sources);
        self.present();
        let why = format!("Go reads every file of {path}");
        for name in directory.names {
            let Ok(entry) = directory.path.join(name) else {
                continue;
            };
            if self.reading.is_hash_link(&entry) || self.reading.is_directory(&entry) {
                continue;
            }
            if let Some(read) = self.open_path(&entry) {
                self.add_go(&read, request.go, &why);
            }
        }
    }

    fn add_go(&mut self, read: &super::ReadFile, release: GoRelease, why: &str) {
        let file = std::sync::Arc::clone(&read.file);
        self.add(read, why, |index| {
            if file.form == Form::Der {
                return Some(Some("DER, where Go reads PEM alone".to_owned()));
            }
            let entry = &file.entries[index];
            if entry.label != Label::Certificate {
                return Some(Some(
                    "not in a block CERTIFICATE, the one that Go reads".to_owned(),
                ));
            }
            Some(match &entry.certificate {
                Err(error) => Some(error.to_string()),
                Ok(certificate) => refusal(certificate, release),
            })
        });
    }
}

/// Why Go does not parse a certificate, in its own words where it has some;
/// none where it does (parser.go).
#[must_use]
pub fn refusal(certificate: &Certificate, release: GoRelease) -> Option<String> {
    for departure in &certificate.departures {
        let reason = match departure {
            // GODEBUG=x509negativeserial=1 brings it back.
            Departure::NegativeSerial if release >= GoRelease(23) => {
                "negative serial number (since Go 1.23)"
            }
            Departure::AlgorithmsDiffer => {
                "inner and outer signature algorithm identifiers don't match"
            }
            Departure::DuplicateExtension(_) => "certificate contains duplicate extension",
            Departure::DamagedExtension(_) => "an extension is malformed",
            Departure::Version(_) => "invalid version",
            Departure::LongLength
            | Departure::PaddedInteger
            | Departure::Boolean(_)
            | Departure::Trailing => return Some(format!("malformed certificate: {departure}")),
            Departure::Time(_) => return Some(format!("malformed time: {departure}")),
            _ => continue,
        };
        return Some(reason.to_owned());
    }
    for (oid, reason) in NEVER_CRITICAL {
        let mut critical = certificate.extensions.critical.iter();
        if release >= GoRelease(23) && critical.any(|one| one == oid) {
            return Some(format!(
                "{reason} incorrectly marked critical (since Go 1.23)"
            ));
        }
    }
    let reason = match &certificate.key {
        Key::EllipticExplicit => "invalid ECDSA parameters",
        Key::Elliptic { curve, .. }
            if !["P-224", "P-256", "P-384", "P-521"].contains(&curve.as_str()) =>
        {
            "unsupported elliptic curve"
        }
        _ => return names_refusal(certificate),
    };
    Some(reason.to_owned())
}

/// Texts that Go does not take in names (`parseASN1String`).
fn names_refusal(certificate: &Certificate) -> Option<String> {
    for name in [certificate.raw_issuer(), certificate.raw_subject()] {
        let list = Reader::new(name).tagged(0x30)?;
        for set in Reader::new(list.content) {
            for attribute in Reader::new(set.content) {
                let mut parts = Reader::new(attribute.content);
                parts.tagged(6);
                let value = parts.value()?;
                let printable =
                    |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(byte);
                let reason = match value.tag {
                    0x13 if !value.content.iter().all(printable) => "invalid PrintableString",
                    0x0c if std::str::from_utf8(value.content).is_err() => "invalid UTF-8 string",
                    0x16 if !value.content.is_ascii() => "invalid IA5String",
                    0x0c | 0x12 | 0x13 | 0x14 | 0x16 | 0x1e => continue,
                    _ => "unsupported string type in a name",
                };
                return Some(reason.to_owned());
            }
        }
    }
    None
}
