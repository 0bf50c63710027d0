"""Tests rules in plain Python, without a component::

    from casefile import sysctl, testing
    import policy

    def test_short():
        setting = sysctl.Number(value=128, evidence=1)
        with testing.answers({"sysctl.get-number": setting}):
            (finding,) = testing.findings("backlog-short")
        assert finding.outcome == Outcome.FAIL

The author's module is imported for its declarations. How a rule behaves on
real evidence is the business of the cases: ``casefile policy test``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import _contract
from ._contract import Absent
from ._findings import unknown as _unknown
from ._policy import declared

if TYPE_CHECKING:
    from ._generated.wit_world.imports.types import Finding, Reason


@contextmanager
def answers(getters: Mapping[str, Any]) -> Iterator[None]:
    """Sets what getters answer while the block runs, by interface and
    function (``"sysctl.get-number"``): a value, an exception to raise, or a
    function of the getter's arguments that gives either. All others answer
    unknown (not collected)."""
    before = dict(_contract.answers)
    _contract.answers.update(getters)
    try:
        yield
    finally:
        _contract.answers.clear()
        _contract.answers.update(before)


def absent(path: str) -> Absent:
    """There is none for certain."""
    return Absent(_contract.types.Absence(path, _contract.types.State_Absent(), ""))


def unknown(path: str, reason: "Reason", detail: str = "") -> Absent:
    """It can't be said whether there is one."""
    state = _contract.types.State_Unknown(reason)
    return Absent(_contract.types.Absence(path, state, detail))


def parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    """An answer for ``parameters.get``: the user's values by name, all others
    as declared."""
    kinds = {one.name: one._kind for one in declared().parameters}

    def get(name: str) -> Any:
        return kinds[name](values[name]) if name in values else absent(name)

    return {"parameters.get": get}


def findings(code: str) -> "list[Finding]":
    """The findings of a rule, as the engine gets them: an absence that the
    rule lets pass becomes one that is unknown."""
    try:
        return declared().rule(code).findings()
    except Absent as missing:
        return [_unknown(code, str(missing), [missing])]
