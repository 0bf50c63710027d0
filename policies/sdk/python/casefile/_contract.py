"""Gets at the contract. In a component its modules are those that
componentize-py generates; elsewhere they are the same ones as files, in which
every getter answers what a test has set, else "not collected".

Each getter is wrapped, so that an absence arrives as the exception
:class:`Absent`.
"""

import importlib
import importlib.util
import inspect
import pathlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

INTERFACES = (
    "host",
    "sysctl",
    "process",
    "cgroup",
    "elf",
    "start",
    "go-binary",
    "package-db",
    "tools",
    "kernel-log",
    "network",
    "trust",
    "audit",
    "environment",
    "files",
    "parameters",
    "data",
    "runtime",
    "script",
    "log",
)
"""The interfaces of the contract that have getters."""

IN_COMPONENT = importlib.util.find_spec("wit_world") is not None
"""Whether this is a component, or is becoming one."""

if not IN_COMPONENT:
    sys.path.append(str(pathlib.Path(__file__).with_name("_generated")))

types: ModuleType = importlib.import_module("wit_world.imports.types")
Err: Any = importlib.import_module("componentize_py_types").Err

answers: dict[str, Any] = {"log.write": None}
"""What getters answer in tests, by name: ``"sysctl.get-number"``."""


class Absent(Exception):
    """A getter has no value. A rule that can't do without it lets this pass:
    it ends ``unknown``, and says what was missing."""

    def __init__(self, absence: Any) -> None:
        super().__init__(absence)
        self.absence = absence

    @property
    def certain(self) -> bool:
        """Whether the kernel said that there is none; else nothing is known."""
        return isinstance(self.absence.state, types.State_Absent)

    def __str__(self) -> str:
        state = self.absence.state
        why = "absent" if self.certain else state.value.name.lower().replace("_", " ")
        detail = f": {self.absence.detail}" if self.absence.detail else ""
        return f"{self.absence.path}: {why}{detail}"


def _not_answered(name: str, arguments: tuple[Any, ...]) -> NoReturn:
    path = ", ".join([name, *map(str, arguments)])
    reason = types.State_Unknown(types.Reason.NOT_COLLECTED)
    raise Absent(types.Absence(path, reason, "no answer was set in the test"))


def _faked(name: str) -> Callable[..., Any]:
    def get(*arguments: Any) -> Any:
        if name not in answers:
            return _not_answered(name, arguments)
        answer = answers[name]
        if callable(answer):
            answer = answer(*arguments)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return get


def _raising(getter: Callable[..., Any]) -> Callable[..., Any]:
    def get(*arguments: Any) -> Any:
        try:
            return getter(*arguments)
        except Err as error:
            raise Absent(error.value) from None

    return get


def interface(name: str) -> ModuleType:
    """The module of an interface by the contract's name, with its getters
    wrapped."""
    module = importlib.import_module(f"wit_world.imports.{name.replace('-', '_')}")
    for function, getter in inspect.getmembers(module, inspect.isfunction):
        if getter.__module__ != module.__name__ or function.startswith("_"):
            continue
        path = f"{name}.{function.replace('_', '-')}"
        wrapped = _raising(getter) if IN_COMPONENT else _faked(path)
        wrapped.__name__ = wrapped.__qualname__ = function
        wrapped.__doc__ = getter.__doc__
        setattr(module, function, wrapped)
    return module
