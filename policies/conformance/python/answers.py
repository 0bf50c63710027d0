"""The findings of a rule that asks: one for each call of a getter."""

from typing import Any

from casefile import Finding, passed
from show import answered, shown

PAGES = 3
"""Pages that are turned."""


class Answers(list[Finding]):
    """The findings of a rule."""

    def say(self, subject: str, value: Any) -> None:
        """Adds a value."""
        self.append(passed(subject, "answers", actual=shown(value)))

    def ask(self, module: Any, function: str, *arguments: Any, written: Any = None) -> Any:
        """Calls a getter that may give an error, and adds what it says; None
        is given for an error. Arguments are written as others where the
        contract's type calls for it."""
        getter = getattr(module, function.replace("-", "_"))
        value, text = answered(getter, *arguments)
        self.say(call(module, function, *(arguments if written is None else written)), text)
        return value

    def turn(self, limit: int, module: Any, function: str, *arguments: Any) -> list[Any]:
        """The first pages of a list, which takes an offset and a limit behind
        its other arguments."""
        items: list[Any] = []
        for _ in range(PAGES):
            page = self.ask(module, function, *arguments, len(items), limit)
            if not page:
                break
            items += page
        return items


def call(module: Any, function: str, *arguments: Any) -> str:
    """A call: `sysctl.get("fs.nr_open")`."""
    interface = module.__name__.rpartition(".")[2].replace("_", "-")
    return f"{interface}.{function}({', '.join(map(shown, arguments))})"
