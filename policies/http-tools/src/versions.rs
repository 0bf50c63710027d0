//! Tools and TLS libraries that are older than wanted. Distributions mend what
//! they ship and leave its version as it is: a package is compared by its own
//! version alone, with one that the user takes from an advisory; the version
//! of the software counts where no package stands behind it.

use casefile_policy::package_db::{self, Manager, Order};
use casefile_policy::tools::Tool;
use casefile_policy::{Absence, Confidence, Evidence, Finding, Reason, State, texts};

use crate::Findings;
use crate::survey;

/// Least versions of what belongs to no package.
pub(crate) const UPSTREAM: &str = "minimum-versions";
/// Least versions of packages.
pub(crate) const PACKAGES: &str = "minimum-packages";

/// A file whose version is judged: of a tool, or of a library that it loads.
struct Part {
    name: String,
    path: String,
    version: Option<String>,
    evidence: Evidence,
}

pub(crate) fn older() -> Findings {
    let subjects = survey::read()?;
    let upstream = minimums(UPSTREAM)?;
    let packages = minimums(PACKAGES)?;
    let mut parts: Vec<Part> = Vec::new();
    let mut findings = Vec::new();
    for subject in &subjects {
        let Ok(tool) = &subject.tool else {
            continue;
        };
        for part in parts_of(tool) {
            // Several tools load one library.
            if !parts
                .iter()
                .any(|other| other.path == part.path && other.name == part.name)
            {
                parts.push(part);
            }
        }
        let nothing_wanted = upstream.is_empty() && packages.is_empty();
        for absence in tool
            .unknown
            .iter()
            .filter(|absence| !nothing_wanted && !is_of_packages(absence))
        {
            let message = "not all of what it loads is known";
            findings.push(Finding::unknown(&tool.name, message, absence.clone()));
        }
    }
    for part in &parts {
        findings.extend(judge(part, &upstream, &packages));
    }
    Ok(survey::close(&subjects, findings))
}

/// Whether it is a package that is not known: of each part that is asked for.
fn is_of_packages(absence: &Absence) -> bool {
    let databases = package_db::databases();
    absence.path.starts_with("owner of ")
        || databases.is_err_and(|missing| missing.path == absence.path)
}

fn parts_of(tool: &Tool) -> Vec<Part> {
    let itself = Part {
        name: tool.name.clone(),
        path: tool.path.clone(),
        version: tool.version.clone(),
        evidence: tool.evidence,
    };
    let libraries = tool.tls.iter().map(|library| Part {
        name: library.name.clone(),
        path: library.path.clone(),
        version: library.version.clone(),
        evidence: library.evidence,
    });
    [itself].into_iter().chain(libraries).collect()
}

/// Names and versions of a parameter, whose texts are `NAME VERSION`.
///
/// # Errors
/// One is not of that form. A version begins with a digit and has no blank:
/// `>= 3.0.15` would be newer than any.
fn minimums(parameter: &str) -> Result<Vec<(String, String)>, Absence> {
    let texts = texts(parameter)?;
    let minimums = texts.iter().map(|text| {
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(name), Some(version), None)
                if version.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                Ok((name.to_owned(), version.to_owned()))
            }
            _ => Err(Absence {
                path: parameter.to_owned(),
                state: State::Unknown(Reason::Malformed),
                detail: format!("{text:?} is not NAME VERSION"),
            }),
        }
    });
    minimums.collect()
}

fn judge(
    part: &Part,
    upstream: &[(String, String)],
    packages: &[(String, String)],
) -> Option<Finding> {
    let subject = format!("{} {}", part.name, part.path);
    match package_db::owner(&part.path) {
        Ok(package) => {
            let Some((_, wanted)) = packages.iter().find(|(name, _)| *name == package.name) else {
                let message = "it belongs to a package, which its distribution mends without a new number of the software; no least version of the package is wanted";
                let finding = Finding::not_applicable(subject, message);
                let actual = format!("{} {}", package.name, package.version);
                return Some(finding.actual(actual).evidence([package.evidence]));
            };
            let order = package_db::compare(package.manager, &package.version, wanted);
            let finding = told(subject, order, &package.version, wanted, "its package");
            Some(finding.evidence([part.evidence, package.evidence]))
        }
        Err(absence) if absence.state == State::Absent => judge_upstream(part, subject, upstream),
        // Nothing is wanted of it, whether it belongs to a package or not.
        Err(_) if packages.is_empty() && !upstream.iter().any(|(name, _)| *name == part.name) => {
            None
        }
        Err(absence) => {
            let message =
                "whether it belongs to a package is not known, and so not which version counts";
            let finding = Finding::unknown(subject, message, absence);
            Some(finding.evidence([part.evidence]))
        }
    }
}

/// What no package stands behind.
fn judge_upstream(part: &Part, subject: String, minimums: &[(String, String)]) -> Option<Finding> {
    let (_, wanted) = minimums.iter().find(|(name, _)| *name == part.name)?;
    let Some(version) = &part.version else {
        let message = "it belongs to no package, and names no version of its own";
        let absence = Absence {
            path: format!("version of {}", part.path),
            state: State::Unknown(Reason::NotCollected),
            detail: String::new(),
        };
        let finding = Finding::unknown(subject, message, absence);
        return Some(finding.evidence([part.evidence]));
    };
    // Numbers and letters in turns, as rpm has them, order those of OpenSSL
    // (1.1.1k, 1.1.1w) as well as plain ones.
    let order = package_db::compare(
        Manager::Rpm,
        &before_release(version),
        &before_release(wanted),
    );
    let finding = told(subject, order, version, wanted, "it");
    Some(
        finding
            .confidence(Confidence::Inferred)
            .evidence([part.evidence]),
    )
}

/// A version in rpm's words, in which `~` stands before what comes before a
/// release: `3.2.0~beta1`. Other suffixes (`1.0.2k-fips`) are of the release
/// itself or of what was made of it later.
fn before_release(version: &str) -> String {
    const BEFORE: [&str; 5] = ["alpha", "beta", "dev", "pre", "rc"];
    let Some((release, suffix)) = version.split_once('-') else {
        return version.to_owned();
    };
    let lower = suffix.to_ascii_lowercase();
    if BEFORE.iter().any(|word| lower.starts_with(word)) {
        format!("{release}~{suffix}")
    } else {
        version.to_owned()
    }
}

fn told(subject: String, order: Order, actual: &str, wanted: &str, what: &str) -> Finding {
    let finding = if order == Order::Older {
        Finding::fail(subject, format!("{what} is older than wanted"))
            .remedy("update it; what the distribution's advisory names is the version that counts")
    } else {
        Finding::pass(subject, format!("{what} is as new as wanted"))
    };
    finding.actual(actual).wanted(format!(">= {wanted}"))
}
