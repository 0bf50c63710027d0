//! The interface `trust`.

use super::contract::trust::{self as contract, Host, Stores};
use super::contract::types::{Absence, Evidence};
use crate::facts::Fact;
use crate::facts::trust::{Certificate, Key, SelfSignature, Store, StoreKind, StoredCertificate};
use crate::sandbox::state::State;

/// Certificates of one page.
const PAGE: u32 = 256;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 160;

impl Host for State {
    fn get_stores(&mut self) -> wasmtime::Result<Result<Stores, Absence>> {
        let facts = self.facts.clone();
        let mut stores = Stores {
            known: Vec::new(),
            unknown: Vec::new(),
        };
        let mut absent = None;
        for fact in facts.trust_stores() {
            match &*fact {
                Ok(fact) => {
                    let real_path = fact.value.real_path.as_str().len();
                    self.charge(RECORD_BYTES + fact.value.path.len() + real_path)?;
                    let (store, evidence) = self.record(borrowed(fact));
                    stores.known.push(store_to_contract(store, evidence));
                }
                Err(missing) => {
                    let proven = missing.absence == casefile_snapshot::Absence::Absent;
                    self.charge(RECORD_BYTES + missing.path.len())?;
                    let absence = self.miss(missing.clone());
                    if proven {
                        absent.get_or_insert(absence);
                    } else {
                        stores.unknown.push(absence);
                    }
                }
            }
        }
        Ok(match absent {
            Some(absence) if stores.known.is_empty() && stores.unknown.is_empty() => Err(absence),
            _ => Ok(stores),
        })
    }

    fn certificates(
        &mut self,
        store: String,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<contract::Certificate>, Absence>> {
        self.charge(store.len())?;
        let fact = match self.facts.clone().trust_store(&store) {
            Ok(fact) => fact,
            Err(missing) => return Ok(Err(self.miss(missing))),
        };
        match &*fact {
            Ok(fact) => self.page(&fact.value, offset, limit.min(PAGE)),
            Err(missing) => Ok(Err(self.miss(missing.clone()))),
        }
    }
}

impl State {
    /// Members of a store, up to the first that could not be read; that one
    /// is the answer where the page begins with it.
    fn page(
        &mut self,
        store: &Store,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<contract::Certificate>, Absence>> {
        self.record(Fact {
            value: (),
            sources: store.sources.clone(),
        });
        let mut certificates = Vec::new();
        let members = store.members.iter().skip(offset as usize);
        for member in members.take(limit as usize) {
            match member {
                Ok(fact) => {
                    self.charge(size(&fact.value))?;
                    let (stored, evidence) = self.record(borrowed(fact));
                    certificates.push(certificate_to_contract(stored, evidence));
                }
                Err(missing) if certificates.is_empty() => {
                    return Ok(Err(self.miss(missing.clone())));
                }
                Err(_) => break,
            }
        }
        Ok(Ok(certificates))
    }
}

/// A fact whose value stays where it is.
fn borrowed<T>(fact: &Fact<T>) -> Fact<&T> {
    Fact {
        value: &fact.value,
        sources: fact.sources.clone(),
    }
}

/// Bytes that a certificate's record takes.
fn size(stored: &StoredCertificate) -> usize {
    let certificate = stored.certificate();
    RECORD_BYTES
        + stored.path().as_str().len()
        + certificate.fingerprint.len()
        + certificate.key_fingerprint.len()
        + certificate.subject.len()
        + certificate.issuer.len()
        + certificate.serial.len()
        + match &certificate.key {
            Key::Rsa { exponent, .. } => exponent.len(),
            _ => 0,
        }
}

fn store_to_contract(store: &Store, evidence: Evidence) -> contract::Store {
    contract::Store {
        path: store.path.to_owned(),
        kind: match store.kind {
            StoreKind::Bundle => contract::StoreKind::Bundle,
            StoreKind::Directory => contract::StoreKind::Directory,
        },
        real_path: store.real_path.to_string(),
        certificates: store.certificates,
        unparsable: store.unparsable,
        evidence,
    }
}

fn certificate_to_contract(
    stored: &StoredCertificate,
    evidence: Evidence,
) -> contract::Certificate {
    let certificate: Certificate = stored.certificate().clone();
    contract::Certificate {
        path: stored.path().to_string(),
        position: certificate.position,
        fingerprint: certificate.fingerprint,
        key_fingerprint: certificate.key_fingerprint,
        subject: certificate.subject,
        issuer: certificate.issuer,
        serial: certificate.serial,
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        version: certificate.version,
        authority: certificate.authority,
        key: key_to_contract(certificate.key),
        signature: certificate.signature,
        self_signed: match certificate.self_signed {
            SelfSignature::Verified => contract::SelfSignature::Verified,
            SelfSignature::Wrong => contract::SelfSignature::Wrong,
            SelfSignature::NotSelfIssued => contract::SelfSignature::NotSelfIssued,
            SelfSignature::Unsupported => contract::SelfSignature::Unsupported,
        },
        evidence,
    }
}

fn key_to_contract(key: Key) -> contract::Key {
    match key {
        Key::Rsa { bits, exponent } => contract::Key::Rsa((bits, exponent)),
        Key::Elliptic { curve, bits } => contract::Key::Elliptic((curve, bits)),
        Key::EllipticExplicit => contract::Key::EllipticExplicit,
        Key::Dsa(bits) => contract::Key::Dsa(bits),
        Key::Edwards(name) => contract::Key::Edwards(name.to_owned()),
        Key::Other(oid) => contract::Key::Other(oid),
    }
}
