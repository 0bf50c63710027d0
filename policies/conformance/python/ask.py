"""The rules that ask: one for each interface, a finding for each call. Those
about programs stand in programs.py."""

from typing import Any

from answers import PAGES, Answers
from casefile import (
    audit,
    cgroup,
    data,
    environment,
    files,
    host,
    kernel_log,
    log,
    network,
    process,
    runtime,
    script,
    sysctl,
    trust,
)
from casefile._contract import interface
from programs import some_starts
from show import shown

PROCESSES = 12
"""Processes that are looked at."""

# Authors get at parameters by their declarations; this policy asks for one
# that is not declared.
parameters = interface("parameters")


def ask_host() -> Answers:
    answers = Answers()
    answers.say("host.snapshot-kind()", host.snapshot_kind())
    for function in ["architecture", "os", "running-kernel", "memory-total", "cpu", "mounted"]:
        answers.ask(host, function)
    for name in ["CommitLimit", "NoSuch"]:
        answers.ask(host, "memory-figure", name)
    for what in host.PressureKind:
        answers.ask(host, "get-pressure", what)
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
        answers.ask(process, "get-memory", pid)
        answers.ask(process, "get-mappings", pid)
        answers.ask(process, "get-watches", pid)
        answers.ask(process, "get-started", pid)
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
    members: list[cgroup.Member] = [cgroup.Member_Process(pid) for pid in [*pids, 2**32 - 1][:2]]
    members += [cgroup.Member_Group(path) for path in paths[:3]]
    for member in members:
        for what in cgroup.ResourceKind:
            answers.ask(cgroup, "limits", member, what)
            answers.ask(cgroup, "events", member, what)
    return answers


def ask_kernel_log() -> Answers:
    answers = Answers()
    answers.ask(kernel_log, "get-coverage")
    for text in ["", "oom", "größe"]:
        answers.turn(3, kernel_log, "lines", text)
    answers.turn(3, kernel_log, "memory-kills")
    return answers


def ask_network() -> Answers:
    answers = Answers()
    for name in ["TcpExtListenOverflows", "TcpAttemptFails", "NoSuch"]:
        answers.ask(network, "get-counter", name)
    answers.ask(network, "get-sockets")
    answers.ask(network, "get-most-waiting")
    answers.turn(4, network, "listeners")
    return answers


BUNDLE = "/etc/ssl/certs/ca-certificates.crt"

POOL_REQUESTS = [
    trust.PoolRequest(trust.Library.GO, None, None, None),
    trust.PoolRequest(trust.Library.OPENSSL, None, None, None),
    trust.PoolRequest(trust.Library.GNUTLS, None, None, None),
    trust.PoolRequest(trust.Library.GO, "go1.22", BUNDLE, None),
    trust.PoolRequest(trust.Library.OPENSSL, None, BUNDLE, "/no/such:/etc/größe"),
]
"""Pools as they are without environment, and with it."""


def ask_trust() -> Answers:
    answers = Answers()
    stores = answers.ask(trust, "get-stores")
    paths = [store.path for store in stores.known] if stores else []
    fingerprints: list[str] = []
    for path in [*paths, "/no/such"]:
        certificates = answers.turn(7, trust, "certificates", path)
        fingerprints += [certificate.fingerprint for certificate in certificates[:2]]
    answers.ask(trust, "get-layout")
    for request in POOL_REQUESTS:
        answers.ask(trust, "get-pool", request)
        answers.turn(3, trust, "pool-certificates", request)
    for fingerprint in [*fingerprints[:3], "00"]:
        answers.ask(trust, "get-details", fingerprint)
        answers.ask(trust, "find-known-root", fingerprint)
    answers.say("trust.get-known-roots()", trust.get_known_roots())
    answers.turn(3, trust, "missing-known-roots")
    answers.turn(5, trust, "drifts")
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
    for index in some_starts(answers):
        answers.ask(environment, "names-of-start", index)
        for name in ["PATH", "NO_SUCH"]:
            answers.ask(environment, "of-start", index, name)
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
    for path in ["/", "/no/such"]:
        answers.ask(files, "get-space", path)
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
