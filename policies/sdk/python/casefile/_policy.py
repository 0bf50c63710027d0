"""Declares rules, parameters and the policy that they belong to."""

import inspect
import pathlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._contract import INTERFACES, Absent, interface, types

if TYPE_CHECKING:
    from ._generated.wit_world.imports.types import ExitClass, Finding, Severity
else:
    Finding = types.Finding

Value = TypeVar("Value")
Judge = Callable[[], "Finding | Iterable[Finding] | None"]
Function = TypeVar("Function", bound=Judge)

_parameters = interface("parameters")


@dataclass(frozen=True)
class Parameter(Generic[Value]):
    """A parameter that the user may set."""

    name: str
    default: Value
    documentation: str
    _kind: Any = field(repr=False)

    @property
    def value(self) -> Value:
        """The user's value, else the default."""
        try:
            value: Value = _parameters.get(self.name).value
        except Absent:
            # Outside of an evaluation there is none.
            return self.default
        return value


@dataclass(frozen=True)
class Rule:
    """One rule of a policy."""

    code: str
    title: str
    severity: "Severity"
    exit_class: "ExitClass"
    documentation: str
    judge: Judge

    def findings(self) -> "list[Finding]":
        """Judges. :class:`Absent` is raised where the whole rule lacks
        evidence."""
        findings = self.judge()
        if findings is None:
            return []
        if isinstance(findings, Finding):
            return [findings]
        return list(findings)


@dataclass
class Policy:
    """A policy: what it says of itself, and its rules in order."""

    id: str
    version: str
    title: str
    needs: list[str]
    rules: list[Rule]
    parameters: list[Parameter[Any]]

    def rule(self, code: str) -> Rule:
        """The rule of a code.

        Raises ``LookupError`` where there is none.
        """
        for one in self.rules:
            if one.code == code:
                return one
        raise LookupError(f"the policy {self.id} has no rule {code}")


_rules: list[Rule] = []
_declared: list[Parameter[Any]] = []
_policies: list[Policy] = []


def _parameter(name: str, default: Value, documentation: str, kind: Any) -> Parameter[Value]:
    parameter = Parameter(name, default, documentation, kind)
    _declared.append(parameter)
    return parameter


def boolean(name: str, default: bool, documentation: str) -> Parameter[bool]:
    """Declares a parameter that is yes or no."""
    return _parameter(name, default, documentation, types.Value_Boolean)


def integer(name: str, default: int, documentation: str) -> Parameter[int]:
    """Declares a parameter that is a whole number of 64 bits."""
    return _parameter(name, default, documentation, types.Value_Integer)


def text(name: str, default: str, documentation: str) -> Parameter[str]:
    """Declares a parameter that is a text."""
    return _parameter(name, default, documentation, types.Value_Text)


def texts(name: str, default: list[str], documentation: str) -> Parameter[list[str]]:
    """Declares a parameter that is a list of texts."""
    return _parameter(name, default, documentation, types.Value_Texts)


def rule(
    code: str,
    title: str,
    *,
    severity: "Severity",
    exit_class: "ExitClass",
    documentation: str | None = None,
) -> Callable[[Function], Function]:
    """Declares the function below it as a rule. It returns a finding, or
    yields or returns several.

    The documentation is Markdown with the headings *What it checks*, *Why it
    matters*, *How to fix* and *References*; where it is not given, it is the
    file ``rules/CODE.md`` beside the module.
    """

    def declare(judge: Function) -> Function:
        said = documentation
        if said is None:
            folder = pathlib.Path(inspect.getfile(judge)).parent
            said = (folder / "rules" / f"{code}.md").read_text(encoding="utf-8")
        _rules.append(Rule(code, title, severity, exit_class, said, judge))
        return judge

    return declare


def policy(id: str, *, version: str, title: str, needs: list[str]) -> Policy:
    """Says what the policy is, below its rules. ``needs`` names the interfaces
    that its rules ask (``["sysctl"]``): what is not named answers unknown
    (denied), and nothing else is asked of the user or taken from the host.
    """
    for name in needs:
        if name not in INTERFACES:
            raise ValueError(f"needs: {name!r} is none of {', '.join(INTERFACES)}")
    if _policies:
        raise ValueError(f"there is a policy {_policies[0].id} already")
    declared = Policy(id, version, title, list(needs), list(_rules), list(_declared))
    _policies.append(declared)
    return declared


def declared() -> Policy:
    """The policy that the author's module has declared."""
    if not _policies:
        raise ValueError("the module policy declares no policy: call casefile.policy at its end")
    return _policies[0]
