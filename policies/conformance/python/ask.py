"""The rules that ask: one for each interface, a finding for each call."""

from typing import Any

from casefile import (
    Finding,
    audit,
    cgroup,
    data,
    elf,
    environment,
    files,
    host,
    log,
    passed,
    process,
    runtime,
    script,
    sysctl,
    trust,
)
from casefile._contract import interface
from show import answered, shown, some

PROCESSES = 12
"""Processes that are looked at."""
PROGRAMS = 12
"""Programs that are looked at."""
PAGES = 3
"""Pages that are turned."""

# Authors get at parameters by their declarations; this policy asks for one
# that is not declared.
parameters = interface("parameters")


class Answers(list[Finding]):
    """The findings of a rule."""

    def say(self, subject: str, value: Any) -> None:
        """Adds a value."""
        self.append(passed(subject, "answers", actual=shown(value)))

    def ask(self, module: Any, function: str, *arguments: Any, written: Any = None) -> Any:
        """Calls a getter that may give an error, and adds what it says; None
        is given for an error. Arguments are written as others where the
        contract's type calls for it."""
        name = f"{module.__name__.rpartition('.')[2]}.{function}"
        getter = getattr(module, function.replace("-", "_"))
        value, text = answered(getter, *arguments)
        shows = arguments if written is None else written
        self.say(f"{name}({', '.join(map(shown, shows))})", text)
        return value


def ask_host() -> Answers:
    answers = Answers()
    answers.say("host.snapshot-kind()", host.snapshot_kind())
    for function in ["architecture", "os", "running-kernel", "memory-total", "cpu", "mounted"]:
        answers.ask(host, function)
    return answers


def ask_sysctl() -> Answers:
    answers = Answers()
    for name in [
        "kernel.ostype",
        "kernel.hostname",
        "net.ipv4.ip_local_port_range",
        "net/ipv4/conf/eth0.1/rp_filter",
        "fs.nr_open",
        "no.such",
        "größe",
        "",
    ]:
        answers.ask(sysctl, "get", name)
    for name in [
        "fs.nr_open",
        "fs.file-max",
        "kernel.ostype",
        "net.core.somaxconn",
        "vm.least",
        "no.such",
    ]:
        answers.ask(sysctl, "get-number", name)
    for prefix in ["net.core", "net.ipv4.conf", "no.such", ""]:
        answers.ask(sysctl, "names", prefix)
    return answers


def first_pids(answers: Answers) -> list[int]:
    """The first processes, as pages of five give them."""
    pids: list[int] = []
    while len(pids) < PROCESSES:
        after = pids[-1] if pids else 0
        page = answers.ask(process, "pids", after, 5)
        if not page:
            break
        pids.extend(page)
    return pids[:PROCESSES]


def ask_process() -> Answers:
    answers = Answers()
    for pid in [*first_pids(answers), 2**32 - 1]:
        answers.ask(process, "get-status", pid)
        for what in process.Limited:
            answers.ask(process, "get-limit", pid, what)
        answers.ask(process, "get-descriptors", pid)
        answers.ask(process, "get-executable", pid)
    return answers


def ask_cgroup() -> Answers:
    answers = Answers()
    pids = first_pids(answers)
    paths = ["/", "/no/such"]
    for pid in pids:
        memberships = answers.ask(cgroup, "of-process", pid)
        for entry in memberships.entries if memberships else []:
            if entry.hierarchy == 0 and entry.path not in paths:
                paths.append(entry.path)
    for path in paths:
        for file in ["pids.max", "memory.max", "cgroup.controllers"]:
            answers.ask(cgroup, "get", path, file)
    return answers


def ask_elf() -> Answers:
    answers = Answers()
    programs: list[str] = []
    offset = 0
    while len(programs) < PROGRAMS:
        page = answers.ask(elf, "programs", offset, 4)
        if not page:
            break
        programs.extend(program.path for program in page)
        offset += 4
    for path in [*programs[:PROGRAMS], "/etc/os-release", "/no/such", "relative", ""]:
        answers.ask(elf, "get-file", path)
        for library_path in [None, "/opt/lib::/usr/lib/größe"]:
            answers.ask(elf, "resolve", path, library_path, written=[path, some(library_path)])
    return answers


def ask_trust() -> Answers:
    answers = Answers()
    stores = answers.ask(trust, "get-stores")
    paths = [store.path for store in stores.known] if stores else []
    for path in [*paths, "/no/such"]:
        offset = 0
        for _ in range(PAGES):
            page = answers.ask(trust, "certificates", path, offset, 7)
            if not page:
                break
            offset += len(page)
    return answers


def ask_audit() -> Answers:
    answers = Answers()
    for record_types, since in [
        ([], None),
        (["AVC", "größe"], 0),
        ([], -(2**63)),
        ([], 2**63 - 1),
    ]:
        filter = audit.Filter(record_types=record_types, since=since)
        cursor = 0
        for _ in range(PAGES):
            page = answers.ask(audit, "records", filter, cursor, 4)
            if not page or page.next is None:
                break
            cursor = page.next
    return answers


def ask_environment() -> Answers:
    answers = Answers()
    for pid in [*first_pids(answers), 2**32 - 1]:
        answers.ask(environment, "names", pid)
        for name in ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""]:
            answers.ask(environment, "get", pid, name)
    return answers


def ask_files() -> Answers:
    answers = Answers()
    for path in [
        "/",
        "/etc",
        "/etc/os-release",
        "/etc/long",
        "/etc/größe/日本",
        "/etc/empty",
        "/etc/binary",
        "/proc/1/status",
        "/etc/shadow",
        "/no/such",
        "relative",
        "",
    ]:
        answers.ask(files, "get-stat", path)
        answers.ask(files, "read-text", path)
        answers.ask(files, "read-directory", path)
        for name in ["security.selinux", "security.capability"]:
            answers.ask(files, "get-attribute", path, name)
    return answers


def ask_parameters() -> Answers:
    answers = Answers()
    for name in ["boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such"]:
        answers.ask(parameters, "get", name)
    return answers


def ask_data() -> Answers:
    answers = Answers()
    answers.say("data.names()", data.names())
    for name in ["table.txt", "table.bin", "empty", "no-such"]:
        answers.ask(data, "read", name)
        answers.ask(data, "read-text", name)
    return answers


def ask_runtime() -> Answers:
    answers = Answers()
    answers.say("runtime.now()", runtime.now())
    # The seed is another one for each policy: it is asked twice.
    answers.say("runtime.seed() is the same again", runtime.seed() == runtime.seed())
    return answers


def ask_script() -> Answers:
    answers = Answers()
    # Scripts have one, and components have none: it is asked twice.
    answers.say("script.get() is the same again", script.get() == script.get())
    return answers


def ask_log() -> Answers:
    answers = Answers()
    for level in log.Level:
        for text in ["", "größe « 日本 »\n\0", "é" * 1000]:
            log.write(level, text)
        answers.say(f"log.write({shown(level)})", True)
    return answers
