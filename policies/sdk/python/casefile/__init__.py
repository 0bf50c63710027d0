"""Policies for Casefile in Python.

A policy is a module that declares rules and says, at its end, what it is::

    from casefile import ExitClass, Severity, failed, passed, policy, rule, sysctl

    @rule("backlog-short", "The listen backlog is short",
          severity=Severity.MEDIUM, exit_class=ExitClass.NETWORK)
    def backlog_short():
        backlog = sysctl.get_number("net.core.somaxconn")
        ...

    policy("my-policy", version="0.1.0", title="Settings of the network stack",
           needs=["sysctl"])

Getters raise :class:`Absent` where there is no value.
"""

from typing import TYPE_CHECKING

from ._contract import Absent, interface

if TYPE_CHECKING:
    from ._generated.wit_world.imports import (
        audit,
        cgroup,
        data,
        elf,
        environment,
        files,
        go_binary,
        host,
        kernel_log,
        log,
        network,
        package_db,
        process,
        runtime,
        script,
        start,
        sysctl,
        tools,
        trust,
    )
    from ._generated.wit_world.imports.types import (
        Absence,
        Confidence,
        ExitClass,
        Finding,
        Outcome,
        Reason,
        Severity,
        State,
        State_Absent,
        State_Unknown,
    )
else:
    from ._contract import types as _types

    audit = interface("audit")
    cgroup = interface("cgroup")
    data = interface("data")
    elf = interface("elf")
    environment = interface("environment")
    files = interface("files")
    go_binary = interface("go-binary")
    host = interface("host")
    kernel_log = interface("kernel-log")
    log = interface("log")
    network = interface("network")
    package_db = interface("package-db")
    process = interface("process")
    runtime = interface("runtime")
    script = interface("script")
    start = interface("start")
    sysctl = interface("sysctl")
    tools = interface("tools")
    trust = interface("trust")
    Absence = _types.Absence
    Confidence = _types.Confidence
    ExitClass = _types.ExitClass
    Finding = _types.Finding
    Outcome = _types.Outcome
    Reason = _types.Reason
    Severity = _types.Severity
    State = _types.State
    State_Absent = _types.State_Absent
    State_Unknown = _types.State_Unknown

from ._findings import failed, not_applicable, or_absent, passed, unknown
from ._policy import Parameter, Policy, Rule, boolean, integer, policy, rule, text, texts

__all__ = [
    "Absence",
    "Absent",
    "Confidence",
    "ExitClass",
    "Finding",
    "Outcome",
    "Parameter",
    "Policy",
    "Reason",
    "Rule",
    "Severity",
    "State",
    "State_Absent",
    "State_Unknown",
    "audit",
    "boolean",
    "cgroup",
    "data",
    "elf",
    "environment",
    "failed",
    "files",
    "go_binary",
    "host",
    "integer",
    "kernel_log",
    "log",
    "network",
    "not_applicable",
    "or_absent",
    "package_db",
    "passed",
    "policy",
    "process",
    "rule",
    "runtime",
    "script",
    "start",
    "sysctl",
    "text",
    "texts",
    "tools",
    "trust",
    "unknown",
]
