"""Tests of the rules in plain Python: ``PYTHONPATH=kit python3 -m unittest``.
What the component says of whole hosts is the business of the cases."""

import unittest

import policy
from casefile import Outcome, Reason, sysctl, testing


class BacklogShort(unittest.TestCase):
    def judge(self, backlog: object, **parameters: int) -> Outcome:
        getters = {"sysctl.get-number": backlog, **testing.parameters(parameters)}
        with testing.answers(getters):
            (finding,) = testing.findings("backlog-short")
        return finding.outcome

    def test_the_parameter_is_the_least_that_passes(self) -> None:
        backlog = sysctl.Number(value=1024, evidence=1)
        self.assertEqual(self.judge(backlog), Outcome.PASS)
        self.assertEqual(self.judge(backlog, least=1025), Outcome.FAIL)
        self.assertEqual(policy.least.default, 1024)

    def test_what_is_not_known_is_no_failure(self) -> None:
        denied = testing.unknown("/proc/sys/net/core/somaxconn", Reason.DENIED)
        self.assertEqual(self.judge(denied), Outcome.UNKNOWN)


if __name__ == "__main__":
    unittest.main()
