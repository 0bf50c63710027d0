//! GnuTLS: one file or one directory that is built into it, or p11-kit's
//! trust module (gnutls_x509_trust_list_add_system_trust(3)). It knows no
//! variable of the environment.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Loader, MayDistrust, ReadFile};
use crate::certificate::Certificate;
use crate::extension::SERVER_AUTH;
use crate::file::{CertificateFile, Form};
use crate::key::Key;
use crate::layout::Layout;
use crate::p11_kit::Object;
use crate::pem::Label;
use crate::reading::ReadDirectory;

/// What p11-kit makes of a file, by the folder that it lies in
/// (trust/token.c, `loader_load_file`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folder {
    /// Every certificate is an anchor.
    Anchors,
    /// Every certificate is distrusted.
    Blocklist,
    /// Files say it themselves.
    Top,
}

impl Loader<'_> {
    pub(super) fn gnutls(&mut self, layout: &Layout) {
        let source = layout.gnutls_source;
        if source == "pkcs11:" {
            self.p11_kit(layout.p11_kit);
        } else if self.reading.directory(source).is_ok() {
            self.gnutls_directory(source);
        } else {
            self.place(source, false);
            if let Some(read) = self.open(source) {
                self.add_gnutls(&read, "the file that is built into GnuTLS");
            }
        }
    }

    fn gnutls_directory(&mut self, path: &str) {
        self.place(path, true);
        let Ok(directory) = self.reading.directory(path) else {
            return;
        };
        self.pool.sources.extend(&directory.sources);
        self.present();
        for (_, read) in self.files_of(&directory) {
            self.add_gnutls(&read, "a file of the directory that is built into GnuTLS");
        }
    }

    /// A file that GnuTLS reads by itself: blocks of certificates up to the
    /// first that is damaged, which costs the whole file.
    fn add_gnutls(&mut self, read: &ReadFile, why: &str) {
        let file = Arc::clone(&read.file);
        let broken = file
            .entries
            .iter()
            .find(|entry| entry.label != Label::TrustedCertificate && entry.certificate.is_err())
            .map(|entry| {
                format!(
                    "block {} of the file is damaged: GnuTLS takes nothing of such a file",
                    entry.position
                )
            });
        self.add(read, why, |index| {
            let entry = &file.entries[index];
            if file.form == Form::Der {
                return Some(Some("DER, where GnuTLS reads PEM".to_owned()));
            }
            if entry.label == Label::TrustedCertificate {
                return Some(Some(
                    "in a block TRUSTED CERTIFICATE, which GnuTLS does not read".to_owned(),
                ));
            }
            let key = entry.certificate().and_then(key_refusal);
            Some(broken.clone().or(key))
        });
    }

    /// All tokens of p11-kit: distrust in one of them holds for all.
    pub(super) fn p11_kit(&mut self, paths: &[&str]) {
        let mut tokens = Vec::new();
        let mut distrusted = HashSet::new();
        let mut purposes = Vec::new();
        let unknown = self.pool.unknown.len();
        for path in paths {
            for (at, folder) in [
                ((*path).to_owned(), Folder::Top),
                (format!("{path}/anchors"), Folder::Anchors),
                (format!("{path}/blocklist"), Folder::Blocklist),
                // p11-kit before 0.24 called it `blacklist`, and newer ones do
                // not read that.
            ] {
                let directory = match self.reading.directory(&at) {
                    Ok(directory) => directory,
                    Err(missing) => {
                        self.miss(missing);
                        tokens.push((at, folder, Vec::new(), false));
                        continue;
                    }
                };
                self.pool.sources.extend(&directory.sources);
                let files = self.files_of(&directory);
                for (_, read) in &files {
                    for (index, fingerprint) in distrusts(&read.file, folder) {
                        if distrusted.insert(fingerprint) {
                            self.distrust(read, index, "p11-kit distrusts it");
                        }
                    }
                    purposes.extend(
                        read.file
                            .objects
                            .iter()
                            .filter(|object| object.purposes.is_some())
                            .cloned(),
                    );
                }
                tokens.push((at, folder, files, true));
            }
        }
        self.may_distrust(unknown, MayDistrust::Any);
        for (at, folder, files, present) in tokens {
            if folder == Folder::Blocklist {
                continue;
            }
            self.place(&at, true);
            if present {
                self.present();
            }
            for (_, read) in files {
                self.add_p11_kit(&read, folder, &distrusted, &purposes);
            }
        }
    }

    fn add_p11_kit(
        &mut self,
        read: &ReadFile,
        folder: Folder,
        distrusted: &HashSet<String>,
        purposes: &[Object],
    ) {
        let file = Arc::clone(&read.file);
        let why = match folder {
            Folder::Anchors => "p11-kit trusts every certificate among its anchors",
            Folder::Top | Folder::Blocklist => "its file says that it is trusted",
        };
        self.add(read, why, |index| {
            let entry = &file.entries[index];
            let certificate = match &entry.certificate {
                Err(error) => return Some(Some(error.to_string())),
                Ok(certificate) => certificate,
            };
            if distrusted.contains(&certificate.fingerprint) {
                return Some(Some("p11-kit distrusts it".to_owned()));
            }
            let trusted = match object_of(&file, certificate) {
                Some(object) => object.trusted.unwrap_or(folder == Folder::Anchors),
                None => match &entry.settings {
                    Some(settings) => settings.decide(SERVER_AUTH) == Some(true),
                    None => folder == Folder::Anchors,
                },
            };
            if !trusted {
                return Some(Some("its file does not say that it is trusted".to_owned()));
            }
            let other_purposes = purposes.iter().any(|object| {
                object_is_about(object, certificate)
                    && object.purposes.as_ref().is_some_and(|purposes| {
                        !purposes.iter().any(|purpose| purpose == SERVER_AUTH)
                    })
            });
            if other_purposes {
                return Some(Some("its purposes exclude TLS servers".to_owned()));
            }
            Some(key_refusal(certificate))
        });
    }

    /// The files of a directory that can be read, by name.
    fn files_of(&mut self, directory: &ReadDirectory<'_>) -> Vec<(String, ReadFile)> {
        let mut files = Vec::new();
        for name in directory.names {
            let Ok(entry) = directory.path.join(name) else {
                continue;
            };
            if self.reading.is_directory(&entry) {
                continue;
            }
            if let Some(read) = self.open_path(&entry) {
                files.push((name.clone(), read));
            }
        }
        files
    }
}

/// Keys that GnuTLS reads and verifies nothing with (lib/algorithms/ecc.c).
fn key_refusal(certificate: &Certificate) -> Option<String> {
    const CURVES: [&str; 5] = ["P-192", "P-224", "P-256", "P-384", "P-521"];
    let curve = match &certificate.key {
        Key::EllipticExplicit => "explicit parameters",
        Key::Elliptic { curve, .. } if !CURVES.contains(&curve.as_str()) => curve,
        _ => return None,
    };
    Some(format!(
        "GnuTLS does not know the curve of its key: {curve}"
    ))
}

/// Entries of a file that it distrusts, and their fingerprints.
fn distrusts(file: &CertificateFile, folder: Folder) -> Vec<(usize, String)> {
    let mut distrusted = Vec::new();
    for (index, entry) in file.entries.iter().enumerate() {
        let Some(certificate) = entry.certificate() else {
            continue;
        };
        let by_object = object_of(file, certificate).and_then(|object| object.distrusted);
        let by_settings = entry.settings.as_ref().is_some_and(|settings| {
            settings
                .rejected
                .iter()
                .any(|purpose| purpose == crate::extension::ANY_PURPOSE)
        });
        if by_object.unwrap_or(folder == Folder::Blocklist || by_settings) {
            distrusted.push((index, certificate.fingerprint.clone()));
        }
    }
    distrusted
}

/// The object of a file that carries a certificate.
fn object_of<'a>(file: &'a CertificateFile, certificate: &Certificate) -> Option<&'a Object> {
    file.objects
        .iter()
        .find(|object| object.certificate.as_deref() == Some(certificate.der()))
}

/// Whether an attached extension is about a certificate: it carries the same
/// key, or the certificate itself.
fn object_is_about(object: &Object, certificate: &Certificate) -> bool {
    object.certificate.as_deref() == Some(certificate.der())
        || object.public_key.as_deref().is_some_and(|key| {
            certificate
                .parsed()
                .is_some_and(|parsed| parsed.public_key().raw == key)
        })
}
