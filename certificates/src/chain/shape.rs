//! What is odd about a chain's file itself, whatever the library: its order,
//! certificates that are of no use in it, and roots that need not be sent.

use std::fmt;

use crate::certificate::{Certificate, SelfSignature};

/// Something that is worth knowing of a chain's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The first certificate is an authority, and a later one is not: the
    /// server's own must come first (RFC 8446, 4.4.2).
    LeafNotFirst {
        /// Subject of the one that should come first.
        subject: String,
    },
    /// A certificate does not issue the one before it.
    Order {
        /// Its place, from 1.
        position: usize,
        /// Its subject.
        subject: String,
    },
    /// A certificate is there twice.
    Twice {
        /// Its place, from 1.
        position: usize,
        /// Its subject.
        subject: String,
    },
    /// A root is sent: clients have it, or don't trust it.
    RootSent {
        /// Its subject.
        subject: String,
    },
    /// One certificate alone, whose issuer is another: clients that do not
    /// have the issuer can't build a chain.
    NothingButLeaf {
        /// The issuer.
        issuer: String,
    },
}

impl Remark {
    /// As it is written in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::LeafNotFirst { .. } => "leaf-not-first",
            Self::Order { .. } => "order",
            Self::Twice { .. } => "twice",
            Self::RootSent { .. } => "root-sent",
            Self::NothingButLeaf { .. } => "leaf-alone",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeafNotFirst { subject } => write!(
                formatter,
                "the file begins with an authority; the server's own certificate, {subject}, must be first"
            ),
            Self::Order { position, subject } => write!(
                formatter,
                "certificate {position}, {subject}, does not issue the one before it: RFC 8446 wants the order of the chain"
            ),
            Self::Twice { position, subject } => {
                write!(
                    formatter,
                    "certificate {position}, {subject}, is there twice"
                )
            }
            Self::RootSent { subject } => write!(
                formatter,
                "the root {subject} is sent: clients trust the one that they have"
            ),
            Self::NothingButLeaf { issuer } => write!(
                formatter,
                "no intermediate certificate is sent; the issuer is {issuer}"
            ),
        }
    }
}

/// What is odd about a chain's file.
#[must_use]
pub fn remarks(chain: &[Certificate]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let is_authority = |certificate: &Certificate| certificate.authority == Some(true);
    if let Some(first) = chain.first().filter(|first| is_authority(first))
        && let Some(leaf) = chain.iter().find(|certificate| !is_authority(certificate))
        && first.fingerprint != leaf.fingerprint
    {
        remarks.push(Remark::LeafNotFirst {
            subject: leaf.subject.clone(),
        });
    }
    for (index, pair) in chain.windows(2).enumerate() {
        let [child, parent] = pair else { continue };
        let position = index + 2;
        let subject = parent.subject.clone();
        let before = &chain[..=index];
        if before
            .iter()
            .any(|one| one.fingerprint == parent.fingerprint)
        {
            remarks.push(Remark::Twice { position, subject });
        } else if child.raw_issuer() != parent.raw_subject() {
            remarks.push(Remark::Order { position, subject });
        }
    }
    for root in chain.iter().skip(1) {
        if root.self_signed == SelfSignature::Verified {
            remarks.push(Remark::RootSent {
                subject: root.subject.clone(),
            });
        }
    }
    if let [leaf] = chain
        && !leaf.is_self_issued()
    {
        remarks.push(Remark::NothingButLeaf {
            issuer: leaf.issuer.clone(),
        });
    }
    remarks
}
