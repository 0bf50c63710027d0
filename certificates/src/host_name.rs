//! Whether a certificate is for a host, as each library decides. They differ
//! in wildcards, and in whether the common name of the subject still counts.

use std::net::IpAddr;

use super::certificate::Certificate;
use super::der::Reader;
use super::extension::GeneralName;
use super::pool::Library;

/// Whether a library takes a certificate for a host: a name, or an address.
pub(crate) fn matches(library: Library, certificate: &Certificate, host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return certificate
            .extensions
            .addresses()
            .any(|candidate| candidate == address);
    }
    match library {
        Library::Go => go(certificate, host),
        Library::OpenSsl => {
            let common = common_names(certificate.raw_subject());
            with_common_names(certificate, host, &common, openssl)
        }
        Library::GnuTls => {
            let common = gnutls_common_name(certificate);
            with_common_names(certificate, host, common.as_slice(), gnutls)
        }
    }
}

/// crypto/x509, `VerifyHostname`: names of SubjectAltName alone.
fn go(certificate: &Certificate, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let valid = is_host_name(host.strip_suffix('.').unwrap_or(&host), false);
    let name = host.strip_suffix('.').unwrap_or(&host);
    certificate.extensions.dns_names().any(|pattern| {
        let pattern = pattern.to_ascii_lowercase();
        if !valid || !is_host_name(&pattern, true) {
            return pattern == host && pattern != ".";
        }
        let labels: Vec<&str> = pattern.split('.').collect();
        let wanted: Vec<&str> = name.split('.').collect();
        labels.len() == wanted.len()
            && labels
                .iter()
                .zip(&wanted)
                .enumerate()
                .all(|(index, (label, wanted))| index == 0 && *label == "*" || label == wanted)
    })
}

/// `validHostname` of crypto/x509.
fn is_host_name(name: &str, pattern: bool) -> bool {
    if name.is_empty() || name == "*" {
        return false;
    }
    name.split('.').enumerate().all(|(index, label)| {
        let valid = !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        valid || pattern && index == 0 && label == "*"
    })
}

/// SubjectAltName, and the common names that count where it has no name of a
/// host (X509_check_host(3), gnutls_x509_crt_check_hostname(3)).
fn with_common_names(
    certificate: &Certificate,
    host: &str,
    common: &[String],
    equal: impl Fn(&str, &str) -> bool,
) -> bool {
    let host = host.to_ascii_lowercase();
    let mut names = certificate.extensions.dns_names().peekable();
    if names.peek().is_some() {
        return names.any(|pattern| equal(&pattern.to_ascii_lowercase(), &host));
    }
    common
        .iter()
        .any(|name| equal(&name.to_ascii_lowercase(), &host))
}

/// The common name that GnuTLS looks at (lib/x509/hostname-verify.c): the one
/// that there is, and none beside an address or a URI (RFC 6125, 1.8).
fn gnutls_common_name(certificate: &Certificate) -> Option<String> {
    let mut others = certificate.extensions.alternative_names.iter().flatten();
    if others.any(|name| matches!(name, GeneralName::Address(_) | GeneralName::Uri(_))) {
        return None;
    }
    let mut names = common_names(certificate.raw_subject());
    let only = names.pop()?;
    names.is_empty().then_some(only)
}

/// `do_x509_check` and `valid_star` of OpenSSL (crypto/x509/v3_utl.c): a star
/// in the first label, also as a part of it, with two labels behind.
fn openssl(pattern: &str, host: &str) -> bool {
    if pattern == host {
        return true;
    }
    let Some((first, rest)) = pattern.split_once('.') else {
        return false;
    };
    let Some((before, after)) = first.split_once('*') else {
        return false;
    };
    let whole = before.is_empty() && after.is_empty();
    // A part of a label that is in Punycode is no text to match with.
    if after.contains('*') || !whole && first.starts_with("xn--") || rest.contains('*') {
        return false;
    }
    // `valid_star`: at least two labels follow, none of them empty.
    if !rest.contains('.') || rest.split('.').any(str::is_empty) {
        return false;
    }
    let Some((label, host_rest)) = host.split_once('.') else {
        return false;
    };
    let fits = label.len() >= before.len() + after.len() + usize::from(whole)
        && label.starts_with(before)
        && label.ends_with(after);
    fits && host_rest == rest && (whole || !label.starts_with("xn--"))
}

/// `_gnutls_hostname_compare` (lib/str.c): a star as the whole first label,
/// with two labels behind.
fn gnutls(pattern: &str, host: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("*.") {
        return rest.contains('.')
            && host
                .split_once('.')
                .is_some_and(|(label, host_rest)| !label.is_empty() && host_rest == rest);
    }
    pattern == host
}

/// The common names of a subject in DER, in order.
pub(crate) fn common_names(subject: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let Some(list) = Reader::new(subject).tagged(0x30) else {
        return names;
    };
    for set in Reader::new(list.content) {
        for attribute in Reader::new(set.content) {
            let mut parts = Reader::new(attribute.content);
            let is_common = parts
                .tagged(6)
                .is_some_and(|oid| oid.content == [0x55, 0x04, 0x03]);
            if let (true, Some(value)) = (is_common, parts.value())
                && let Ok(text) = std::str::from_utf8(value.content)
            {
                names.push(text.to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openssl_takes_stars_in_the_first_label() {
        for (pattern, host, wanted) in [
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.example.com", false),
            ("*.com", "example.com", false),
            ("w*.example.com", "www.example.com", true),
            ("*w.example.com", "www.example.com", true),
            ("a*b.example.com", "acb.example.com", true),
            ("a.*.com", "a.b.com", false),
            ("**.example.com", "aa.example.com", false),
        ] {
            assert_eq!(openssl(pattern, host), wanted, "{pattern} {host}");
        }
    }

    #[test]
    fn gnutls_takes_a_star_as_the_first_label() {
        assert!(gnutls("*.example.com", "a.example.com"));
        assert!(!gnutls("*.com", "example.com"));
        assert!(!gnutls("w*.example.com", "www.example.com"));
    }
}
