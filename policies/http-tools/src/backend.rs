//! Which library a tool speaks TLS with. Each library is as good as another;
//! a tool without any can't fetch `https:`.

use casefile_policy::tools::{TlsLibrary, Tool};
use casefile_policy::{Confidence, Finding, State};

use crate::Findings;
use crate::survey;

pub(crate) fn unknown() -> Findings {
    let subjects = survey::read()?;
    let mut findings = Vec::new();
    for subject in &subjects {
        if let Ok(tool) = &subject.tool {
            findings.push(judge(tool));
        }
    }
    Ok(survey::close(&subjects, findings))
}

fn judge(tool: &Tool) -> Finding {
    let evidence = tool
        .tls
        .iter()
        .map(|library| library.evidence)
        .chain([tool.evidence]);
    if !tool.tls.is_empty() {
        let names: Vec<String> = tool.tls.iter().map(describe).collect();
        return Finding::pass(&tool.name, "the library that it speaks TLS with is known")
            .actual(names.join(", "))
            .evidence(evidence);
    }
    if let Some(absence) = tool.unknown.first() {
        let does_not_load = tool
            .unknown
            .iter()
            .any(|absence| absence.state == State::Absent);
        let message = if does_not_load {
            "a library that it needs does not load, and so what it speaks TLS with is not known"
        } else {
            "not all of what it loads is known"
        };
        let mut finding = Finding::unknown(&tool.name, message, absence.clone());
        finding.missing.extend(tool.unknown.iter().skip(1).cloned());
        return finding.evidence(evidence);
    }
    Finding::fail(
        &tool.name,
        "it needs no library of TLS that is known, and names none in itself: it may not be able to fetch https addresses",
    )
    .actual(&tool.path)
    .wanted("OpenSSL, GnuTLS, or another library of TLS")
    .remedy("where scripts fetch https addresses with it, install a build with TLS: curl, or GNU Wget in place of BusyBox's")
    .confidence(Confidence::Heuristic)
    .evidence(evidence)
}

/// `OpenSSL 3.0.15 (libssl3 3.0.15-1~deb12u1)`.
pub(crate) fn describe(library: &TlsLibrary) -> String {
    let mut text = library.name.clone();
    if let Some(version) = &library.version {
        text += &format!(" {version}");
    }
    if let Some(package) = &library.package {
        text += &format!(" ({package})");
    }
    text
}
