//! Certificates that programs of the host trust: bundles, folders and their
//! sources, in the layouts of all distributions. Private keys stay on the
//! host: see [`reduce`].

mod armour;
mod named;

use casefile_snapshot::{Absence, HostPath, UnknownReason};

use crate::capture::{Capture, Reduced, Rules};
use crate::folders::{self, Extent};

/// Lists that a distribution's tool goes by, and settings of libraries; they
/// hold no certificates, and are taken as they are.
const LISTS: [&str; 2] = ["/etc/ca-certificates.conf", "/etc/gnutls/config"];

/// Bundles, as Go (crypto/x509/root_linux.go), OpenSSL (OPENSSLDIR/cert.pem)
/// and GnuTLS name them.
const BUNDLES: [&str; 13] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl1.1/cert.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/usr/lib/ssl/cert.pem",
    "/usr/local/ssl/cert.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
];

/// Folders of certificates, and how deep they are.
const FOLDERS: [(&str, usize); 15] = [
    // What libraries read.
    ("/etc/ssl/certs", 0),
    ("/etc/ssl1.1/certs", 0),
    ("/etc/pki/tls/certs", 0),
    ("/usr/lib/ssl/certs", 0),
    ("/usr/local/ssl/certs", 0),
    // Sources and outputs: Debian, Alpine and Arch,
    ("/usr/share/ca-certificates", 4),
    ("/usr/local/share/ca-certificates", 4),
    // Red Hat and Fedora,
    ("/usr/share/pki/ca-trust-source", 2),
    ("/usr/share/pki/ca-trust-legacy", 2),
    ("/etc/pki/ca-trust", 4),
    // SUSE,
    ("/usr/share/pki/trust", 2),
    ("/etc/pki/trust", 2),
    ("/var/lib/ca-certificates", 2),
    // Arch.
    ("/etc/ca-certificates/extracted", 2),
    ("/etc/ca-certificates/trust-source", 2),
];

/// Folders of keys: what lies there is never read, whatever leads there.
const KEYS: [&str; 2] = ["/etc/ssl/private", "/etc/pki/tls/private"];

/// Items of one folder. A distribution has some 450.
const ITEMS: usize = 4_096;

const RULES: Rules = Rules {
    bytes: 16 << 20,
    refuse,
    reduce,
};

/// Takes every bundle and every folder, and what processes name.
pub(crate) fn collect(capture: &mut Capture, processes: &[HostPath], asked: &[(String, String)]) {
    for path in LISTS.into_iter().flat_map(HostPath::new) {
        let _ = capture.file(&path);
    }
    // What is not there is recorded as absent.
    for path in BUNDLES.into_iter().flat_map(HostPath::new) {
        let _ = capture.item(&path, &RULES);
    }
    for (folder, depth) in FOLDERS {
        let extent = Extent {
            depth,
            items: ITEMS,
        };
        if let Ok(folder) = HostPath::new(folder) {
            folders::take(capture, &folder, &extent, &RULES);
        }
    }
    named::collect(capture, processes, asked);
}

fn refuse(path: &HostPath) -> Option<Absence> {
    KEYS.into_iter()
        .flat_map(HostPath::new)
        .any(|folder| path.is_within(&folder))
        .then(|| Absence::because(UnknownReason::Redacted, "in a folder of private keys"))
}

/// What is kept of a file among certificates.
///
/// A DER certificate or revocation list is kept, and a text whose PEM blocks
/// are all public. Where a text has another block as well, its public blocks
/// are kept alone, and the others with a body that says so. Of anything else,
/// which holds no certificate, nothing is kept: a key without armour, a Java
/// keystore, a PKCS #12 file.
fn reduce(bytes: Vec<u8>) -> Reduced {
    if is_public_der(&bytes) {
        return Reduced { bytes, places: 0 };
    }
    let wide = bytes.contains(&0) && armour::names_secret(&without_zeros(&bytes));
    if wide {
        return nothing(&bytes);
    }
    match armour::disarm(&bytes) {
        armour::Disarmed::Public => Reduced { bytes, places: 0 },
        armour::Disarmed::Hidden { text, blocks } => Reduced {
            bytes: text,
            places: blocks,
        },
        armour::Disarmed::NoBlocks if bytes.is_empty() || is_p11_kit(&bytes) => {
            Reduced { bytes, places: 0 }
        }
        armour::Disarmed::NoBlocks => nothing(&bytes),
    }
}

fn nothing(bytes: &[u8]) -> Reduced {
    let text = format!("(hidden: {} bytes without a certificate)\n", bytes.len());
    Reduced {
        bytes: text.into_bytes(),
        places: 1,
    }
}

/// UTF-16 texts have a zero beside each character of ASCII.
fn without_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != 0).collect()
}

/// An object of p11-kit's own format without PEM, and no other text: lists of
/// certificates that are not to be trusted are such.
fn is_p11_kit(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty() && !line.starts_with(b"#"))
        .is_some_and(|line| line == b"[p11-kit-object-v1]")
}

/// Whether it is one DER value that has the shape of a certificate (RFC 5280,
/// 4.1) or a revocation list (5.1): a sequence that begins with a sequence
/// that begins with a version, a serial number or an algorithm. Private keys
/// begin with a number (RFC 5958, 8017, 5915, 7292), encrypted ones with an
/// algorithm (RFC 5958).
fn is_public_der(bytes: &[u8]) -> bool {
    let Some((0x30, content, [])) = der_value(bytes) else {
        return false;
    };
    let Some((0x30, signed, rest)) = der_value(content) else {
        return false;
    };
    // A signature algorithm and a signature follow what is signed.
    let Some((0x30, _, rest)) = der_value(rest) else {
        return false;
    };
    matches!(der_value(rest), Some((0x03, _, [])))
        && matches!(signed.first(), Some(0xa0 | 0x02 | 0x30))
}

/// The tag and content of a DER value, and what follows it (X.690, 8.1).
fn der_value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = digits.iter().try_fold(0_usize, |length, digit| {
            Some(length.checked_mul(256)? | usize::from(*digit))
        })?;
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests;
