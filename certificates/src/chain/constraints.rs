//! Name constraints of an authority (RFC 5280, 4.2.1.10): whether the names
//! of a certificate below it are within what it may issue.

use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::extension::{GeneralName, NameConstraints};
use crate::name_hash::canonical;
use crate::pool::GoRelease;

/// Whose reading of the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Names of SubjectAltName, and none of directories.
    Go(GoRelease),
    /// With the subject as a name of a directory.
    Full,
}

/// The first name of a certificate that an authority may not issue for, in
/// words; none where it may.
pub(super) fn violation(
    constraints: &NameConstraints,
    names: &[GeneralName],
    reading: Reading,
) -> Option<String> {
    for name in names {
        if matches!(reading, Reading::Go(_)) && matches!(name, GeneralName::Directory(..)) {
            continue;
        }
        let of_kind = |list: &'_ [GeneralName]| {
            list.iter()
                .filter(|constraint| is_same_kind(constraint, name))
                .count()
        };
        let covers =
            |list: &[GeneralName]| list.iter().any(|constraint| is_within(name, constraint));
        if of_kind(&constraints.permitted) > 0 && !covers(&constraints.permitted) {
            return Some(format!(
                "{name} is not among the names that it may issue for"
            ));
        }
        if covers(&constraints.excluded) || stands_for(name, &constraints.excluded, reading) {
            return Some(format!(
                "{name} is among the names that it must not issue for"
            ));
        }
    }
    None
}

/// Whether a name with a star stands for one that is excluded, as Go sees it
/// since 1.24.11 and 1.25.5.
fn stands_for(name: &GeneralName, excluded: &[GeneralName], reading: Reading) -> bool {
    let Reading::Go(GoRelease(24..)) = reading else {
        return false;
    };
    let GeneralName::Dns(name) = name else {
        return false;
    };
    let Some(parent) = name.strip_prefix("*.") else {
        return false;
    };
    excluded.iter().any(|constraint| match constraint {
        GeneralName::Dns(constraint) => constraint
            .split_once('.')
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
        _ => false,
    })
}

/// The names of a certificate that constraints are about.
pub(super) fn names(certificate: &Certificate, reading: Reading) -> Vec<GeneralName> {
    let mut names: Vec<GeneralName> = certificate
        .extensions
        .alternative_names
        .iter()
        .flatten()
        .cloned()
        .collect();
    if reading == Reading::Full {
        let subject = certificate.raw_subject().to_vec();
        names.insert(
            0,
            GeneralName::Directory(certificate.subject.clone(), subject),
        );
    }
    names
}

fn is_same_kind(one: &GeneralName, other: &GeneralName) -> bool {
    use GeneralName::{Address, Directory, Dns, Email, Network, Uri};
    matches!(
        (one, other),
        (Dns(_), Dns(_))
            | (Email(_), Email(_))
            | (Uri(_), Uri(_))
            | (Directory(..), Directory(..))
            | (Network(..) | Address(_), Address(_))
    )
}

fn is_within(name: &GeneralName, constraint: &GeneralName) -> bool {
    match (name, constraint) {
        (GeneralName::Dns(name), GeneralName::Dns(constraint)) => dns(name, constraint),
        (GeneralName::Address(address), GeneralName::Network(network, mask)) => {
            is_in_network(*address, *network, *mask)
        }
        (GeneralName::Email(name), GeneralName::Email(constraint)) => email(name, constraint),
        (GeneralName::Uri(name), GeneralName::Uri(constraint)) => {
            uri_host(name).is_some_and(|host| host_within(host, constraint))
        }
        (GeneralName::Directory(_, name), GeneralName::Directory(_, constraint)) => {
            match (canonical(name), canonical(constraint)) {
                (Some(name), Some(constraint)) => name.starts_with(&constraint),
                _ => false,
            }
        }
        _ => false,
    }
}

/// A name is within a constraint if it ends with its labels; a leading dot
/// asks for one label more.
fn dns(name: &str, constraint: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let constraint = constraint.to_ascii_lowercase();
    if constraint.is_empty() {
        return true;
    }
    if constraint.starts_with('.') {
        return name.len() > constraint.len() && name.ends_with(&constraint);
    }
    name.strip_suffix(constraint.as_str())
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The host of an address of mail and of a URI: exact, or below a leading dot.
fn host_within(host: &str, constraint: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let constraint = constraint.to_ascii_lowercase();
    if constraint.starts_with('.') {
        host.len() > constraint.len() && host.ends_with(&constraint)
    } else {
        host == constraint
    }
}

fn email(name: &str, constraint: &str) -> bool {
    let Some((local, host)) = name.rsplit_once('@') else {
        return false;
    };
    match constraint.rsplit_once('@') {
        Some((wanted, wanted_host)) => local == wanted && host.eq_ignore_ascii_case(wanted_host),
        None => host_within(host, constraint),
    }
}

fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.rsplit_once(':').map_or(host, |(host, _)| host))
}

fn is_in_network(address: IpAddr, network: IpAddr, mask: IpAddr) -> bool {
    match (address, network, mask) {
        (IpAddr::V4(address), IpAddr::V4(network), IpAddr::V4(mask)) => {
            address.to_bits() & mask.to_bits() == network.to_bits() & mask.to_bits()
        }
        (IpAddr::V6(address), IpAddr::V6(network), IpAddr::V6(mask)) => {
            address.to_bits() & mask.to_bits() == network.to_bits() & mask.to_bits()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_within_their_domains() {
        for (name, constraint, wanted) in [
            ("a.example.com", "example.com", true),
            ("example.com", "example.com", true),
            ("example.com", ".example.com", false),
            ("badexample.com", "example.com", false),
            ("A.Example.com", "example.COM", true),
            ("anything", "", true),
        ] {
            assert_eq!(dns(name, constraint), wanted, "{name} {constraint}");
        }
    }

    #[test]
    fn hosts_of_uris_are_found() {
        assert_eq!(uri_host("https://a@b.example:8/x"), Some("b.example"));
        assert_eq!(uri_host("urn:x"), None);
    }
}
