//! The loader's cache must be that of the libraries which are there.

use casefile_policy::elf::{self, StaleEntry, Staleness};
use casefile_policy::start::{self, Scope};
use casefile_policy::{Absence, Finding, Severity, State};

use crate::Findings;

/// Entries that are asked for at once.
const PAGE: u32 = 1024;

/// The cache.
const CACHE: &str = "/etc/ld.so.cache";

pub(crate) fn stale() -> Findings {
    if start::get_scope() == Scope::Program {
        let message = "the cache is a matter of the host";
        return Ok(vec![Finding::not_applicable(CACHE, message)]);
    }
    let cache = match elf::get_cache() {
        Ok(cache) => cache,
        // musl has none, and glibc does without.
        Err(absence) if absence.state == State::Absent => {
            let message = "there is no cache: the loader searches its own directories alone";
            return Ok(vec![Finding::not_applicable(CACHE, message)]);
        }
        Err(absence) => return Err(absence),
    };
    let entries = entries()?;
    if entries.is_empty() {
        let message = format!("its {} entries are those of the libraries", cache.entries);
        return Ok(vec![
            Finding::pass(CACHE, message).evidence([cache.evidence]),
        ]);
    }
    let findings = entries
        .iter()
        .map(|entry| out_of_date(entry).evidence([cache.evidence]));
    Ok(findings.collect())
}

fn entries() -> Result<Vec<StaleEntry>, Absence> {
    let mut entries = Vec::new();
    loop {
        let page = elf::stale_entries(entries.len() as u32, PAGE)?;
        if page.is_empty() {
            return Ok(entries);
        }
        entries.extend(page);
    }
}

fn out_of_date(entry: &StaleEntry) -> Finding {
    let StaleEntry { name, path, how } = entry;
    let remedy = "run ldconfig as root; what installs libraries by hand has to run it as well";
    match how {
        Staleness::Missing => Finding::fail(
            path,
            format!("the loader's cache has {name} here, and there is no such file: programs find it elsewhere or not at all"),
        )
        .actual("absent")
        .wanted(path)
        .remedy(remedy)
        .severity(Severity::Medium),
        Staleness::Unlisted => Finding::fail(
            path,
            format!("the loader's cache does not have {name}, although ldconfig reads its directory: programs that need it do not start, unless the directory is one of the loader's own"),
        )
        .actual("no entry")
        .wanted(name)
        .remedy(remedy)
        .severity(Severity::Low),
    }
}
