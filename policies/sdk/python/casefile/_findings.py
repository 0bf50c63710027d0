"""Makes findings, and answers absences that a rule can do without."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from ._contract import Absent

if TYPE_CHECKING:
    from ._generated.wit_world.imports.types import (
        Absence,
        Confidence,
        Finding,
        Outcome,
        Severity,
    )
else:
    from ._contract import types as _types

    Confidence = _types.Confidence
    Finding = _types.Finding
    Outcome = _types.Outcome

Value = TypeVar("Value")
Default = TypeVar("Default")


class Details(TypedDict, total=False):
    """What a finding may say besides."""

    actual: object
    """The value that was found; it is written by ``str``."""
    wanted: object
    """The value that the rule wants; it is written by ``str``."""
    remedy: str | None
    """What to do about it."""
    confidence: "Confidence"
    """How sure the rule is; proven where it is not said."""
    severity: "Severity | None"
    """Where it differs from its rule's."""
    evidence: Iterable[int]
    """The evidence that decides: the field ``evidence`` of what getters gave.
    None stands for all that the rule has read."""


def _finding(
    outcome: "Outcome",
    subject: str,
    message: str,
    details: Details,
    missing: "Iterable[Absence]" = (),
) -> "Finding":
    actual = details.get("actual")
    wanted = details.get("wanted")
    return Finding(
        outcome=outcome,
        subject=subject,
        message=message,
        actual=None if actual is None else str(actual),
        wanted=None if wanted is None else str(wanted),
        remedy=details.get("remedy"),
        confidence=details.get("confidence", Confidence.PROVEN),
        severity=details.get("severity"),
        evidence=list(details.get("evidence", ())),
        missing=list(missing),
    )


def passed(subject: str, message: str, **details: Unpack[Details]) -> "Finding":
    """The subject is as it should be."""
    return _finding(Outcome.PASS, subject, message, details)


def failed(subject: str, message: str, **details: Unpack[Details]) -> "Finding":
    """The subject is not as it should be."""
    return _finding(Outcome.FAIL, subject, message, details)


def not_applicable(subject: str, message: str, **details: Unpack[Details]) -> "Finding":
    """The rule does not concern this subject or this host."""
    return _finding(Outcome.NOT_APPLICABLE, subject, message, details)


def unknown(
    subject: str,
    message: str,
    missing: "Iterable[Absent | Absence]" = (),
    **details: Unpack[Details],
) -> "Finding":
    """Evidence is missing for this subject, and others were judged. Where the
    whole rule can't be judged, let :class:`Absent` pass instead."""
    absences = [one.absence if isinstance(one, Absent) else one for one in missing]
    return _finding(Outcome.UNKNOWN, subject, message, details, absences)


def or_absent(get: Callable[[], Value], default: Default) -> Value | Default:
    """What ``get`` gives, and ``default`` where that is certainly absent. What
    is not known (denied, not collected) is still raised: missing evidence is
    never a default.

    ``or_absent(lambda: sysctl.get("vm.overcommit_memory"), None)``
    """
    try:
        return get()
    except Absent as absent:
        if absent.certain:
            return default
        raise
