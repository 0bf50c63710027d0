//! Certificates, and what libraries make of them: what a file holds, what Go,
//! OpenSSL and GnuTLS trust on a host, and whether they take a server's chain.
//! Pure functions over bytes and snapshots; nothing is read from a host.

mod certificate;
pub mod chain;
mod der;
mod drift;
mod extension;
mod file;
mod host_name;
mod key;
mod layout;
mod listed;
mod mozilla;
mod name;
mod name_hash;
pub mod p11_kit;
mod pem;
pub mod pool;
mod private_key;
pub mod reading;
mod signature;
mod strict;
mod trusted;

pub use self::certificate::{Certificate, SelfSignature};
pub use self::drift::{Drift, DriftKind, drifts};
pub use self::extension::{
    AuthorityKey, BasicConstraints, Extensions, GeneralName, KeyUsage, NameConstraints, SERVER_AUTH,
};
pub use self::file::{BlockError, CertificateFile, Entry, FileError, Form, LIMIT_BYTES};
pub use self::key::Key;
pub use self::layout::{Layout, LayoutKind};
pub use self::mozilla::{KnownRoot, KnownRoots};
pub use self::name_hash::{canonical, subject_hash};
pub use self::pem::{Block, Label, blocks};
pub use self::private_key::{PrivateKeyError, PublicPart};
pub use self::signature::Outcome;
pub use self::strict::Departure;
pub use self::trusted::TrustSettings;
