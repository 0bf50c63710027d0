//! What libraries trust on the host, and what its sources of trust say: the
//! crate `certificates` decides, here each answer is found once a snapshot.

use std::collections::HashMap;
use std::sync::Arc;

use casefile_certificates::pool::{Library, Pool, Request};
use casefile_certificates::reading::Trace;
use casefile_certificates::{
    Certificate, Drift, KnownRoot, KnownRoots, Layout, LayoutKind, drifts,
};
use casefile_snapshot::{Absence, EvidenceId, HostPath, Memo, NotFound};

use super::StoredCertificate;
use super::stores::PLACES;
use crate::facts::{Fact, FactResult, Facts, Missing};

/// What is found once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    layout: Memo<(), FactResult<Layout>>,
    pools: Memo<Request, FactResult<Pool>>,
    drifts: Memo<(), FactResult<Drifts>>,
    missing_roots: Memo<(), FactResult<Vec<&'static KnownRoot>>>,
    distrust: Memo<(), Fact<Dates>>,
}

/// Dates of distrust that the host's own files have, by fingerprint.
#[derive(Debug, Default)]
struct Dates {
    known: HashMap<String, i64>,
    /// The first of what is not known: it may have a date for any root.
    unknown: Option<Missing>,
}

/// Differences by path, and in their midst what is not known.
pub type Drifts = Vec<Result<Drift, NotFound>>;

impl Facts {
    /// How the host keeps trust: by os-release, or by what stands there where
    /// that names no distribution that is known.
    ///
    /// # Errors
    /// Neither says.
    #[must_use]
    pub fn trust_layout(&self) -> Arc<FactResult<Layout>> {
        self.trust.pools.layout.get(&(), || self.find_layout())
    }

    fn find_layout(&self) -> FactResult<Layout> {
        let release = self.os_release();
        let by_name = release.as_ref().ok().and_then(|release| {
            let words = ["ID", "ID_LIKE"].into_iter();
            let words = words.filter_map(|name| release.value.get(name));
            Layout::of_distribution(words.flat_map(str::split_whitespace))
        });
        let layout = match by_name {
            Some(layout) => layout,
            None => Layout::of_host(self.certificates()),
        };
        match release {
            Ok(release) => Ok(release.map(|_| layout)),
            // Proven: an image without a distribution.
            Err(missing)
                if layout.kind != LayoutKind::Other || missing.absence == Absence::Absent =>
            {
                Ok(Fact {
                    value: layout,
                    sources: missing.sources,
                })
            }
            Err(missing) => Err(missing),
        }
    }

    /// What a library trusts on the host.
    ///
    /// # Errors
    /// It is not known how the host keeps trust.
    #[must_use]
    pub fn pool(&self, request: &Request) -> Arc<FactResult<Pool>> {
        self.trust.pools.pools.get(request, || {
            // Go looks at the same places on every distribution.
            if request.library == Library::Go {
                let layout = Layout::of(LayoutKind::Other);
                let value = Pool::load(self.certificates(), &layout, request);
                let sources = value.sources.clone();
                return Ok(Fact { value, sources });
            }
            let layout = self.trust_layout();
            let layout = (*layout).as_ref().map_err(Clone::clone)?;
            let value = Pool::load(self.certificates(), &layout.value, request);
            let sources = [layout.sources.as_slice(), &value.sources].concat();
            Ok(Fact { value, sources })
        })
    }

    /// How sources of trust and what was made of them differ.
    ///
    /// # Errors
    /// It is not known how the host keeps trust, or there is no bundle.
    #[must_use]
    pub fn trust_drifts(&self) -> Arc<FactResult<Drifts>> {
        self.trust.pools.drifts.get(&(), || {
            let layout = self.trust_layout();
            let layout = (*layout).as_ref().map_err(Clone::clone)?;
            let trace = Trace::default();
            let value = drifts(self.certificates().traced(&trace), &layout.value)?;
            let sources = trace.with(&layout.sources);
            Ok(Fact { value, sources })
        })
    }

    /// A certificate of any store, or of any pool that was asked for, by the
    /// SHA-256 of its DER in hexadecimal.
    ///
    /// # Errors
    /// No store has it.
    pub fn stored_certificate(&self, fingerprint: &str) -> FactResult<StoredCertificate> {
        let mut sources = Vec::new();
        let mut unknown = None;
        for place in PLACES {
            let store = self.place(place);
            match &*store {
                Err(missing) => note(&mut unknown, missing),
                Ok(store) => {
                    sources.extend(&store.value.sources);
                    for member in &store.value.members {
                        match member {
                            Err(missing) => note(&mut unknown, missing),
                            Ok(member) if is(member.value.certificate(), fingerprint) => {
                                return Ok(member.clone());
                            }
                            Ok(_) => {}
                        }
                    }
                }
            }
        }
        Err(unknown.unwrap_or_else(|| Missing {
            path: fingerprint.chars().take(64).collect(),
            absence: Absence::Absent,
            sources,
        }))
    }

    /// From when on certificates of a root are not to be trusted for servers,
    /// in seconds since 1970-01-01 UTC: as the host's own files say it, else
    /// as Mozilla's list does. None where neither has a date.
    ///
    /// # Errors
    /// Neither has one as far as is known, and not all of the host's files
    /// are known.
    pub fn distrust_after(&self, fingerprint: &str) -> FactResult<Option<i64>> {
        let dates = self.trust.pools.distrust.get(&(), || self.distrust_dates());
        let known = dates.value.known.get(fingerprint).copied();
        let listed = || KnownRoots::list().find(fingerprint)?.distrust_after;
        match (known.or_else(listed), &dates.value.unknown) {
            (None, Some(missing)) => Err(missing.clone()),
            (value, _) => Ok(Fact {
                value,
                sources: dates.sources.clone(),
            }),
        }
    }

    fn distrust_dates(&self) -> Fact<Dates> {
        let layout = self.trust_layout();
        let layout = match &*layout {
            Ok(layout) => layout,
            Err(missing) => {
                return Fact {
                    value: Dates {
                        unknown: Some(missing.clone()),
                        ..Dates::default()
                    },
                    sources: missing.sources.clone(),
                };
            }
        };
        let trace = Trace::default();
        let pool = Pool::of_p11_kit(self.certificates().traced(&trace), &layout.value);
        let dates = pool.distrust_dates().into_iter();
        let known = dates.map(|(fingerprint, date, _)| (fingerprint.to_owned(), date));
        let value = Dates {
            known: known.collect(),
            unknown: pool.unknown.first().cloned().map(Missing::from),
        };
        Fact {
            value,
            sources: trace.with(&layout.sources),
        }
    }

    /// Roots of Mozilla's list that no store of the host has, by subject.
    ///
    /// # Errors
    /// A store is not known: it may have any of them.
    #[must_use]
    pub fn missing_known_roots(&self) -> Arc<FactResult<Vec<&'static KnownRoot>>> {
        self.trust
            .pools
            .missing_roots
            .get(&(), || self.find_missing_roots())
    }

    fn find_missing_roots(&self) -> FactResult<Vec<&'static KnownRoot>> {
        let mut have = std::collections::HashSet::new();
        let mut sources: Vec<EvidenceId> = Vec::new();
        let mut present = false;
        for place in PLACES {
            let store = self.place(place);
            match &*store {
                Err(missing) if missing.absence == Absence::Absent => {
                    sources.extend(&missing.sources);
                }
                Err(missing) => return Err(missing.clone()),
                Ok(store) => {
                    present = true;
                    sources.extend(&store.value.sources);
                    for member in &store.value.members {
                        let member = member.as_ref().map_err(Clone::clone)?;
                        if let Some(certificate) = member.value.certificate() {
                            have.insert(certificate.fingerprint.clone());
                        }
                    }
                }
            }
        }
        if !present {
            return Err(Missing {
                path: HostPath::root().to_string(),
                absence: Absence::Absent,
                sources,
            });
        }
        let list = KnownRoots::list().iter();
        let mut value: Vec<_> = list
            .filter(|root| !have.contains(&root.fingerprint))
            .collect();
        value.sort_by(|one, other| one.subject.cmp(&other.subject));
        Ok(Fact { value, sources })
    }
}

fn is(certificate: Option<&Certificate>, fingerprint: &str) -> bool {
    certificate.is_some_and(|one| one.fingerprint.eq_ignore_ascii_case(fingerprint))
}

/// Keeps the first that is not proven absent: the certificate may be there.
fn note(unknown: &mut Option<Missing>, missing: &Missing) {
    if missing.absence != Absence::Absent {
        unknown.get_or_insert_with(|| missing.clone());
    }
}
