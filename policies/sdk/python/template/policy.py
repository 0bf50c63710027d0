"""The rules of the policy policy-name."""

from casefile import (
    ExitClass,
    Finding,
    Severity,
    failed,
    integer,
    passed,
    policy,
    rule,
    sysctl,
)

least = integer("least", 1024, "Fewest connections that may wait to be accepted.")


@rule(
    "backlog-short",
    "The listen backlog is short",
    severity=Severity.MEDIUM,
    exit_class=ExitClass.NETWORK,
)
def backlog_short() -> Finding:
    name = "net.core.somaxconn"
    # Where there is no value, the exception Absent ends the rule as unknown.
    backlog = sysctl.get_number(name)
    if backlog.value >= least.value:
        return passed(
            name,
            "the listen backlog is long enough",
            actual=backlog.value,
            wanted=f">= {least.value}",
            evidence=[backlog.evidence],
        )
    return failed(
        name,
        "connections are dropped under load",
        actual=backlog.value,
        wanted=f">= {least.value}",
        remedy=f"set {name} to {least.value}",
        evidence=[backlog.evidence],
    )


policy(
    "policy-name",
    version="0.1.0",
    title="Settings of the network stack",
    needs=["sysctl"],
)
