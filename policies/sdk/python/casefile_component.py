"""What componentize-py makes a component of: the author's module ``policy``,
behind what the contract's world exports. Authors have nothing to do with it.
"""

import random
import sys
import traceback

import wit_world
from componentize_py_types import Err
from wit_world.imports import types

import policy as _author  # noqa: F401 - it declares rules
from casefile import log, runtime
from casefile._contract import Absent
from casefile._policy import declared

_policy = declared()


def _begin() -> None:
    """Python's own generator was seeded when the component was built; from
    here on it is the snapshot's and the policy's."""
    random.seed(runtime.seed())
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)


def _end() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


class WitWorld(wit_world.WitWorld):
    def describe(self) -> types.Description:
        return types.Description(
            id=_policy.id,
            version=_policy.version,
            title=_policy.title,
            rules=[
                types.Rule(
                    rule.code, rule.title, rule.severity, rule.exit_class, rule.documentation
                )
                for rule in _policy.rules
            ],
            parameters=[
                types.Parameter(
                    parameter.name, parameter._kind(parameter.default), parameter.documentation
                )
                for parameter in _policy.parameters
            ],
            needs=list(_policy.needs),
        )

    def evaluate(self, rule: str) -> list[types.Finding]:
        _begin()
        try:
            return _policy.rule(rule).findings()
        except Absent as absent:
            raise Err(absent.absence) from None
        except Exception:
            # It stops the rule as a trap, which has no words.
            log.write(log.Level.WARN, traceback.format_exc())
            raise
        finally:
            _end()
