"""The conformance policy, in Python. What it asks and how values are written:
policies/conformance/README.md."""

import pathlib

import ask
import programs
import say
from casefile import ExitClass, Severity, boolean, integer, policy, rule, text, texts

DOCUMENTATION = pathlib.Path(__file__).with_name("rules").joinpath("any.md").read_text("utf-8")

boolean("boolean", True, "Yes or no.")
integer("least", -(2**63), "The least number.")
integer("greatest", 2**63 - 1, "The greatest number.")
text("text", "größer als « 日本 »", "A text.")
text("empty", "", "No text.")
texts("texts", ["one", "", "ü"], "Texts.")
texts("none", [], "No texts.")

for code, severity, exit_class, judge in [
    ("host", Severity.INFO, ExitClass.NETWORK, ask.ask_host),
    ("sysctl", Severity.LOW, ExitClass.LIMITS, ask.ask_sysctl),
    ("process", Severity.MEDIUM, ExitClass.LIMITS, ask.ask_process),
    ("cgroup", Severity.HIGH, ExitClass.LIMITS, ask.ask_cgroup),
    ("elf", Severity.CRITICAL, ExitClass.ELF, programs.ask_elf),
    ("start", Severity.INFO, ExitClass.ELF, programs.ask_start),
    ("go-binary", Severity.LOW, ExitClass.GO_RUNTIME, programs.ask_go_binary),
    ("package-db", Severity.MEDIUM, ExitClass.NETWORK, programs.ask_package_db),
    ("tools", Severity.HIGH, ExitClass.NETWORK, programs.ask_tools),
    ("kernel-log", Severity.CRITICAL, ExitClass.LIMITS, ask.ask_kernel_log),
    ("network", Severity.INFO, ExitClass.NETWORK, ask.ask_network),
    ("trust", Severity.INFO, ExitClass.CERTIFICATES, ask.ask_trust),
    ("audit", Severity.LOW, ExitClass.ACCESS_CONTROL, ask.ask_audit),
    ("environment", Severity.MEDIUM, ExitClass.GO_RUNTIME, ask.ask_environment),
    ("files", Severity.HIGH, ExitClass.UNIT, ask.ask_files),
    ("parameters", Severity.CRITICAL, ExitClass.NETWORK, ask.ask_parameters),
    ("data", Severity.INFO, ExitClass.NETWORK, ask.ask_data),
    ("runtime", Severity.LOW, ExitClass.NETWORK, ask.ask_runtime),
    ("script", Severity.LOW, ExitClass.NETWORK, ask.ask_script),
    ("log", Severity.LOW, ExitClass.NETWORK, ask.ask_log),
    ("values", Severity.MEDIUM, ExitClass.NETWORK, say.values),
    ("error", Severity.MEDIUM, ExitClass.NETWORK, say.error),
]:
    rule(
        code,
        f"Asks {code}, « {code} »",
        severity=severity,
        exit_class=exit_class,
        documentation=DOCUMENTATION,
    )(judge)

policy(
    "conformance",
    version="0.1.0",
    title="Asks everything — 日本語, עברית",
    needs=[
        "host", "sysctl", "process", "cgroup", "elf", "start", "go-binary",
        "package-db", "tools", "kernel-log", "network", "trust", "audit",
        "environment", "files", "parameters", "data", "runtime", "script", "log",
    ],
)  # fmt: skip
