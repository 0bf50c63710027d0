//! What a library trusts on a host: the certificates that it loads, in its
//! order, each with the reason why it is in, and those that it does not take,
//! each with the reason why not.

mod gnutls;
mod go;
mod openssl;

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;

use casefile_snapshot::{EvidenceId, HostPath, NotFound, escape, unescape};

pub use self::go::refusal as go_refusal;
pub(crate) use self::openssl::hash_name;
use super::certificate::Certificate;
use super::extension::SERVER_AUTH;
use super::file::CertificateFile;
use super::layout::Layout;
use super::reading::{ReadFile, Reading};
use super::trusted::TrustSettings;

/// Certificates of one pool, those that are not taken among them.
const MEMBERS: usize = 20_000;

/// A library that verifies certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Library {
    /// crypto/x509 of Go.
    Go,
    /// OpenSSL.
    OpenSsl,
    /// GnuTLS.
    GnuTls,
}

impl Library {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Go, Self::OpenSsl, Self::GnuTls];

    /// As it is written on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::OpenSsl => "openssl",
            Self::GnuTls => "gnutls",
        }
    }
}

impl std::fmt::Display for Library {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Go => "Go",
            Self::OpenSsl => "OpenSSL",
            Self::GnuTls => "GnuTLS",
        })
    }
}

/// A release of Go: the second number of its version (`go1.22.3` is 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GoRelease(pub u16);

impl GoRelease {
    /// The newest whose rules are known here.
    pub const NEWEST: Self = Self(27);
}

impl Default for GoRelease {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl FromStr for GoRelease {
    type Err = GoReleaseError;

    /// `go1.22`, `go1.22.3`, `1.22`.
    fn from_str(text: &str) -> Result<Self, GoReleaseError> {
        let error = || GoReleaseError(text.chars().take(60).collect());
        let version = text.strip_prefix("go").unwrap_or(text);
        let minor = version.strip_prefix("1.").ok_or_else(error)?;
        let digits = minor.bytes().take_while(u8::is_ascii_digit).count();
        let release = minor[..digits].parse().map_err(|_| error())?;
        Ok(Self(release))
    }
}

/// A version that is none of Go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no version of Go, as in go1.22")]
pub struct GoReleaseError(String);

/// Which pool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Whose.
    pub library: Library,
    /// For Go, which release.
    pub go: GoRelease,
    /// SSL_CERT_FILE, as it is set; empty is as if it were not.
    pub certificate_file: Option<String>,
    /// SSL_CERT_DIR, as it is set.
    pub certificate_directory: Option<String>,
}

impl Request {
    /// The pool of a library without any variable.
    #[must_use]
    pub const fn of(library: Library) -> Self {
        Self {
            library,
            go: GoRelease::NEWEST,
            certificate_file: None,
            certificate_directory: None,
        }
    }

    /// SSL_CERT_FILE as paths of snapshots are written.
    fn file(&self) -> Option<String> {
        let value = self.certificate_file.as_deref()?;
        (!value.is_empty()).then(|| escape(value.as_bytes()))
    }

    /// The directories of SSL_CERT_DIR, likewise.
    fn directories(&self) -> Option<impl Iterator<Item = String>> {
        let value = self.certificate_directory.as_deref()?;
        let path = |path: &str| escape(path.as_bytes());
        (!value.is_empty()).then(|| value.split(':').map(path))
    }
}

/// What a library trusts on a host.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// Its certificates in its order, those that it does not take among them.
    pub members: Vec<Member>,
    /// Those that it distrusts: no chain through one of them is taken.
    pub distrusted: Vec<Member>,
    /// Where it looks, in its order.
    pub places: Vec<Place>,
    /// What could not be decided, for lack of evidence.
    pub unknown: Vec<NotFound>,
    /// Of what is not known, what may distrust: with it the library might
    /// refuse what it takes without.
    pub may_distrust: Vec<MayDistrust>,
    /// All that was read for it.
    pub sources: Vec<EvidenceId>,
}

/// What evidence that is missing may distrust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MayDistrust {
    /// Any certificate.
    Any,
    /// Certificates whose subject has this hash, as OpenSSL's links are named.
    SubjectHash(String),
}

impl MayDistrust {
    /// Whether a certificate may be distrusted by it.
    #[must_use]
    pub fn concerns(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Any => true,
            Self::SubjectHash(hash) => super::name_hash::subject_hash(certificate.raw_subject())
                .is_none_or(|own| own == *hash),
        }
    }
}

/// A place that a library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As the library names it.
    pub path: String,
    /// A directory, with a file for each certificate.
    pub directory: bool,
    /// Something was read there.
    pub present: bool,
    /// How many certificates it adds to those before it.
    pub added: u32,
}

/// A certificate of a pool.
#[derive(Clone, Debug)]
pub struct Member {
    file: Arc<CertificateFile>,
    index: usize,
    /// The file by which it came in first, links resolved.
    pub path: HostPath,
    /// The items that led there, itself last.
    pub sources: Vec<EvidenceId>,
    /// Why it is in: which place, and by what rule.
    pub why: String,
    /// Why the library does not take it; none where it does.
    pub rejected: Option<String>,
}

impl Member {
    /// The certificate; none where the block is none.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.file.entries[self.index].certificate()
    }

    /// OpenSSL's trust settings, where some follow it.
    #[must_use]
    pub fn settings(&self) -> Option<&TrustSettings> {
        self.file.entries[self.index].settings.as_ref()
    }

    /// Its place among the PEM blocks of the file, from 0.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.file.entries[self.index].position
    }
}

impl Pool {
    /// What a library trusts on a host of this layout.
    #[must_use]
    pub fn load(reading: Reading<'_>, layout: &Layout, request: &Request) -> Self {
        let mut loader = Loader {
            reading,
            pool: Self::default(),
            seen: HashSet::new(),
            refused: HashSet::new(),
        };
        match request.library {
            Library::Go => loader.go(request),
            Library::OpenSsl => loader.openssl(layout, request),
            Library::GnuTls => loader.gnutls(layout),
        }
        loader.pool
    }

    /// What p11-kit trusts on a host of this layout: the sources from which
    /// the bundles of Red Hat, SUSE and Arch are made.
    #[must_use]
    pub fn of_p11_kit(reading: Reading<'_>, layout: &Layout) -> Self {
        let mut loader = Loader {
            reading,
            pool: Self::default(),
            seen: HashSet::new(),
            refused: HashSet::new(),
        };
        loader.p11_kit(layout.p11_kit);
        loader.pool
    }

    /// From when on certificates of a root are not to be trusted for servers,
    /// by its fingerprint: what files of p11-kit carry of Mozilla's list.
    #[must_use]
    pub fn distrust_dates(&self) -> Vec<(&str, i64, &[EvidenceId])> {
        let dates = self.members.iter().filter_map(|member| {
            let certificate = member.certificate()?;
            let mut objects = member.file.objects.iter();
            let object =
                objects.find(|object| object.certificate.as_deref() == Some(certificate.der()))?;
            let date = object.distrust_after?;
            Some((
                certificate.fingerprint.as_str(),
                date,
                member.sources.as_slice(),
            ))
        });
        dates.collect()
    }

    /// The certificates that the library takes.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.members
            .iter()
            .filter(|member| member.rejected.is_none())
            .filter_map(Member::certificate)
    }

    /// Those that it takes and that trust settings name for TLS servers.
    pub fn explicit(&self) -> impl Iterator<Item = &Certificate> {
        self.members
            .iter()
            .filter(|member| {
                let settings = member.settings();
                member.rejected.is_none()
                    && settings.and_then(|settings| settings.decide(SERVER_AUTH)) == Some(true)
            })
            .filter_map(Member::certificate)
    }

    /// The certificates that it distrusts.
    pub fn distrusts(&self) -> impl Iterator<Item = &Certificate> {
        self.distrusted.iter().filter_map(Member::certificate)
    }

    /// How many certificates it takes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.certificates().count()
    }

    /// How many it does not take.
    #[must_use]
    pub fn rejected(&self) -> usize {
        self.members
            .iter()
            .filter(|member| member.rejected.is_some())
            .count()
    }
}

/// A pool while it is loaded.
struct Loader<'a> {
    reading: Reading<'a>,
    pool: Pool,
    /// Fingerprints of what is in.
    seen: HashSet<String>,
    /// Files, and places in them, of what is not taken: a file that several
    /// places lead to is told once.
    refused: HashSet<(HostPath, usize)>,
}

impl Loader<'_> {
    /// A file that the library opens. None where it gets nothing of it; what
    /// is not known is noted.
    fn open(&mut self, path: &str) -> Option<ReadFile> {
        let read = self.reading.file_written(path);
        self.note(read)
    }

    /// As [`Self::open`], for a path that is known to be one.
    fn open_path(&mut self, path: &HostPath) -> Option<ReadFile> {
        let read = self.reading.file(path);
        self.note(read)
    }

    fn note(&mut self, read: Result<ReadFile, NotFound>) -> Option<ReadFile> {
        match read {
            Ok(file) => {
                self.pool.sources.extend(&file.sources);
                Some(file)
            }
            Err(missing) => {
                self.miss(missing);
                None
            }
        }
    }

    fn miss(&mut self, missing: NotFound) {
        self.pool.sources.extend(&missing.via);
        if !super::reading::is_no_file(&missing.absence) {
            self.pool.unknown.push(missing);
        }
    }

    /// Whatever is not known since a count of [`Pool::unknown`] may distrust.
    fn may_distrust(&mut self, since: usize, what: MayDistrust) {
        if self.pool.unknown.len() > since && !self.pool.may_distrust.contains(&what) {
            self.pool.may_distrust.push(what);
        }
    }

    fn place(&mut self, path: &str, directory: bool) {
        // As it was named, not as snapshots write it.
        let named = unescape(path).and_then(|bytes| String::from_utf8(bytes).ok());
        self.pool.places.push(Place {
            path: named.unwrap_or_else(|| path.to_owned()),
            directory,
            present: false,
            added: 0,
        });
    }

    /// Something was read at the last place.
    fn present(&mut self) {
        if let Some(place) = self.pool.places.last_mut() {
            place.present = true;
        }
    }

    /// Notes an entry of a file that the library distrusts.
    fn distrust(&mut self, read: &ReadFile, index: usize, why: &str) {
        if self.pool.distrusted.len() == MEMBERS {
            return;
        }
        self.pool.distrusted.push(Member {
            file: Arc::clone(&read.file),
            index,
            path: read.path.clone(),
            sources: read.sources.clone(),
            why: why.to_owned(),
            rejected: Some(why.to_owned()),
        });
    }

    /// Adds entries of a file, each with why it is not taken.
    fn add(
        &mut self,
        read: &ReadFile,
        why: &str,
        mut refuse: impl FnMut(usize) -> Option<Option<String>>,
    ) {
        self.present();
        for (index, entry) in read.file.entries.iter().enumerate() {
            if self.pool.members.len() == MEMBERS {
                return;
            }
            // None: not even looked at.
            let Some(rejected) = refuse(index) else {
                continue;
            };
            if rejected.is_some() && !self.refused.insert((read.path.clone(), index)) {
                continue;
            }
            if rejected.is_none()
                && let Ok(certificate) = &entry.certificate
            {
                if !self.seen.insert(certificate.fingerprint.clone()) {
                    continue;
                }
                if let Some(place) = self.pool.places.last_mut() {
                    place.added = place.added.saturating_add(1);
                }
            }
            self.pool.members.push(Member {
                file: Arc::clone(&read.file),
                index,
                path: read.path.clone(),
                sources: read.sources.clone(),
                why: why.to_owned(),
                rejected,
            });
        }
    }
}
