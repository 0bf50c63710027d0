//! The rules that say: findings with everything that a finding may hold.

use casefile_policy::{
    Absence, Confidence, Finding, Outcome, Reason, Severity, State, host, sysctl,
};

fn plain(outcome: Outcome, subject: &str) -> Finding {
    let mut finding = Finding::pass(subject, "says");
    finding.outcome = outcome;
    finding
}

fn absence(path: &str, state: State, detail: &str) -> Absence {
    Absence {
        path: path.to_owned(),
        state,
        detail: detail.to_owned(),
    }
}

pub(crate) fn values() -> Result<Vec<Finding>, Absence> {
    let mut findings = vec![
        plain(Outcome::Pass, "outcome pass"),
        plain(Outcome::Fail, "outcome fail"),
        plain(Outcome::Unknown, "outcome unknown"),
        plain(Outcome::NotApplicable, "outcome not-applicable"),
    ];
    for (severity, word) in [
        (Severity::Info, "info"),
        (Severity::Low, "low"),
        (Severity::Medium, "medium"),
        (Severity::High, "high"),
        (Severity::Critical, "critical"),
    ] {
        findings.push(plain(Outcome::Fail, &format!("severity {word}")).severity(severity));
    }
    for (confidence, word) in [
        (Confidence::Proven, "proven"),
        (Confidence::Inferred, "inferred"),
        (Confidence::Heuristic, "heuristic"),
    ] {
        findings.push(plain(Outcome::Pass, &format!("confidence {word}")).confidence(confidence));
    }
    for (text, word) in [
        (String::new(), "empty"),
        (
            "\"quoted\" \\ back\n\ttab\r\u{7f}\u{0}\u{1b}".to_owned(),
            "control",
        ),
        (
            "日本語 עברית e\u{301} \u{1f600} \u{10ffff} \u{fffd}".to_owned(),
            "scripts",
        ),
        ("größer ".repeat(20_000), "long"),
        (i64::MIN.to_string(), "least"),
        (i64::MAX.to_string(), "greatest"),
        (u64::MAX.to_string(), "greatest unsigned"),
    ] {
        let mut finding = plain(Outcome::Pass, &format!("text {word}"));
        finding.message.clone_from(&text);
        findings.push(finding.actual(&text).wanted(&text).remedy(&text));
    }
    let mut missing = plain(Outcome::Unknown, "missing");
    missing.missing.push(absence("/absent", State::Absent, ""));
    for reason in [
        Reason::Denied,
        Reason::TimedOut,
        Reason::TooLarge,
        Reason::Redacted,
        Reason::NotCollected,
        Reason::Unreadable,
        Reason::Vanished,
        Reason::NotRegular,
        Reason::Malformed,
        Reason::NeedsRunningKernel,
    ] {
        missing
            .missing
            .push(absence("/größe", State::Unknown(reason), "détail"));
    }
    findings.push(missing);
    // Read twice, cited in another order and more than once.
    let mut cited = Vec::new();
    if let Ok(setting) = sysctl::get("kernel.ostype") {
        cited.push(setting.evidence);
    }
    if let Ok(os) = host::os() {
        cited.push(os.evidence);
    }
    let again: Vec<_> = cited.iter().rev().chain(&cited).copied().collect();
    findings.push(plain(Outcome::Pass, "evidence").evidence(again));
    findings.push(plain(Outcome::Pass, ""));
    Ok(findings)
}

pub(crate) fn error() -> Result<Vec<Finding>, Absence> {
    Err(absence(
        "/größe/日本",
        State::Unknown(Reason::TimedOut),
        "says « nothing »",
    ))
}
