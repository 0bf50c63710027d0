//! Extensions of a certificate (RFC 5280, section 4.2) that decide about
//! chains. Each is read on its own: one that is damaged does not hide others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{
    GeneralName as ParsedName, NameConstraints as ParsedConstraints, ParsedExtension, X509Extension,
};

use super::name;

/// `id-kp-serverAuth`.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// `anyExtendedKeyUsage`.
pub(crate) const ANY_PURPOSE: &str = "2.5.29.37.0";
/// Names of one certificate: browsers stop at some thousands.
const NAMES: usize = 10_000;

/// What extensions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// BasicConstraints.
    pub basic_constraints: Option<BasicConstraints>,
    /// KeyUsage.
    pub key_usage: Option<KeyUsage>,
    /// ExtendedKeyUsage, by object identifier.
    pub extended_key_usage: Option<Vec<String>>,
    /// SubjectAltName.
    pub alternative_names: Option<Vec<GeneralName>>,
    /// NameConstraints.
    pub name_constraints: Option<NameConstraints>,
    /// SubjectKeyIdentifier.
    pub subject_key: Option<Vec<u8>>,
    /// AuthorityKeyIdentifier.
    pub authority_key: Option<AuthorityKey>,
    /// PolicyConstraints: requireExplicitPolicy is there.
    pub explicit_policy: bool,
    /// Identifiers of critical extensions.
    pub critical: Vec<String>,
    /// Identifiers of critical extensions that none of the libraries knows.
    pub unknown_critical: Vec<String>,
    /// Identifiers of extensions that are there twice.
    pub duplicate: Vec<String>,
    /// Identifiers of extensions that could not be read.
    pub damaged: Vec<String>,
}

/// BasicConstraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// cA.
    pub authority: bool,
    /// pathLenConstraint.
    pub path_length: Option<u32>,
}

/// Bits of KeyUsage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(
    /// Bit 0 is digitalSignature, bit 5 keyCertSign (RFC 5280, 4.2.1.3).
    pub u16,
);

impl KeyUsage {
    /// Names of the bits, as RFC 5280 writes them.
    pub const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// keyCertSign.
    #[must_use]
    pub const fn signs_certificates(self) -> bool {
        self.0 & (1 << 5) != 0
    }

    /// What a server's key needs one of: digitalSignature, keyEncipherment,
    /// keyAgreement.
    #[must_use]
    pub const fn serves(self) -> bool {
        self.0 & 0b1_0101 != 0
    }

    /// The names of the bits that are set.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let bits = Self::NAMES.iter().enumerate();
        bits.filter(|(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| *name)
            .collect()
    }
}

/// AuthorityKeyIdentifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityKey {
    /// keyIdentifier.
    pub identifier: Option<Vec<u8>>,
    /// Serial number of the issuer's certificate, in DER's bytes.
    pub serial: Option<Vec<u8>>,
}

/// A name of a subject, or of a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// dNSName.
    Dns(String),
    /// iPAddress of 4 or 16 bytes.
    Address(IpAddr),
    /// iPAddress of a constraint: address and mask.
    Network(IpAddr, IpAddr),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// directoryName: its text, and its DER.
    Directory(String, Vec<u8>),
    /// Anything else.
    Other(&'static str),
}

impl std::fmt::Display for GeneralName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dns(name) => write!(formatter, "DNS:{}", name::escape(name)),
            Self::Address(address) => write!(formatter, "IP:{address}"),
            Self::Network(address, mask) => write!(formatter, "IP:{address}/{mask}"),
            Self::Email(name) => write!(formatter, "email:{}", name::escape(name)),
            Self::Uri(name) => write!(formatter, "URI:{}", name::escape(name)),
            Self::Directory(name, _) => write!(formatter, "DirName:{name}"),
            Self::Other(kind) => write!(formatter, "{kind}"),
        }
    }
}

/// NameConstraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// permittedSubtrees.
    pub permitted: Vec<GeneralName>,
    /// excludedSubtrees.
    pub excluded: Vec<GeneralName>,
}

/// Reads the extensions of a certificate.
pub(crate) fn read(certificate: &X509Certificate<'_>) -> Extensions {
    let mut extensions = Extensions::default();
    let mut seen = Vec::new();
    for extension in certificate.extensions() {
        let oid = extension.oid.to_id_string();
        if seen.contains(&oid) {
            extensions.duplicate.push(oid);
            continue;
        }
        extensions.take(extension, &oid);
        seen.push(oid);
    }
    extensions
}

impl Extensions {
    fn take(&mut self, extension: &X509Extension<'_>, oid: &str) {
        if extension.critical {
            self.critical.push(oid.to_owned());
        }
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(constraints) => {
                self.basic_constraints = Some(BasicConstraints {
                    authority: constraints.ca,
                    path_length: constraints.path_len_constraint,
                });
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.extended_key_usage = purposes(extension.value);
                if self.extended_key_usage.is_none() {
                    self.damaged.push(oid.to_owned());
                }
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                let names = names.general_names.iter().take(NAMES);
                self.alternative_names = Some(names.map(general_name).collect());
            }
            ParsedExtension::NameConstraints(constraints) => {
                self.name_constraints = Some(name_constraints(constraints));
            }
            ParsedExtension::SubjectKeyIdentifier(key) => self.subject_key = Some(key.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(key) => {
                self.authority_key = Some(AuthorityKey {
                    identifier: key.key_identifier.as_ref().map(|key| key.0.to_vec()),
                    serial: key.authority_cert_serial.map(<[u8]>::to_vec),
                });
            }
            ParsedExtension::PolicyConstraints(constraints) => {
                self.explicit_policy = constraints.require_explicit_policy.is_some();
            }
            ParsedExtension::ParseError { .. } => self.damaged.push(oid.to_owned()),
            _ if extension.critical && !KNOWN.contains(&oid) => {
                self.unknown_critical.push(oid.to_owned());
            }
            _ => {}
        }
    }

    /// The names of a kind, in order.
    pub(crate) fn dns_names(&self) -> impl Iterator<Item = &str> {
        let names = self.alternative_names.iter().flatten();
        names.filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The addresses of the subject.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        let names = self.alternative_names.iter().flatten();
        names.filter_map(|name| match name {
            GeneralName::Address(address) => Some(*address),
            _ => None,
        })
    }

    /// Whether ExtendedKeyUsage allows a purpose; without the extension all
    /// are allowed.
    #[must_use]
    pub fn allows(&self, purpose: &str, any: bool) -> bool {
        self.extended_key_usage.as_ref().is_none_or(|purposes| {
            purposes
                .iter()
                .any(|allowed| allowed == purpose || any && allowed == ANY_PURPOSE)
        })
    }
}

/// Extensions beside those above that the libraries handle where they are
/// critical: policies, and what says where to ask for revocations.
const KNOWN: [&str; 6] = [
    "2.5.29.17",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.54",
];

/// Identifiers of ExtendedKeyUsage in their order, which x509-parser loses.
fn purposes(value: &[u8]) -> Option<Vec<String>> {
    let list = super::der::Reader::new(value).tagged(0x30)?;
    super::der::Reader::new(list.content)
        .map(|value| match value.tag {
            6 => super::der::object_identifier(value.content),
            _ => None,
        })
        .collect()
}

fn name_constraints(constraints: &ParsedConstraints<'_>) -> NameConstraints {
    let list = |subtrees: &Option<Vec<_>>| {
        let subtrees = subtrees.iter().flatten().take(NAMES);
        subtrees
            .map(|subtree: &x509_parser::extensions::GeneralSubtree<'_>| {
                general_name(&subtree.base)
            })
            .collect()
    };
    NameConstraints {
        permitted: list(&constraints.permitted_subtrees),
        excluded: list(&constraints.excluded_subtrees),
    }
}

fn general_name(name: &ParsedName<'_>) -> GeneralName {
    match name {
        ParsedName::DNSName(name) => GeneralName::Dns((*name).to_owned()),
        ParsedName::RFC822Name(name) => GeneralName::Email((*name).to_owned()),
        ParsedName::URI(name) => GeneralName::Uri((*name).to_owned()),
        ParsedName::DirectoryName(name) => {
            GeneralName::Directory(name::text(name), name.as_raw().to_vec())
        }
        ParsedName::IPAddress(bytes) => address(bytes).unwrap_or(GeneralName::Other("IP:damaged")),
        ParsedName::OtherName(..) => GeneralName::Other("otherName"),
        ParsedName::RegisteredID(_) => GeneralName::Other("registeredID"),
        ParsedName::X400Address(_) => GeneralName::Other("x400Address"),
        ParsedName::EDIPartyName(_) => GeneralName::Other("ediPartyName"),
        ParsedName::Invalid(..) => GeneralName::Other("damaged"),
    }
}

/// An address, or address and mask (RFC 5280, 4.2.1.6 and 4.2.1.10).
fn address(bytes: &[u8]) -> Option<GeneralName> {
    let one = |bytes: &[u8]| -> Option<IpAddr> {
        if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
            return Some(Ipv4Addr::from(bytes).into());
        }
        let bytes = <[u8; 16]>::try_from(bytes).ok()?;
        Some(Ipv6Addr::from(bytes).into())
    };
    match bytes.len() {
        4 | 16 => Some(GeneralName::Address(one(bytes)?)),
        8 | 32 => {
            let (address, mask) = bytes.split_at(bytes.len() / 2);
            Some(GeneralName::Network(one(address)?, one(mask)?))
        }
        _ => None,
    }
}
