//! What programs are told to trust by SSL_CERT_FILE and SSL_CERT_DIR, and
//! what comes of it: both are ignored in silence where they lead nowhere, and
//! the first of them alone does not keep a program in Go from the host's own.

use std::collections::BTreeMap;

use casefile_policy::start::{self, Origin, Start};
use casefile_policy::trust::{self, Library, Pool, PoolRequest};
use casefile_policy::{Absence, Evidence, Finding, Reason, Severity, State, environment};

use crate::Findings;

/// Starts that are asked for at once.
const PAGE: u32 = 1024;

/// A program that is told what to trust.
struct Told {
    program: String,
    file: Option<String>,
    directory: Option<String>,
    evidence: Vec<Evidence>,
}

/// All programs that are told, each once for the same words; and why of some
/// it is not known.
fn told() -> Result<(Vec<Told>, Vec<Absence>), Absence> {
    let mut told = BTreeMap::new();
    let mut missing = Vec::new();
    let mut offset = 0;
    loop {
        let page = start::starts(offset, PAGE)?;
        if page.is_empty() {
            break;
        }
        offset += page.len() as u32;
        for start in page {
            match read(&start) {
                Ok(Some(one)) => {
                    let key = (one.program.clone(), one.file.clone(), one.directory.clone());
                    told.entry(key).or_insert(one);
                }
                Ok(None) => {}
                Err(absence) if absence.state == State::Unknown(Reason::Vanished) => {}
                Err(absence) => missing.push(absence),
            }
        }
    }
    Ok((told.into_values().collect(), missing))
}

fn read(start: &Start) -> Result<Option<Told>, Absence> {
    let mut evidence = Vec::new();
    let mut value = |name| match environment::of_start(start.index, name) {
        Ok(variable) => {
            evidence.push(variable.evidence);
            Ok(variable.value.filter(|value| !value.is_empty()))
        }
        Err(absence) if absence.state == State::Absent => Ok(None),
        // What units set is not read yet: it is judged when they run.
        Err(_) if !matches!(start.origin, Origin::Process(_)) => Ok(None),
        Err(absence) => Err(absence),
    };
    let (file, directory) = (value("SSL_CERT_FILE")?, value("SSL_CERT_DIR")?);
    Ok((file.is_some() || directory.is_some()).then(|| Told {
        program: start.program.clone(),
        file,
        directory,
        evidence,
    }))
}

impl Told {
    fn pool(&self) -> Result<Pool, Absence> {
        trust::get_pool(&PoolRequest {
            library: Library::Go,
            version: None,
            certificate_file: self.file.clone(),
            certificate_directory: self.directory.clone(),
        })
    }

    /// What it is told, in words.
    fn words(&self) -> String {
        let set = [
            ("SSL_CERT_FILE", &self.file),
            ("SSL_CERT_DIR", &self.directory),
        ];
        let set = set.into_iter();
        let set = set.filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        set.collect::<Vec<_>>().join(" ")
    }
}

/// Judges every program that is told something.
fn judge(wrong: impl Fn(&Told, &Pool) -> Option<Finding>, fine: &str) -> Findings {
    let (told, missing) = told()?;
    let mut findings = Vec::new();
    for one in &told {
        let finding = match one.pool() {
            Err(absence) => Finding::unknown(&one.program, "what it trusts is not known", absence),
            Ok(pool) => match (wrong(one, &pool), pool.unknown.into_iter().next()) {
                (Some(finding), _) => finding,
                (None, Some(absence)) => {
                    Finding::unknown(&one.program, "what it trusts is not wholly known", absence)
                }
                (None, None) => Finding::pass(&one.program, fine).actual(one.words()),
            },
        };
        findings.push(finding.evidence(one.evidence.iter().copied()));
    }
    if let Some(first) = missing.first() {
        let count = missing.len();
        let message = format!("the environment of {count} programs is not known");
        findings.push(Finding::unknown("programs", message, first.clone()));
    }
    if findings.is_empty() {
        findings.push(Finding::not_applicable(
            "programs",
            "no program is told by SSL_CERT_FILE or SSL_CERT_DIR what to trust",
        ));
    }
    Ok(findings)
}

/// Places that variables name, and where nothing is.
pub(crate) fn leads_nowhere() -> Findings {
    let wrong = |told: &Told, pool: &Pool| {
        let named: Vec<&str> = told
            .file
            .as_deref()
            .into_iter()
            .chain(told.directory.iter().flat_map(|list| list.split(':')))
            .collect();
        let unknown = |path: &str| pool.unknown.iter().any(|absence| absence.path == path);
        let gone: Vec<&str> = pool
            .sources
            .iter()
            .filter(|source| !source.present)
            .map(|source| source.path.as_str())
            .filter(|path| named.contains(path) && path.starts_with('/') && !unknown(path))
            .collect();
        if gone.is_empty() {
            return None;
        }
        let message = "SSL_CERT_FILE or SSL_CERT_DIR leads nowhere: Go and OpenSSL say nothing, and do without";
        let finding = Finding::fail(&told.program, message)
            .actual(format!("{}: not there", gone.join(", ")))
            .wanted("a file in PEM, or a directory with such files")
            .remedy("correct the variable, or put the file where it leads");
        // A directory that is left empty on purpose need not be there.
        Some(match told.file.as_deref() {
            Some(file) if gone.contains(&file) => finding,
            _ => finding.severity(Severity::Low),
        })
    };
    judge(wrong, "the places that it is told of are there")
}

/// SSL_CERT_FILE without SSL_CERT_DIR: Go reads its directories as well.
pub(crate) fn adds() -> Findings {
    let wrong = |told: &Told, pool: &Pool| {
        let file = told.file.as_ref()?;
        if told.directory.is_some() {
            return None;
        }
        let own = pool.sources.iter().find(|source| source.path == *file)?;
        let others = pool.count.saturating_sub(own.added);
        if !own.present || others == 0 {
            return None;
        }
        let message = "SSL_CERT_FILE alone does not keep a program in Go from the host's own roots: it reads its directories as well";
        Some(
            Finding::fail(&told.program, message)
                .actual(format!("{} from {file}, {others} of the host", own.added))
                .wanted("those of the file alone, if that is what is meant")
                .remedy("set SSL_CERT_DIR as well, to an empty directory; or leave SSL_CERT_FILE away and add the root to the host"),
        )
    };
    judge(wrong, "nothing beside what it is told is trusted")
}
