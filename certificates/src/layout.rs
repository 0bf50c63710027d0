//! How a distribution keeps trust: where its OpenSSL and GnuTLS look, and
//! where its tool for certificates reads and writes. These are choices of
//! whoever builds the packages; each is named where it stands.

use casefile_snapshot::{HostPath, Kind};

use super::reading::Reading;

/// Whose way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutKind {
    /// update-ca-certificates of Debian and Ubuntu.
    Debian,
    /// update-ca-trust of Red Hat and Fedora.
    RedHat,
    /// update-ca-certificates of SUSE.
    Suse,
    /// trust extract-compat of Arch.
    Arch,
    /// update-ca-certificates of Alpine.
    Alpine,
    /// None of these.
    Other,
}

/// How a host keeps trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Whose way it is.
    pub kind: LayoutKind,
    /// OPENSSLDIR.
    pub openssl_directory: &'static str,
    /// The file or directory that GnuTLS reads, or `pkcs11:`.
    pub gnutls_source: &'static str,
    /// Trust paths of p11-kit, the first wins.
    pub(crate) p11_kit: &'static [&'static str],
    /// The bundle that the tool writes.
    pub(crate) bundle: &'static str,
    /// Folders of sources whose every file is trusted.
    pub(crate) anchors: &'static [&'static str],
    /// Folders of sources whose every file is distrusted.
    pub(crate) blocklists: &'static [&'static str],
    /// Folders that the tool alone writes.
    pub(crate) generated: &'static [&'static str],
}

impl Layout {
    /// The layout of a kind.
    #[must_use]
    pub const fn of(kind: LayoutKind) -> Self {
        match kind {
            // openssl.cnf: `--openssldir=/usr/lib/ssl`; gnutls28 debian/rules:
            // `--with-default-trust-store-file`.
            LayoutKind::Debian => Self {
                kind,
                openssl_directory: "/usr/lib/ssl",
                gnutls_source: "/etc/ssl/certs/ca-certificates.crt",
                p11_kit: &["/etc/ssl/certs/ca-certificates.crt"],
                bundle: "/etc/ssl/certs/ca-certificates.crt",
                anchors: &["/usr/local/share/ca-certificates"],
                blocklists: &[],
                generated: &[],
            },
            // openssl.spec: `--openssldir=%{_sysconfdir}/pki/tls`; gnutls.spec:
            // `--with-default-trust-store-pkcs11="pkcs11:"`; p11-kit.spec:
            // `trust_paths`.
            LayoutKind::RedHat => Self {
                kind,
                openssl_directory: "/etc/pki/tls",
                gnutls_source: "pkcs11:",
                p11_kit: &["/etc/pki/ca-trust/source", "/usr/share/pki/ca-trust-source"],
                bundle: "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                anchors: &[
                    "/etc/pki/ca-trust/source/anchors",
                    "/usr/share/pki/ca-trust-source/anchors",
                ],
                blocklists: &[
                    "/etc/pki/ca-trust/source/blocklist",
                    "/usr/share/pki/ca-trust-source/blocklist",
                ],
                generated: &["/etc/pki/ca-trust/extracted"],
            },
            // gnutls.spec: `--with-default-trust-store-dir`.
            LayoutKind::Suse => Self {
                kind,
                openssl_directory: "/etc/ssl",
                gnutls_source: "/var/lib/ca-certificates/pem",
                p11_kit: &["/etc/pki/trust", "/usr/share/pki/trust"],
                bundle: "/var/lib/ca-certificates/ca-bundle.pem",
                anchors: &["/etc/pki/trust/anchors", "/usr/share/pki/trust/anchors"],
                blocklists: &["/etc/pki/trust/blocklist", "/usr/share/pki/trust/blocklist"],
                generated: &["/var/lib/ca-certificates"],
            },
            LayoutKind::Arch => Self {
                kind,
                openssl_directory: "/etc/ssl",
                gnutls_source: "pkcs11:",
                p11_kit: &[
                    "/etc/ca-certificates/trust-source",
                    "/usr/share/ca-certificates/trust-source",
                ],
                bundle: "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
                anchors: &[
                    "/etc/ca-certificates/trust-source/anchors",
                    "/usr/share/ca-certificates/trust-source/anchors",
                ],
                blocklists: &["/etc/ca-certificates/trust-source/blocklist"],
                generated: &["/etc/ca-certificates/extracted"],
            },
            LayoutKind::Alpine => Self {
                kind,
                openssl_directory: "/etc/ssl",
                gnutls_source: "/etc/ssl/certs/ca-certificates.crt",
                p11_kit: &["/etc/ssl/certs/ca-certificates.crt"],
                bundle: "/etc/ssl/certs/ca-certificates.crt",
                anchors: &["/usr/local/share/ca-certificates"],
                blocklists: &[],
                generated: &[],
            },
            LayoutKind::Other => Self {
                kind,
                openssl_directory: "/usr/local/ssl",
                gnutls_source: "/etc/ssl/certs/ca-certificates.crt",
                p11_kit: &[],
                bundle: "/etc/ssl/certs/ca-certificates.crt",
                anchors: &[],
                blocklists: &[],
                generated: &[],
            },
        }
    }

    /// The layout of a distribution, by the words of `ID` and `ID_LIKE`
    /// (os-release(5)), first the most exact; none where no word is known.
    #[must_use]
    pub fn of_distribution<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let kind = words.into_iter().find_map(|word| {
            Some(match word {
                "debian" | "ubuntu" => LayoutKind::Debian,
                "fedora" | "rhel" | "centos" => LayoutKind::RedHat,
                "suse" | "opensuse" | "sles" => LayoutKind::Suse,
                "arch" | "archlinux" => LayoutKind::Arch,
                "alpine" => LayoutKind::Alpine,
                _ => return None,
            })
        })?;
        Some(Self::of(kind))
    }

    /// The layout by what stands on the host, where os-release says nothing.
    #[must_use]
    pub fn of_host(reading: Reading<'_>) -> Self {
        let exists = |path: &str| {
            HostPath::new(path).is_ok_and(|path| reading.snapshot().find(Kind::Raw, &path).is_ok())
        };
        let signs = [
            ("/etc/pki/ca-trust/extracted", LayoutKind::RedHat),
            ("/var/lib/ca-certificates", LayoutKind::Suse),
            ("/etc/ca-certificates/extracted", LayoutKind::Arch),
            ("/usr/lib/ssl/certs", LayoutKind::Debian),
            ("/etc/apk", LayoutKind::Alpine),
        ];
        let kind = signs.iter().find(|(path, _)| exists(path));
        Self::of(kind.map_or(LayoutKind::Other, |(_, kind)| *kind))
    }
}
