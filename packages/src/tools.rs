//! Tools of the command line that speak HTTP: how they are called, where they
//! are looked for, and by which files the library is known that they speak TLS
//! with. The collector takes these files, the engine judges by them.

/// The tools that are looked for, sorted.
pub const NAMES: [&str; 5] = ["aria2c", "curl", "openssl", "wget", "wget2"];

/// Where they are looked for, in this order: the PATH of systemd's services on
/// systems where /usr/bin and /bin differ (DEFAULT_PATH_COMPAT), and of
/// Debian's login shells.
pub const PATH: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// What a name in DT_NEEDED begins with where it is a library of TLS, and how
/// the library is called. That libssl is not OpenSSL's own is told by what the
/// files say of themselves.
pub const TLS_LIBRARIES: [(&str, &str); 6] = [
    ("libssl.so", "OpenSSL"),
    ("libgnutls.so", "GnuTLS"),
    ("libwolfssl.so", "wolfSSL"),
    ("libmbedtls.so", "mbedTLS"),
    ("libssl3.so", "NSS"),
    ("librustls.so", "rustls"),
];

/// The same of libraries that speak HTTP for their tools: what these need of
/// TLS is what the tool speaks. Others that a tool loads may bring a library
/// of TLS for ends of their own, as librtmp brings GnuTLS into curl.
pub const HTTP_LIBRARIES: [&str; 3] = ["libaria2.so", "libcurl", "libwget.so"];

/// Libraries beside them that hold the version of one of TLS.
const CORES: [&str; 3] = ["libcrypto.so", "libmbedcrypto.so", "libnss3.so"];

/// The name of the library of TLS behind a name in DT_NEEDED.
#[must_use]
pub fn tls_library(needed: &str) -> Option<&'static str> {
    let mut known = TLS_LIBRARIES.into_iter();
    let (_, name) = known.find(|(begin, _)| needed.starts_with(begin))?;
    Some(name)
}

/// Whether a name in DT_NEEDED, or of a file, is that of a library that speaks
/// HTTP for a tool.
#[must_use]
pub fn is_http_library(name: &str) -> bool {
    HTTP_LIBRARIES.iter().any(|begin| name.starts_with(begin))
}

/// The file of several tools in one, of which wget is one.
const SEVERAL: &str = "busybox";

/// Whether a file of this name may say of itself what it is: see
/// [`banners`]. That BusyBox names no library of TLS is known only where it
/// was looked for.
#[must_use]
pub fn names_itself(file: &str) -> bool {
    tls_library(file).is_some()
        || is_http_library(file)
        || file.starts_with(SEVERAL)
        || CORES.iter().any(|begin| file.starts_with(begin))
        || NAMES.iter().any(|begin| file.starts_with(begin))
}

/// Bytes of a banner.
const BANNER_BYTES: usize = 256;
/// Banners of one file.
const BANNERS: usize = 64;

/// What stands before the version in a banner.
const NAMED: [&str; 15] = [
    "AWS-LC", "GnuTLS", "LibreSSL", "Mbed TLS", "NSS", "OpenSSL", "Wget", "Wget2", "aria2", "curl",
    "libcurl", "mbed TLS", "rustls", "wget2", "wolfSSL",
];

/// Texts in the read-only data of a program or library that say of it, or of
/// a library inside it, what it is: `OpenSSL 3.0.15 3 Sep 2024`,
/// `libcurl/7.88.1`. Each ends with NUL; printable ASCII, in order, each once.
#[must_use]
pub fn banners(data: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in data.split(|byte| *byte == 0) {
        if found.len() == BANNERS {
            break;
        }
        let Some(text) = printable_end(text) else {
            continue;
        };
        if is_banner(text) && !found.iter().any(|other| other == text) {
            found.push(text.to_owned());
        }
    }
    found
}

/// The printable part of a text up to its NUL: what lies before it is data of
/// another kind.
fn printable_end(text: &[u8]) -> Option<&str> {
    // What is printed as a line has its end with it.
    let text = text.trim_ascii_end();
    let length = text
        .iter()
        .rev()
        .take(BANNER_BYTES + 1)
        .take_while(|byte| matches!(byte, b' '..=b'~'))
        .count();
    let text = text.get(text.len() - length..)?;
    (length <= BANNER_BYTES).then(|| str::from_utf8(text).ok())?
}

fn is_banner(text: &str) -> bool {
    text.ends_with("BoringSSL") || text.ends_with("BoringSSL)") || version_of_any(text).is_some()
}

/// The name and the version in a banner.
fn version_of_any(text: &str) -> Option<(&str, &str)> {
    NAMED
        .iter()
        .find_map(|name| Some((*name, version_in(text, name)?)))
}

/// The version that a banner gives of a name, which stands before it with a
/// blank or a slash between: `3.0.15` in `OpenSSL 3.0.15 3 Sep 2024`.
#[must_use]
pub fn version_in<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(name) {
        let start = from + at;
        from = start + name.len();
        let begins = text[..start]
            .bytes()
            .next_back()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let rest = text.get(from..)?;
        let Some(rest) = rest.strip_prefix([' ', '/']).filter(|_| begins) else {
            continue;
        };
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(byte))
            .count();
        let version = rest.get(..length)?.trim_end_matches(['.', '-', '_']);
        let is_version =
            version.as_bytes().first().is_some_and(u8::is_ascii_digit) && version.contains('.');
        if is_version {
            return Some(version);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_banners() {
        for (text, name, version) in [
            ("OpenSSL 3.0.15 3 Sep 2024", "OpenSSL", Some("3.0.15")),
            ("OpenSSL 1.1.1w  11 Sep 2023", "OpenSSL", Some("1.1.1w")),
            (
                "OpenSSL 3.2.0-beta1 26 Oct 2023",
                "OpenSSL",
                Some("3.2.0-beta1"),
            ),
            ("Enabled GnuTLS 3.7.9 logging...", "GnuTLS", Some("3.7.9")),
            ("libcurl/7.88.1", "libcurl", Some("7.88.1")),
            ("libcurl/7.88.1", "curl", None),
            (
                "curl 7.88.1 (x86_64-pc-linux-gnu) %s",
                "curl",
                Some("7.88.1"),
            ),
            ("GNU Wget2 1.99.1 - multithreaded", "Wget2", Some("1.99.1")),
            ("GNU Wget2 1.99.1 - multithreaded", "Wget", None),
            ("Version: NSS 3.87.1", "NSS", Some("3.87.1")),
            ("OpenSSL %s, OpenSSL 3.0.1.", "OpenSSL", Some("3.0.1")),
            ("OpenSSL 3", "OpenSSL", None),
            ("OpenSSL", "OpenSSL", None),
        ] {
            assert_eq!(version_in(text, name), version, "{text}");
        }
    }

    #[test]
    fn banners_are_found_in_data() {
        let mut data = b"\x01\x02OpenSSL 3.0.15 3 Sep 2024\0nothing 1.2.3\0TLS-SRP\0".to_vec();
        data.extend(b"OpenSSL 3.0.15 3 Sep 2024\0OpenSSL 1.1.1 (compatible; BoringSSL)\0");
        data.extend(vec![b'x'; 300]);
        data.extend(
            b"GnuTLS 3.7.9\0\xff\0GnuTLS %s\0Enabled GnuTLS 3.7.9 logging...\n\0libcurl/8.5.0",
        );
        assert_eq!(
            banners(&data),
            [
                "OpenSSL 3.0.15 3 Sep 2024",
                "OpenSSL 1.1.1 (compatible; BoringSSL)",
                "Enabled GnuTLS 3.7.9 logging...",
                "libcurl/8.5.0"
            ]
        );
    }

    #[test]
    fn names_of_libraries_are_known() {
        assert_eq!(tls_library("libssl.so.3"), Some("OpenSSL"));
        assert_eq!(tls_library("libssl3.so"), Some("NSS"));
        assert_eq!(tls_library("libssh2.so.1"), None);
        assert!(names_itself("libcurl-gnutls.so.4.8.0") && names_itself("libcrypto.so.3"));
        assert!(names_itself("busybox") && !names_itself("libc.so.6"));
        assert!(is_http_library("libcurl-gnutls.so.4") && !is_http_library("libssl.so.3"));
    }
}
