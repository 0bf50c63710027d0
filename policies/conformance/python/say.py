"""The rules that say: findings with everything that a finding may hold."""

from typing import Any

from casefile import (
    Absence,
    Absent,
    Confidence,
    Finding,
    Outcome,
    Reason,
    Severity,
    State_Absent,
    State_Unknown,
    failed,
    host,
    not_applicable,
    passed,
    sysctl,
    unknown,
)
from show import shown


def plain(outcome: Outcome, subject: str, **details: Any) -> Finding:
    make = {
        Outcome.PASS: passed,
        Outcome.FAIL: failed,
        Outcome.UNKNOWN: unknown,
        Outcome.NOT_APPLICABLE: not_applicable,
    }[outcome]
    return make(subject, "says", **details)


def values() -> list[Finding]:
    findings = [plain(outcome, f"outcome {shown(outcome)}") for outcome in Outcome]
    for severity in Severity:
        subject = f"severity {shown(severity)}"
        findings.append(plain(Outcome.FAIL, subject, severity=severity))
    for confidence in Confidence:
        subject = f"confidence {shown(confidence)}"
        findings.append(plain(Outcome.PASS, subject, confidence=confidence))
    for text, word in [
        ("", "empty"),
        ('"quoted" \\ back\n\ttab\r\x7f\0\x1b', "control"),
        ("日本語 עברית e\u0301 \U0001f600 \U0010ffff \ufffd", "scripts"),
        ("größer " * 20_000, "long"),
        (str(-(2**63)), "least"),
        (str(2**63 - 1), "greatest"),
        (str(2**64 - 1), "greatest unsigned"),
    ]:
        findings.append(passed(f"text {word}", text, actual=text, wanted=text, remedy=text))
    missing = [Absence("/absent", State_Absent(), "")]
    missing += [Absence("/größe", State_Unknown(reason), "détail") for reason in Reason]
    findings.append(plain(Outcome.UNKNOWN, "missing", missing=missing))
    # Read twice, cited in another order and more than once.
    cited = []
    for get in [lambda: sysctl.get("kernel.ostype"), host.os]:
        try:
            cited.append(get().evidence)
        except Absent:
            pass
    findings.append(plain(Outcome.PASS, "evidence", evidence=[*reversed(cited), *cited]))
    findings.append(plain(Outcome.PASS, ""))
    return findings


def error() -> list[Finding]:
    state = State_Unknown(Reason.TIMED_OUT)
    raise Absent(Absence("/größe/日本", state, "says « nothing »"))
