//! OpenSSL: `cert.pem` and `certs` of OPENSSLDIR, or what SSL_CERT_FILE and
//! SSL_CERT_DIR name (X509_STORE_set_default_paths(3)). A file with one
//! damaged block gives nothing; of a directory only what a link named by the
//! hash of its subject leads to can be found.
//!
//! `X509_LOOKUP_hash_dir` counts numbers up from 0 and stops at the first that
//! is missing. Since 3.0 the default paths are searched as a store as well
//! (crypto/x509/by_store.c), which lists the directory and takes any number;
//! it takes the variable for one directory, not for a list.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{Loader, MayDistrust, Request};
use crate::certificate::Certificate;
use crate::extension::SERVER_AUTH;
use crate::file::{CertificateFile, Form};
use crate::layout::Layout;
use crate::name_hash::subject_hash;
use crate::reading::{ReadDirectory, ReadFile};

/// Links of one hash.
const LINKS: u32 = 1000;
const EXCLUDED: &str = "its trust settings exclude TLS servers";

impl Loader<'_> {
    pub(super) fn openssl(&mut self, layout: &Layout, request: &Request) {
        let default = format!("{}/cert.pem", layout.openssl_directory);
        let variable = request.file();
        let file = variable.as_deref().unwrap_or(&default);
        self.place(file, false);
        // Any file may carry trust settings (`TRUSTED CERTIFICATE`).
        let unknown = self.pool.unknown.len();
        let read = self.open(file);
        self.may_distrust(unknown, MayDistrust::Any);
        if let Some(read) = read {
            let why = match variable {
                Some(_) => "SSL_CERT_FILE names the file",
                None => "OpenSSL's file of trust anchors",
            };
            let broken = broken(&read.file);
            let file = Arc::clone(&read.file);
            if broken.is_none() {
                self.by_settings(&read, |_| true);
            }
            self.add(&read, why, |index| {
                Some(broken.clone().or_else(|| refusal(&file, index)))
            });
        }
        let default = format!("{}/certs", layout.openssl_directory);
        let directories: Vec<String> = match request.directories() {
            Some(directories) => directories.collect(),
            None => vec![default],
        };
        let listed = directories.len() == 1;
        for path in directories {
            self.hash_directory(&path, listed);
        }
    }

    /// What can be found in a directory by the hash of its subject, and what
    /// lies there without.
    fn hash_directory(&mut self, path: &str, listed: bool) {
        self.place(path, true);
        let directory = match self.reading.directory(path) {
            Ok(directory) => directory,
            Err(missing) => {
                let unknown = self.pool.unknown.len();
                self.miss(missing);
                return self.may_distrust(unknown, MayDistrust::Any);
            }
        };
        self.pool.sources.extend(&directory.sources);
        self.present();
        let names: BTreeMap<String, Vec<u32>> = hash_names(&directory);
        for (hash, numbers) in &names {
            // Lookup begins with .0 and stops at the first that is missing.
            let reached = (0..)
                .zip(numbers)
                .take_while(|(wanted, number)| wanted == *number);
            let reached = reached.count();
            for (index, number) in numbers.iter().enumerate() {
                let Ok(entry) = directory.path.join(&format!("{hash}.{number}")) else {
                    continue;
                };
                let unknown = self.pool.unknown.len();
                let read = self.open_path(&entry);
                self.may_distrust(unknown, MayDistrust::SubjectHash(hash.clone()));
                if let Some(read) = read {
                    self.add_link(&read, hash, *number, listed || index < reached);
                }
            }
        }
        self.without_link(&directory);
    }

    fn add_link(&mut self, read: &ReadFile, hash: &str, number: u32, reached: bool) {
        let file = Arc::clone(&read.file);
        let why = format!("the link {hash}.{number} has the hash of its subject");
        if reached && file.form == Form::Pem {
            self.by_settings(read, |certificate| {
                subject_hash(certificate.raw_subject()).as_deref() == Some(hash)
            });
        }
        self.add(read, &why, |index| {
            let entry = &file.entries[index];
            let Ok(certificate) = &entry.certificate else {
                return Some(refusal(&file, index));
            };
            if subject_hash(certificate.raw_subject()).as_deref() != Some(hash) {
                // Several in a file: the link is for the first. It is told
                // as without a link below, if no other leads to it.
                return None;
            }
            if !reached {
                return Some(Some(format!(
                    "the link {hash}.{number} is not reached: a number before it is missing"
                )));
            }
            Some(refusal(&file, index))
        });
    }

    /// What the trust settings of a file reject. The first of several copies
    /// of a certificate is the one that the store keeps, with its settings
    /// (X509_STORE_add_cert(3)).
    fn by_settings(&mut self, read: &ReadFile, found: impl Fn(&Certificate) -> bool) {
        let mut first = HashSet::new();
        for (index, entry) in read.file.entries.iter().enumerate() {
            let Some(certificate) = entry.certificate().filter(|one| found(one)) else {
                continue;
            };
            let fingerprint = &certificate.fingerprint;
            if self.seen.contains(fingerprint) || !first.insert(fingerprint) {
                continue;
            }
            let settings = entry.settings.as_ref();
            if settings.and_then(|settings| settings.decide(SERVER_AUTH)) == Some(false) {
                self.seen.insert(fingerprint.clone());
                self.distrust(read, index, EXCLUDED);
            }
        }
    }

    /// Certificates of the directory that no link leads to.
    fn without_link(&mut self, directory: &ReadDirectory<'_>) {
        for name in directory.names {
            let Ok(entry) = directory.path.join(name) else {
                continue;
            };
            if hash_name(name).is_some() || self.reading.is_directory(&entry) {
                continue;
            }
            let Ok(read) = self.reading.file(&entry) else {
                continue;
            };
            // A bundle is not meant to be found.
            if read.file.entries.len() > 1 {
                continue;
            }
            self.pool.sources.extend(&read.sources);
            let seen = &self.seen;
            let missing: Vec<Option<String>> = read
                .file
                .certificates()
                .map(|certificate| {
                    (!seen.contains(&certificate.fingerprint))
                        .then(|| subject_hash(certificate.raw_subject()))
                        .flatten()
                })
                .collect();
            let known = self
                .pool
                .members
                .iter()
                .any(|member| member.path == read.path && member.rejected.is_some());
            if known {
                continue;
            }
            self.add(&read, "a file of the directory", |index| {
                let hash = missing.get(index)?.as_ref()?;
                Some(Some(format!("no link {hash}.N leads to it")))
            });
        }
    }
}

/// Why OpenSSL takes nothing of a file: one of its blocks is damaged
/// (`PEM_X509_INFO_read_bio` gives up).
fn broken(file: &CertificateFile) -> Option<String> {
    if file.form == Form::Der {
        return Some("DER, where OpenSSL reads PEM".to_owned());
    }
    let bad = file
        .entries
        .iter()
        .find(|entry| entry.certificate.is_err())?;
    Some(format!(
        "block {} of the file is damaged: OpenSSL takes nothing of such a file",
        bad.position
    ))
}

/// Why OpenSSL does not take one entry.
fn refusal(file: &CertificateFile, index: usize) -> Option<String> {
    let entry = &file.entries[index];
    if file.form == Form::Der {
        return Some("DER, where OpenSSL reads PEM".to_owned());
    }
    match &entry.certificate {
        Err(error) => Some(error.to_string()),
        Ok(_) => {
            let settings = entry.settings.as_ref()?;
            (settings.decide(SERVER_AUTH) == Some(false)).then(|| EXCLUDED.to_owned())
        }
    }
}

/// Names that OpenSSL may look for, and their numbers in order.
fn hash_names(directory: &ReadDirectory<'_>) -> BTreeMap<String, Vec<u32>> {
    let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (hash, number) in directory.names.iter().filter_map(|name| hash_name(name)) {
        names.entry(hash.to_owned()).or_default().push(number);
    }
    for numbers in names.values_mut() {
        numbers.sort_unstable();
    }
    names
}

/// `4a6481c9.0`: eight hexadecimal digits in lower case, and a number.
pub(crate) fn hash_name(name: &str) -> Option<(&str, u32)> {
    let (hash, number) = name.split_once('.')?;
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let plain = number.bytes().all(|byte| byte.is_ascii_digit())
        && (number == "0" || !number.starts_with('0'));
    let number: u32 = number.parse().ok()?;
    (hash.len() == 8 && hash.bytes().all(digits) && plain && number < LINKS)
        .then_some((hash, number))
}
