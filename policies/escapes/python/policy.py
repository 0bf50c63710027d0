"""Attempts to get out of the sandbox, in Python: each ends in the documented,
deterministic way (README.md). A finding's actual value says what happened."""

import encodings.idna  # noqa: F401 - there are no files to import it from later
import os
import random
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from typing import Any

from casefile import ExitClass, Finding, Severity, passed, policy, rule

DOCUMENTATION = """## What it checks

Nothing: it tries what a policy can't do.

## Why it matters

A sandbox is as good as what was tried on it.

## How to fix

Mend the sandbox.

## References

- policies/escapes/python/README.md
"""


def said(error: BaseException) -> str:
    """The kind of an error, and its number in words."""
    number = getattr(error, "strerror", None) or str(error)
    return f"{type(error).__name__}: {number}"


def attempt(code: str, does: Callable[[], Any]) -> None:
    def judge() -> Finding:
        try:
            actual = str(does())
        except Exception as error:
            actual = said(error)
        return passed(code, "was tried", actual=actual)

    rule(
        code,
        f"Tries: {code}",
        severity=Severity.INFO,
        exit_class=ExitClass.UNIT,
        documentation=DOCUMENTATION,
    )(judge)


def opens_file() -> str:
    """Reads a file that every host has."""
    with open("/etc/passwd", encoding="utf-8") as file:
        return file.read()


def connects() -> str:
    """Connects to an address of this host, and by a name."""
    outcomes = []
    for address in ("127.0.0.1", "localhost"):
        try:
            with socket.create_connection((address, 22), timeout=1):
                outcomes.append("connected")
        except Exception as error:
            outcomes.append(said(error))
    return ", ".join(outcomes)


def spawns() -> str:
    """Runs a program."""
    return subprocess.run(["/bin/true"], check=True).args[0]


def reads_random() -> tuple[Any, ...]:
    return os.urandom(8).hex(), str(uuid.uuid4()), random.getrandbits(64)


def writes_gigabyte() -> str:
    """Writes to standard output, a mebibyte at a time."""
    block = "x" * (1 << 20)
    for _ in range(1 << 10):
        print(block)
    return "written"


def grows_memory() -> str:
    """Takes memory until there is no more."""
    taken = bytearray()
    while True:
        taken.extend(bytes(1 << 20))


def loops() -> str:
    """Never ends."""
    while True:
        pass


attempt("opens-file", opens_file)
attempt("reads-environment", lambda: dict(os.environ))
attempt("connects", connects)
attempt("reads-clock-twice", lambda: (time.time_ns(), time.time_ns(), time.monotonic_ns()))
attempt("spawns", spawns)
attempt("reads-random-twice", lambda: (reads_random(), reads_random()))
attempt("writes-gigabyte", writes_gigabyte)
attempt("grows-memory", grows_memory)
attempt("loops", loops)

policy("escapes", version="0.1.0", title="Tries to get out of the sandbox", needs=[])
