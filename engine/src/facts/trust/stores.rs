//! Where TLS libraries look for trust anchors, on any distribution: paths
//! that are compiled into Go, OpenSSL and GnuTLS. Variables (`SSL_CERT_FILE`)
//! can point elsewhere; they belong to a process, not to the host.

use super::StoreKind;

/// A place that is compiled into a library.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// As the library names it.
    pub(super) path: &'static str,
    /// A bundle or a directory.
    pub(super) kind: StoreKind,
    /// Who reads the files of a directory, and so how.
    pub(super) reader: Reader,
}

/// How files of a store are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// PEM alone. In directories hash links are other names of files that
    /// are there as well, and Go skips them (crypto/x509 `isSameDirSymlink`).
    Pem,
    /// PEM or DER: p11-kit(8), the store of GnuTLS on Red Hat, SUSE and Arch.
    PemOrDer,
}

const fn bundle(path: &'static str) -> Place {
    Place {
        path,
        kind: StoreKind::Bundle,
        reader: Reader::Pem,
    }
}

const fn directory(path: &'static str) -> Place {
    Place {
        path,
        kind: StoreKind::Directory,
        reader: Reader::Pem,
    }
}

const fn anchors(path: &'static str) -> Place {
    Place {
        path,
        kind: StoreKind::Directory,
        reader: Reader::PemOrDer,
    }
}

/// Every place, bundles first, in the order in which Go tries them.
pub(super) const PLACES: &[Place] = &[
    // Go: crypto/x509/root_linux.go, `certFiles`. The first is also GnuTLS's
    // on Debian (--with-default-trust-store-file).
    bundle("/etc/ssl/certs/ca-certificates.crt"),
    bundle("/etc/pki/tls/certs/ca-bundle.crt"),
    bundle("/etc/ssl/ca-bundle.pem"),
    bundle("/etc/pki/tls/cacert.pem"),
    bundle("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    bundle("/etc/ssl/cert.pem"),
    // OpenSSL: `cert.pem` of OPENSSLDIR (X509_get_default_cert_file(3)), which
    // is /usr/lib/ssl on Debian, /etc/pki/tls on Red Hat, /etc/ssl on Alpine,
    // Arch and SUSE (above), /etc/ssl1.1 for Alpine's OpenSSL 1.1, and
    // /usr/local/ssl where nobody chose another.
    bundle("/usr/lib/ssl/cert.pem"),
    bundle("/etc/pki/tls/cert.pem"),
    bundle("/etc/ssl1.1/cert.pem"),
    bundle("/usr/local/ssl/cert.pem"),
    // Go: crypto/x509/root_linux.go, `certDirectories`; all of them are read.
    directory("/etc/ssl/certs"),
    directory("/etc/pki/tls/certs"),
    // OpenSSL: `certs` of OPENSSLDIR, where it is no other path of this list.
    directory("/usr/lib/ssl/certs"),
    directory("/etc/ssl1.1/certs"),
    directory("/usr/local/ssl/certs"),
    // GnuTLS through p11-kit: `anchors` of its trust paths (--with-trust-paths
    // of the packages p11-kit of Red Hat, SUSE and Arch). The bundles of these
    // distributions are made of them.
    anchors("/etc/pki/ca-trust/source/anchors"),
    anchors("/usr/share/pki/ca-trust-source/anchors"),
    anchors("/etc/pki/trust/anchors"),
    anchors("/usr/share/pki/trust/anchors"),
    anchors("/etc/ca-certificates/trust-source/anchors"),
    anchors("/usr/share/ca-certificates/trust-source/anchors"),
];
