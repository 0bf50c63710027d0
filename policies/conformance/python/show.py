"""Writes values of the contract as text: policies/conformance/README.md."""

import dataclasses
import enum
import functools
import re
import typing
from collections.abc import Callable
from typing import Any

from casefile import Absent

ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


class Written(str):
    """What is written already."""


def some(value: Any) -> Written:
    """An option; None is none."""
    return Written("none" if value is None else f"some({shown(value)})")


def answered(getter: Callable[..., Any], *arguments: Any) -> tuple[Any, Written]:
    """What a getter gives, None where it gives an error; and the result as
    text."""
    try:
        value = getter(*arguments)
    except Absent as absent:
        return None, Written(f"err({shown(absent.absence)})")
    return value, Written(f"ok({shown(value)})")


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return f"\\{character}" if character in '"\\' else f"\\u{{{ord(character):x}}}"


@functools.cache
def _fields(kind: type) -> list[tuple[str, str, bool]]:
    """The fields of a record: their names in Python and in the contract, and
    whether they are options."""
    hints = typing.get_type_hints(kind)
    return [
        (
            field.name,
            field.name.rstrip("_").replace("_", "-"),
            type(None) in typing.get_args(hints[field.name]),
        )
        for field in dataclasses.fields(kind)
    ]


@functools.cache
def _case(kind: type) -> str | None:
    """The case of a variant; none for a record."""
    _, line, case = kind.__name__.partition("_")
    return re.sub(r"(?<!^)(?=[A-Z])", "-", case).lower() if line else None


def shown(value: Any) -> str:
    """A value as text."""
    match value:
        case Written():
            return value
        case bool():
            return "true" if value else "false"
        case enum.Enum():
            return value.name.lower().replace("_", "-")
        case int():
            return str(value)
        case str():
            return f'"{ESCAPED.sub(_escape, value)}"'
        case tuple():
            return f"({', '.join(map(shown, value))})"
        case list() | bytes():
            return f"[{', '.join(map(shown, value))}]"
    kind = type(value)
    case = _case(kind)
    if case is not None:
        return f"{case}({shown(value.value)})" if _fields(kind) else case
    parts = [
        f"{name}: {(some if option else shown)(getattr(value, field))}"
        for field, name, option in _fields(kind)
    ]
    return f"{{{', '.join(parts)}}}"
