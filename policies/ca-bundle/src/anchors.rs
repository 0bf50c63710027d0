//! The certificates of all stores, each once, with the places where it is;
//! and what every rule about single certificates has in common.

use std::collections::{BTreeMap, BTreeSet};

use casefile_policy::trust::{self, Certificate, Store, StoreKind};
use casefile_policy::{Absence, Evidence, Finding, State};

/// Certificates that are asked for at once.
const PAGE: u32 = 256;
/// Characters of a name that a finding shows.
const NAME: usize = 160;

/// All stores of the host and what is in them.
#[derive(Default)]
pub(crate) struct Survey {
    /// Those that could be read. Where several paths lead to one file or
    /// directory, it is here once, by the first.
    pub(crate) stores: Vec<Holding>,
    /// Every certificate, in the order of the stores.
    pub(crate) anchors: Vec<Anchor>,
    /// Stores, and files of stores, that could not be read.
    pub(crate) missing: Vec<Absence>,
}

/// One store.
pub(crate) struct Holding {
    /// What the engine says of it.
    pub(crate) store: Store,
    /// Whether all of its files could be read.
    pub(crate) complete: bool,
    /// The store itself, and the files with its certificates.
    pub(crate) evidence: BTreeSet<Evidence>,
}

/// A certificate that the host trusts.
pub(crate) struct Anchor {
    /// As it was read first.
    pub(crate) certificate: Certificate,
    /// Where it is.
    pub(crate) copies: Vec<Copy>,
}

/// One place of a certificate.
pub(crate) struct Copy {
    /// Index of the store.
    pub(crate) store: usize,
    /// The file.
    pub(crate) path: String,
    /// Its place among the file's blocks.
    pub(crate) position: u32,
    evidence: Evidence,
}

impl Survey {
    /// Reads all stores; there is none in it where none exists.
    pub(crate) fn read() -> Result<Self, Absence> {
        let mut survey = Self::default();
        let stores = match trust::get_stores() {
            Ok(stores) => stores,
            Err(absence) if absence.state == State::Absent => return Ok(survey),
            Err(absence) => return Err(absence),
        };
        let mut known = BTreeMap::new();
        for store in stores.known {
            let known_already = survey
                .stores
                .iter()
                .any(|other| other.store.real_path == store.real_path);
            if !known_already {
                survey.add(store, &mut known);
            }
        }
        survey.missing.extend(stores.unknown);
        Ok(survey)
    }

    fn add(&mut self, store: Store, known: &mut BTreeMap<String, usize>) {
        let mut holding = Holding {
            complete: true,
            evidence: BTreeSet::from([store.evidence]),
            store,
        };
        let mut offset = 0;
        loop {
            match trust::certificates(&holding.store.path, offset, PAGE) {
                Ok(page) if page.is_empty() => break,
                Ok(page) => {
                    offset += page.len() as u32;
                    for certificate in page {
                        holding.evidence.insert(certificate.evidence);
                        self.add_certificate(certificate, known);
                    }
                }
                // A file that could not be read takes one place.
                Err(absence) => {
                    offset += 1;
                    holding.complete = false;
                    self.missing.push(absence);
                }
            }
        }
        self.stores.push(holding);
    }

    /// Adds a certificate of the store that comes next.
    fn add_certificate(&mut self, certificate: Certificate, known: &mut BTreeMap<String, usize>) {
        let copy = Copy {
            store: self.stores.len(),
            path: certificate.path.clone(),
            position: certificate.position,
            evidence: certificate.evidence,
        };
        let next = self.anchors.len();
        let index = *known.entry(certificate.fingerprint.clone()).or_insert(next);
        match self.anchors.get_mut(index) {
            Some(anchor) => anchor.copies.push(copy),
            None => self.anchors.push(Anchor {
                certificate,
                copies: vec![copy],
            }),
        }
    }

    /// Judges each certificate that the rule concerns. What is wrong is a
    /// finding for each; a store in which nothing is wrong passes once, and
    /// what could not be read is unknown.
    pub(crate) fn judge(
        &self,
        concerned: impl Fn(&Anchor) -> bool,
        wrong: impl Fn(&Anchor) -> Option<Finding>,
        fine: impl Fn(usize) -> String,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut counts = vec![0; self.stores.len()];
        let mut failed = BTreeSet::new();
        for anchor in self.anchors.iter().filter(|anchor| concerned(anchor)) {
            let stores: BTreeSet<usize> = anchor.copies.iter().map(|copy| copy.store).collect();
            for store in &stores {
                counts[*store] += 1;
            }
            if let Some(finding) = wrong(anchor) {
                failed.extend(stores);
                findings.push(finding.evidence(anchor.evidence()));
            }
        }
        for (index, (holding, count)) in self.stores.iter().zip(counts).enumerate() {
            if holding.complete && count > 0 && !failed.contains(&index) {
                findings.push(holding.pass(fine(count)));
            }
        }
        self.or_nothing(findings)
    }

    /// Adds what could not be read. Where there is nothing to say at all, no
    /// certificate is concerned.
    pub(crate) fn or_nothing(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.extend(self.unknown());
        if findings.is_empty() {
            findings.push(Finding::not_applicable(
                "trust stores",
                "the host has no certificates that this rule is about",
            ));
        }
        findings
    }

    /// A finding for each store or file that could not be read.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = Finding> {
        self.missing.iter().map(|absence| {
            Finding::unknown(
                &absence.path,
                "certificates that may be here could not be judged",
                absence.clone(),
            )
        })
    }

    /// Whether a file is a bundle, which holds what other files hold as well.
    pub(crate) fn is_bundle(&self, path: &str) -> bool {
        self.stores.iter().any(|holding| {
            holding.store.kind == StoreKind::Bundle && holding.store.real_path == path
        })
    }

    /// The stores that a certificate is in, in words.
    pub(crate) fn places(&self, anchor: &Anchor) -> String {
        let stores: BTreeSet<usize> = anchor.copies.iter().map(|copy| copy.store).collect();
        let paths = stores
            .into_iter()
            .map(|store| self.stores[store].store.path.as_str());
        paths.collect::<Vec<_>>().join(", ")
    }
}

impl Holding {
    /// Nothing is wrong with it.
    pub(crate) fn pass(&self, message: impl ToString) -> Finding {
        Finding::pass(&self.store.path, message).evidence(self.evidence.iter().copied())
    }
}

impl Anchor {
    /// Its name as the subject of a finding: names may be equal, so that the
    /// beginning of the fingerprint stands behind.
    pub(crate) fn subject(&self) -> String {
        let certificate = &self.certificate;
        let mut name: String = certificate.subject.chars().take(NAME).collect();
        if name.len() < certificate.subject.len() {
            name.push('…');
        }
        if name.is_empty() {
            name.push_str("(no name)");
        }
        let fingerprint: String = certificate.fingerprint.chars().take(8).collect();
        format!("{name} (SHA-256 {fingerprint})")
    }

    /// Whether both are certificates of one authority, by name.
    pub(crate) fn has_name_of(&self, other: &Self) -> bool {
        self.certificate.subject == other.certificate.subject
    }

    /// The files that it is in.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = Evidence> {
        self.copies.iter().map(|copy| copy.evidence)
    }
}
