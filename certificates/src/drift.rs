//! How the sources of trust and what a distribution's tool made of them
//! differ: a certificate that somebody added and nobody trusts, one that is
//! trusted and has no source, a bundle that was not made again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use casefile_snapshot::{Absence, EvidenceId, HostPath, NotFound, UnknownReason};

use super::certificate::Certificate;
use super::file::{CertificateFile, Form};
use super::layout::{Layout, LayoutKind};
use super::name_hash::subject_hash;
use super::pool::{Pool, hash_name};
use super::reading::{ReadDirectory, ReadFile, Reading, is_no_file};

/// Depth of folders of sources.
const DEPTH: usize = 6;
/// Files of all folders of sources.
const FILES: usize = 20_000;

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftKind {
    /// A source is not in the bundle.
    NotInBundle,
    /// A certificate of the bundle has no source.
    WithoutSource,
    /// The bundle is older than a source.
    Stale,
    /// A file among the sources is ignored by the distribution's tool.
    Ignored,
    /// A file was put where the tool writes, and will be overwritten.
    Overwritten,
    /// A certificate is in the directory alone, and not in the bundle.
    DirectoryOnly,
    /// A hash link is missing, or hides others by a gap.
    HashLink,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// How they differ.
    pub kind: DriftKind,
    /// The file.
    pub path: HostPath,
    /// Subject of the certificate that it is about; empty for files.
    pub subject: String,
    /// In words.
    pub detail: String,
    /// The items that show it, the file itself last.
    pub sources: Vec<EvidenceId>,
}

impl fmt::Display for Drift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.detail)
    }
}

/// The differences of a host by path, and in their midst what is not known.
///
/// # Errors
/// The bundle is absent or not known: there is nothing to compare with.
pub fn drifts(
    reading: Reading<'_>,
    layout: &Layout,
) -> Result<Vec<Result<Drift, NotFound>>, NotFound> {
    let bundle = reading.file_written(layout.bundle)?;
    let in_bundle = bundle
        .file
        .certificates()
        .map(|certificate| (certificate.fingerprint.clone(), certificate.subject.clone()))
        .collect();
    let mut comparison = Comparison {
        reading,
        bundle,
        in_bundle,
        found: Vec::new(),
        unknown: Vec::new(),
        files: 0,
    };
    match layout.kind {
        LayoutKind::Debian | LayoutKind::Alpine => comparison.debian(),
        LayoutKind::RedHat | LayoutKind::Suse | LayoutKind::Arch => comparison.p11_kit(layout),
        LayoutKind::Other => {}
    }
    comparison.directory("/etc/ssl/certs");
    Ok(comparison.finish())
}

struct Comparison<'a> {
    reading: Reading<'a>,
    bundle: ReadFile,
    /// Fingerprints of the bundle, and subjects.
    in_bundle: HashMap<String, String>,
    found: Vec<Drift>,
    unknown: Vec<NotFound>,
    files: usize,
}

impl Comparison<'_> {
    fn add(
        &mut self,
        kind: DriftKind,
        file: &ReadFile,
        certificate: Option<&Certificate>,
        detail: impl Into<String>,
    ) {
        self.found.push(Drift {
            kind,
            path: file.path.clone(),
            subject: certificate.map_or_else(String::new, |one| one.subject.clone()),
            detail: detail.into(),
            sources: file.sources.clone(),
        });
    }

    fn miss(&mut self, missing: NotFound) {
        if !is_no_file(&missing.absence) {
            self.unknown.push(missing);
        }
    }

    /// A folder that is not compared, or not to its end.
    fn too_large(&mut self, folder: &ReadDirectory<'_>, detail: String) {
        self.unknown.push(NotFound {
            path: folder.path.clone(),
            absence: Absence::because(UnknownReason::TooLarge, detail),
            via: folder.sources.clone(),
        });
    }

    /// update-ca-certificates(8): files of the list, and all of the local
    /// folder whose name ends with `.crt`.
    fn debian(&mut self) {
        let mut sources = HashSet::new();
        let list = self.debian_list();
        let complete = list.is_some();
        for path in list.unwrap_or_default() {
            match self.reading.file_written(&path) {
                Ok(file) => self.debian_source(&file, &mut sources),
                Err(missing) => self.miss(missing),
            }
        }
        for (path, file) in self.walk("/usr/local/share/ca-certificates") {
            if path.name().ends_with(".crt") {
                self.debian_source(&file, &mut sources);
            } else if file.file.certificates().next().is_some() {
                self.add(
                    DriftKind::Ignored,
                    &file,
                    file.file.certificates().next(),
                    "update-ca-certificates takes only names that end with .crt",
                );
            }
        }
        if complete && self.unknown.is_empty() {
            self.without_source(&sources);
        }
    }

    /// The paths that /etc/ca-certificates.conf selects; none where it is not
    /// there.
    fn debian_list(&mut self) -> Option<Vec<String>> {
        let path = HostPath::new("/etc/ca-certificates.conf").ok()?;
        let found = self
            .reading
            .snapshot()
            .find(casefile_snapshot::Kind::Raw, &path);
        let bytes = match found {
            Ok(found) => self.reading.snapshot().bytes(found.id)?,
            Err(missing) => {
                self.miss(missing);
                return None;
            }
        };
        let text = String::from_utf8_lossy(bytes);
        let lines = text.lines().map(str::trim);
        let selected = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '!']));
        Some(
            selected
                .take(FILES)
                .map(|line| format!("/usr/share/ca-certificates/{line}"))
                .collect(),
        )
    }

    fn debian_source(&mut self, file: &ReadFile, sources: &mut HashSet<String>) {
        self.age(file, true);
        if file.file.form == Form::Der {
            self.add(
                DriftKind::Ignored,
                file,
                file.file.certificates().next(),
                "it is DER: update-ca-certificates copies bytes, and DER breaks the bundle",
            );
            return;
        }
        self.source(file, sources);
    }

    /// A file whose certificates should all be in the bundle.
    fn source(&mut self, file: &ReadFile, sources: &mut HashSet<String>) {
        let certificates: Vec<Certificate> = file.file.certificates().cloned().collect();
        for certificate in certificates {
            if !self.in_bundle.contains_key(&certificate.fingerprint) {
                let detail = format!("it is not in {}", self.bundle.path);
                self.add(DriftKind::NotInBundle, file, Some(&certificate), detail);
            }
            sources.insert(certificate.fingerprint);
        }
    }

    /// The bundle is older than a file that it is made of, and is not as the
    /// file wants it.
    fn age(&mut self, file: &ReadFile, trusted: bool) {
        let differs = file
            .file
            .certificates()
            .any(|one| self.in_bundle.contains_key(&one.fingerprint) != trusted);
        if let (Some(bundle), Some(source)) = (self.bundle.mtime_ns, file.mtime_ns)
            && source > bundle
            && differs
        {
            let detail = format!("it was changed after {} was made", self.bundle.path);
            self.add(DriftKind::Stale, file, None, detail);
        }
    }

    fn without_source(&mut self, sources: &HashSet<String>) {
        let mut orphans: Vec<(String, String)> = self
            .in_bundle
            .iter()
            .filter(|(fingerprint, _)| !sources.contains(*fingerprint))
            .map(|(fingerprint, subject)| (subject.clone(), fingerprint.clone()))
            .collect();
        orphans.sort();
        for (subject, fingerprint) in orphans {
            self.found.push(Drift {
                kind: DriftKind::WithoutSource,
                path: self.bundle.path.clone(),
                detail: format!(
                    "{subject} (SHA-256 {fingerprint}) has no source: it goes with the next update"
                ),
                subject,
                sources: self.bundle.sources.clone(),
            });
        }
    }

    /// `trust extract` of p11-kit, which the tools of Red Hat, SUSE and Arch
    /// call.
    fn p11_kit(&mut self, layout: &Layout) {
        let pool = Pool::of_p11_kit(self.reading, layout);
        for missing in &pool.unknown {
            self.miss(missing.clone());
        }
        let mut sources = HashSet::new();
        for member in &pool.members {
            let Some(certificate) = member.certificate() else {
                continue;
            };
            if member.rejected.is_some() || member.settings().is_some() {
                // Distrusted, or with settings of its own.
                sources.insert(certificate.fingerprint.clone());
                continue;
            }
            if !self.in_bundle.contains_key(&certificate.fingerprint) {
                let why = if certificate.authority == Some(true) {
                    ""
                } else {
                    ": it is no authority (BasicConstraints)"
                };
                self.found.push(Drift {
                    kind: DriftKind::NotInBundle,
                    path: member.path.clone(),
                    subject: certificate.subject.clone(),
                    detail: format!("it is not in {}{why}", self.bundle.path),
                    sources: member.sources.clone(),
                });
            }
            sources.insert(certificate.fingerprint.clone());
        }
        for (folders, trusted) in [(layout.anchors, true), (layout.blocklists, false)] {
            for folder in folders {
                for (_, file) in self.walk(folder) {
                    self.age(&file, trusted);
                }
            }
        }
        if self.unknown.is_empty() {
            self.without_source(&sources);
        }
        for folder in layout.generated {
            for (path, file) in self.walk(folder) {
                if !is_output(layout.kind, &path) {
                    self.add(
                        DriftKind::Overwritten,
                        &file,
                        file.file.certificates().next(),
                        format!(
                            "the tool writes {folder} anew at each update: put it among the anchors"
                        ),
                    );
                }
            }
        }
    }

    /// The directory that Go and OpenSSL read beside the bundle.
    fn directory(&mut self, path: &str) {
        let directory = match self.reading.directory(path) {
            Ok(directory) => directory,
            Err(missing) => return self.miss(missing),
        };
        let mut links: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (hash, number) in directory.names.iter().filter_map(|name| hash_name(name)) {
            links.entry(hash).or_default().push(number);
        }
        for numbers in links.values_mut() {
            numbers.sort_unstable();
        }
        let hashed = !links.is_empty();
        let mut seen = HashSet::new();
        for name in directory.names {
            let Ok(entry) = directory.path.join(name) else {
                continue;
            };
            if hash_name(name).is_some() || self.reading.is_directory(&entry) {
                continue;
            }
            let file = match self.reading.file(&entry) {
                Ok(file) => file,
                Err(missing) => {
                    self.miss(missing);
                    continue;
                }
            };
            if file.id() == self.bundle.id() || !is_single(&file.file) {
                continue;
            }
            let Some(certificate) = file.file.certificates().next().cloned() else {
                continue;
            };
            if !seen.insert(certificate.fingerprint.clone()) {
                continue;
            }
            if !self.in_bundle.contains_key(&certificate.fingerprint) {
                let detail = format!(
                    "it is not in {}: Go trusts it, OpenSSL as well where a hash link leads to it, others do not",
                    self.bundle.path
                );
                self.add(DriftKind::DirectoryOnly, &file, Some(&certificate), detail);
            }
            let hash = subject_hash(certificate.raw_subject());
            if let Some(hash) = hash.filter(|hash| hashed && !links.contains_key(hash.as_str())) {
                let detail = format!("no link {hash}.0 leads to it: OpenSSL does not find it");
                self.add(DriftKind::HashLink, &file, Some(&certificate), detail);
            }
        }
        for (hash, numbers) in links {
            let gap = (0..)
                .zip(&numbers)
                .find(|(wanted, number)| wanted != *number);
            if let Some((missing, number)) = gap {
                let Ok(path) = directory.path.join(&format!("{hash}.{number}")) else {
                    continue;
                };
                let item = self.reading.exact(&path);
                self.found.push(Drift {
                    kind: DriftKind::HashLink,
                    path,
                    subject: String::new(),
                    detail: format!(
                        "{hash}.{missing} is missing: OpenSSL before 3.0, and programs that name the directory themselves, stop there and do not find it"
                    ),
                    sources: directory.sources.iter().copied().chain(item).collect(),
                });
            }
        }
    }

    /// The files below a folder that can be read, by path.
    fn walk(&mut self, folder: &str) -> Vec<(HostPath, ReadFile)> {
        let mut files = Vec::new();
        let mut open = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let directory = match self.reading.directory(&folder) {
                Ok(directory) => directory,
                Err(missing) => {
                    self.miss(missing);
                    continue;
                }
            };
            for name in directory.names {
                let Ok(path) = directory.path.join(name) else {
                    continue;
                };
                self.files += 1;
                if self.files > FILES {
                    self.too_large(&directory, format!("over the limit of {FILES} files"));
                    return files;
                }
                if self.reading.is_directory(&path) {
                    if depth < DEPTH {
                        open.push((path.to_string(), depth + 1));
                        continue;
                    }
                    match self.reading.directory(path.as_str()) {
                        Ok(deeper) => {
                            self.too_large(&deeper, format!("deeper than {DEPTH} folders"));
                        }
                        Err(missing) => self.miss(missing),
                    }
                    continue;
                }
                match self.reading.file(&path) {
                    Ok(file) => files.push((path, file)),
                    Err(missing) => self.miss(missing),
                }
            }
        }
        files.sort_by(|one, other| one.0.cmp(&other.0));
        files
    }

    fn finish(self) -> Vec<Result<Drift, NotFound>> {
        let mut all: Vec<Result<Drift, NotFound>> = self.found.into_iter().map(Ok).collect();
        let mut seen = HashSet::new();
        for missing in self.unknown {
            let key = (missing.path.clone(), missing.absence == Absence::Absent);
            if seen.insert(key) {
                all.push(Err(missing));
            }
        }
        all.sort_by(|one, other| key(one).cmp(&key(other)));
        all
    }
}

fn key(entry: &Result<Drift, NotFound>) -> (&HostPath, Option<(DriftKind, &str, &str)>) {
    match entry {
        Ok(drift) => (
            &drift.path,
            Some((drift.kind, &drift.subject, &drift.detail)),
        ),
        Err(missing) => (&missing.path, None),
    }
}

/// A file of one certificate, as directories have them.
fn is_single(file: &CertificateFile) -> bool {
    file.entries.len() == 1 && file.form == Form::Pem
}

/// What the tools write by themselves (update-ca-trust(8), SUSE's
/// ca-certificates, trust-extract-compat of Arch).
fn is_output(kind: LayoutKind, path: &HostPath) -> bool {
    let folders = match kind {
        LayoutKind::RedHat => [
            "/etc/pki/ca-trust/extracted/pem/directory-hash",
            "/etc/pki/ca-trust/extracted/java",
            "/etc/pki/ca-trust/extracted/edk2",
        ],
        LayoutKind::Suse => [
            "/var/lib/ca-certificates/pem",
            "/var/lib/ca-certificates/openssl",
            "/var/lib/ca-certificates/java-cacerts",
        ],
        LayoutKind::Arch => [
            "/etc/ca-certificates/extracted/cadir",
            "/etc/ca-certificates/extracted/java",
            "/etc/ca-certificates/extracted/edk2",
        ],
        LayoutKind::Debian | LayoutKind::Alpine | LayoutKind::Other => return true,
    };
    const NAMES: [&str; 10] = [
        "README",
        "tls-ca-bundle.pem",
        "email-ca-bundle.pem",
        "objsign-ca-bundle.pem",
        "ca-bundle.trust.crt",
        "ca-bundle.pem",
        "java-cacerts",
        "cacerts",
        "cacerts.bin",
        "edk2-cacerts.bin",
    ];
    NAMES.contains(&path.name())
        || folders
            .iter()
            .flat_map(|folder| HostPath::new(folder))
            .any(|folder| path.is_within(&folder))
}

#[cfg(test)]
mod tests;
