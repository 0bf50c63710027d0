//! The stores themselves: whether there is one, and whether it is whole.

use casefile_policy::trust::StoreKind;
use casefile_policy::{Finding, Severity};

use crate::Findings;
use crate::anchors::{Holding, Survey};

/// What Go, OpenSSL and GnuTLS read must hold certificates.
pub(crate) fn present() -> Findings {
    let survey = Survey::read()?;
    let read: Vec<&Holding> = survey
        .stores
        .iter()
        .filter(|holding| !is_source(holding))
        .collect();
    let filled: Vec<&Holding> = read
        .iter()
        .copied()
        .filter(|holding| holding.store.certificates > 0)
        .collect();
    if !filled.is_empty() {
        return Ok(filled
            .into_iter()
            .map(|holding| {
                let count = holding.store.certificates;
                holding
                    .pass("certificates are there")
                    .actual(certificates(count))
            })
            .collect());
    }
    let missing: Vec<Finding> = survey.unknown().collect();
    if !missing.is_empty() {
        return Ok(missing);
    }
    let message = if read.is_empty() {
        "there is no trust store: TLS clients refuse every server (\"certificate signed by unknown authority\")"
    } else {
        "the trust stores are empty: TLS clients refuse every server (\"certificate signed by unknown authority\")"
    };
    let evidence = read.iter().map(|holding| holding.store.evidence);
    Ok(vec![
        Finding::fail("trust stores", message)
            .actual(certificates(0))
            .wanted("at least one")
            .remedy("install the package ca-certificates (SUSE: also ca-certificates-mozilla), or copy the bundle into the image")
            .evidence(evidence),
    ])
}

/// Every block of a store must be a certificate.
pub(crate) fn readable() -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for holding in &survey.stores {
        let damaged = damaged(&survey, holding);
        if damaged > 0 {
            findings.push(broken(holding, damaged));
        } else if holding.complete && holding.store.certificates > 0 {
            findings.push(holding.pass("every block is a certificate that can be read"));
        }
    }
    Ok(survey.or_nothing(findings))
}

/// Damaged blocks of a store; those of a bundle in a directory are the
/// bundle's own.
fn damaged(survey: &Survey, holding: &Holding) -> u32 {
    let store = &holding.store;
    let bundles = survey.stores.iter().filter(|other| {
        let parent = other
            .store
            .real_path
            .rsplit_once('/')
            .map(|(parent, _)| parent);
        store.kind == StoreKind::Directory
            && other.store.kind == StoreKind::Bundle
            && parent == Some(&store.real_path)
    });
    let of_bundles: u32 = bundles.map(|other| other.store.unparsable).sum();
    store.unparsable.saturating_sub(of_bundles)
}

fn broken(holding: &Holding, damaged: u32) -> Finding {
    let store = &holding.store;
    let finding = match store.kind {
        // X509_load_cert_crl_file(3) gives up at the first damaged block.
        StoreKind::Bundle => Finding::fail(
            &store.path,
            "the bundle has damaged blocks: Go loses their certificates, and OpenSSL reads nothing of the bundle",
        )
        .severity(Severity::High),
        StoreKind::Directory => Finding::fail(
            &store.path,
            "files of the directory are no PEM certificates: TLS libraries skip them in silence",
        ),
    };
    finding
        .actual(format!("{damaged} damaged beside {}", certificates(store.certificates)))
        .wanted("none damaged")
        .remedy("repair the source files (PEM, one certificate a file, a newline at the end), then build the store anew: update-ca-certificates or update-ca-trust")
        .evidence(holding.evidence.iter().copied())
}

/// Folders that stores are made from; p11-kit alone reads them.
fn is_source(holding: &Holding) -> bool {
    holding.store.path.ends_with("/anchors")
}

fn certificates(count: u32) -> String {
    match count {
        1 => "1 certificate".to_owned(),
        _ => format!("{count} certificates"),
    }
}
