//! The interface `trust`.

use casefile_certificates::pool::{GoRelease, Library, Request};
use casefile_certificates::{DriftKind, GeneralName, KeyUsage, KnownRoot, KnownRoots, LayoutKind};

use super::contract::trust::{
    self as contract, Details, Drift, Host, Layout, Pool, PoolCertificate, PoolRequest, Stores,
};
use super::contract::types::{Absence, Evidence};
use crate::facts::trust::{Certificate, Key, SelfSignature, Store, StoreKind, StoredCertificate};
use crate::facts::{Fact, Missing};
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

    fn get_layout(&mut self) -> wasmtime::Result<Result<Layout, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().trust_layout();
        Ok(match &*fact {
            Err(missing) => Err(self.miss(missing.clone())),
            Ok(fact) => {
                let (layout, evidence) = self.record(borrowed(fact));
                Ok(Layout {
                    kind: layout_kind(layout.kind),
                    openssl_directory: layout.openssl_directory.to_owned(),
                    gnutls_source: layout.gnutls_source.to_owned(),
                    evidence,
                })
            }
        })
    }

    fn get_pool(&mut self, request: PoolRequest) -> wasmtime::Result<Result<Pool, Absence>> {
        let request = match self.pool_request(request)? {
            Ok(request) => request,
            Err(absence) => return Ok(Err(absence)),
        };
        let fact = self.facts.clone().pool(&request);
        let fact = match &*fact {
            Err(missing) => return Ok(Err(self.miss(missing.clone()))),
            Ok(fact) => fact,
        };
        let (pool, _) = self.record(borrowed(fact));
        let mut unknown = Vec::new();
        for missing in &pool.unknown {
            self.charge(RECORD_BYTES)?;
            unknown.push(self.miss(missing.clone().into()));
        }
        let mut sources = Vec::new();
        for place in &pool.places {
            self.charge(RECORD_BYTES + place.path.len())?;
            sources.push(contract::PoolSource {
                path: place.path.clone(),
                kind: if place.directory {
                    contract::StoreKind::Directory
                } else {
                    contract::StoreKind::Bundle
                },
                present: place.present,
                added: place.added,
            });
        }
        Ok(Ok(Pool {
            count: count(pool.count()),
            sources,
            rejected: count(pool.rejected()),
            unknown,
        }))
    }

    fn pool_certificates(
        &mut self,
        request: PoolRequest,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<PoolCertificate>, Absence>> {
        let request = match self.pool_request(request)? {
            Ok(request) => request,
            Err(absence) => return Ok(Err(absence)),
        };
        let fact = self.facts.clone().pool(&request);
        let fact = match &*fact {
            Err(missing) => return Ok(Err(self.miss(missing.clone()))),
            Ok(fact) => fact,
        };
        let (pool, _) = self.record(borrowed(fact));
        let mut page = Vec::new();
        for member in page_of(&pool.members, offset, limit) {
            let certificate = member.certificate();
            let fingerprint = certificate.map_or("", |one| one.fingerprint.as_str());
            let subject = certificate.map_or("", |one| one.subject.as_str());
            let rejected = member.rejected.as_deref();
            let bytes = subject.len() + member.path.as_str().len() + rejected.map_or(0, str::len);
            self.charge(RECORD_BYTES + bytes)?;
            let ((), evidence) = self.record(Fact {
                value: (),
                sources: member.sources.clone(),
            });
            page.push(PoolCertificate {
                fingerprint: fingerprint.to_owned(),
                subject: subject.to_owned(),
                path: member.path.to_string(),
                position: member.position(),
                rejected: rejected.map(str::to_owned),
                evidence,
            });
        }
        Ok(Ok(page))
    }

    fn get_details(&mut self, fingerprint: String) -> wasmtime::Result<Result<Details, Absence>> {
        self.charge(fingerprint.len())?;
        let fact = match self.facts.clone().stored_certificate(&fingerprint) {
            Ok(fact) => fact,
            Err(missing) => return Ok(Err(self.miss(missing))),
        };
        let (stored, evidence) = self.record(fact);
        let Some(certificate) = stored.certificate() else {
            // Found by its fingerprint: it is one.
            return Ok(Err(self.miss(Missing::not_collected(fingerprint))));
        };
        let details = details_to_contract(certificate, evidence);
        let lists = [
            &details.alternative_names,
            &details.permitted,
            &details.excluded,
            &details.unknown_critical,
            &details.departures,
        ];
        let bytes = lists.iter().flat_map(|list| list.iter()).map(String::len);
        self.charge(RECORD_BYTES + bytes.sum::<usize>())?;
        Ok(Ok(details))
    }

    fn get_known_roots(&mut self) -> wasmtime::Result<contract::KnownRoots> {
        self.charge(0)?;
        Ok(contract::KnownRoots {
            date: KnownRoots::DATE,
            count: count(KnownRoots::list().iter().len()),
        })
    }

    fn find_known_root(
        &mut self,
        fingerprint: String,
    ) -> wasmtime::Result<Result<contract::KnownRoot, Absence>> {
        self.charge(RECORD_BYTES + fingerprint.len())?;
        Ok(match KnownRoots::list().find(&fingerprint) {
            Some(root) => match self.facts.clone().distrust_after(&root.fingerprint) {
                Ok(date) => Ok(known_root(root, self.record(date).0)),
                Err(missing) => Err(self.miss(missing)),
            },
            // What the engine knows of the list is no evidence of the host.
            None => Err(crate::sandbox::state::absence(
                &fingerprint,
                &casefile_snapshot::Absence::Absent,
            )),
        })
    }

    fn missing_known_roots(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<contract::KnownRoot>, Absence>> {
        self.charge(0)?;
        let fact = self.facts.clone().missing_known_roots();
        let fact = match &*fact {
            Err(missing) => return Ok(Err(self.miss(missing.clone()))),
            Ok(fact) => fact,
        };
        let (roots, _) = self.record(borrowed(fact));
        let mut page = Vec::new();
        for root in page_of(roots, offset, limit) {
            self.charge(RECORD_BYTES + root.subject.len())?;
            // What the host's files say of a root that no store has, known or
            // not, is of no weight: the list's own date stands in.
            let date = match self.facts.clone().distrust_after(&root.fingerprint) {
                Ok(date) => self.record(date).0,
                Err(_) => root.distrust_after,
            };
            page.push(known_root(root, date));
        }
        Ok(Ok(page))
    }

    fn drifts(&mut self, offset: u32, limit: u32) -> wasmtime::Result<Result<Vec<Drift>, Absence>> {
        self.charge(0)?;
        let fact = self.facts.clone().trust_drifts();
        let fact = match &*fact {
            Err(missing) => return Ok(Err(self.miss(missing.clone()))),
            Ok(fact) => fact,
        };
        let (drifts, _) = self.record(borrowed(fact));
        let mut page = Vec::new();
        for entry in page_of(drifts, offset, limit) {
            let drift = match entry {
                Ok(drift) => drift,
                // As with certificates: it takes one index.
                Err(missing) if page.is_empty() => {
                    return Ok(Err(self.miss(missing.clone().into())));
                }
                Err(_) => break,
            };
            let bytes = drift.path.as_str().len() + drift.subject.len() + drift.detail.len();
            self.charge(RECORD_BYTES + bytes)?;
            let ((), evidence) = self.record(Fact {
                value: (),
                sources: drift.sources.clone(),
            });
            page.push(Drift {
                kind: drift_kind(drift.kind),
                path: drift.path.to_string(),
                subject: drift.subject.clone(),
                detail: drift.detail.clone(),
                evidence,
            });
        }
        Ok(Ok(page))
    }
}

/// A page of a list.
fn page_of<T>(list: &[T], offset: u32, limit: u32) -> impl Iterator<Item = &T> {
    list.iter()
        .skip(offset as usize)
        .take(limit.min(PAGE) as usize)
}

/// A root of Mozilla's list.
fn known_root(root: &KnownRoot, distrust_after: Option<i64>) -> contract::KnownRoot {
    contract::KnownRoot {
        fingerprint: root.fingerprint.clone(),
        subject: root.subject.clone(),
        distrust_after,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl State {
    /// Which pool a policy asks for; an absence where it asks for none that
    /// there is.
    fn pool_request(&mut self, request: PoolRequest) -> wasmtime::Result<Result<Request, Absence>> {
        let texts = [
            &request.version,
            &request.certificate_file,
            &request.certificate_directory,
        ];
        let bytes = texts.into_iter().flatten().map(String::len);
        self.charge(RECORD_BYTES + bytes.sum::<usize>())?;
        let go = match request.version.as_deref().map(str::parse::<GoRelease>) {
            None => GoRelease::NEWEST,
            Some(Ok(release)) => release,
            Some(Err(error)) => {
                let version = request.version.unwrap_or_default();
                return Ok(Err(
                    self.miss(Missing::bad_name(&version, error.to_string()))
                ));
            }
        };
        Ok(Ok(Request {
            library: match request.library {
                contract::Library::Go => Library::Go,
                contract::Library::Openssl => Library::OpenSsl,
                contract::Library::Gnutls => Library::GnuTls,
            },
            go,
            certificate_file: request.certificate_file,
            certificate_directory: request.certificate_directory,
        }))
    }

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
                    let (stored, evidence) = self.record(borrowed(fact));
                    // Members of a store are those that parse.
                    if let Some(certificate) = stored.certificate() {
                        self.charge(size(stored, certificate))?;
                        certificates.push(certificate_to_contract(stored, certificate, evidence));
                    }
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
fn size(stored: &StoredCertificate, certificate: &Certificate) -> usize {
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
    certificate: &Certificate,
    evidence: Evidence,
) -> contract::Certificate {
    let certificate = certificate.clone();
    contract::Certificate {
        path: stored.path().to_string(),
        position: stored.position(),
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
        Key::Rsa { bits, exponent, .. } => contract::Key::Rsa((bits, exponent)),
        Key::Elliptic { curve, bits } => contract::Key::Elliptic((curve, bits)),
        Key::EllipticExplicit => contract::Key::EllipticExplicit,
        Key::Dsa(bits) => contract::Key::Dsa(bits),
        Key::Edwards(name) => contract::Key::Edwards(name.to_owned()),
        Key::Other(oid) => contract::Key::Other(oid),
    }
}

fn layout_kind(kind: LayoutKind) -> contract::LayoutKind {
    match kind {
        LayoutKind::Debian => contract::LayoutKind::Debian,
        LayoutKind::RedHat => contract::LayoutKind::RedHat,
        LayoutKind::Suse => contract::LayoutKind::Suse,
        LayoutKind::Arch => contract::LayoutKind::Arch,
        LayoutKind::Alpine => contract::LayoutKind::Alpine,
        LayoutKind::Other => contract::LayoutKind::Other,
    }
}

fn drift_kind(kind: DriftKind) -> contract::DriftKind {
    match kind {
        DriftKind::NotInBundle => contract::DriftKind::NotInBundle,
        DriftKind::WithoutSource => contract::DriftKind::WithoutSource,
        DriftKind::Stale => contract::DriftKind::Stale,
        DriftKind::Ignored => contract::DriftKind::Ignored,
        DriftKind::Overwritten => contract::DriftKind::Overwritten,
        DriftKind::DirectoryOnly => contract::DriftKind::DirectoryOnly,
        DriftKind::HashLink => contract::DriftKind::HashLink,
    }
}

fn details_to_contract(certificate: &Certificate, evidence: Evidence) -> Details {
    let extensions = &certificate.extensions;
    let texts = |names: &[GeneralName]| names.iter().map(ToString::to_string).collect();
    let constraints = extensions.name_constraints.as_ref();
    Details {
        key_usage: extensions
            .key_usage
            .map(|usage: KeyUsage| usage.names().into_iter().map(str::to_owned).collect()),
        extended_key_usage: extensions.extended_key_usage.as_ref().map(|purposes| {
            purposes
                .iter()
                .map(|purpose| purpose_name(purpose))
                .collect()
        }),
        path_length: extensions
            .basic_constraints
            .and_then(|constraints| constraints.path_length),
        alternative_names: texts(extensions.alternative_names.as_deref().unwrap_or_default()),
        permitted: texts(constraints.map_or(&[], |constraints| &constraints.permitted)),
        excluded: texts(constraints.map_or(&[], |constraints| &constraints.excluded)),
        unknown_critical: extensions.unknown_critical.clone(),
        departures: certificate
            .departures
            .iter()
            .map(ToString::to_string)
            .collect(),
        evidence,
    }
}

/// Purposes by their names (RFC 5280, 4.2.1.12).
fn purpose_name(oid: &str) -> String {
    match oid {
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        _ => oid,
    }
    .to_owned()
}
