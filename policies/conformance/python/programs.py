"""The rules that ask about programs: what they are, how they start, and what
they come from."""

from answers import Answers, call
from casefile import elf, go_binary, package_db, start, tools
from show import some

PROGRAMS = 6
"""Programs that are looked at."""
STARTS = 6
"""Starts that are looked at."""


def some_starts(answers: Answers) -> list[int]:
    """The indices of the first starts, and one that none has."""
    page = answers.ask(start, "starts", 0, STARTS)
    return [*(one.index for one in page or []), 2**32 - 1]


def first_programs(answers: Answers) -> list[str]:
    """The paths of the first programs, as pages of four give them."""
    programs: list[str] = []
    offset = 0
    while len(programs) < PROGRAMS:
        page = answers.ask(elf, "programs", offset, 4)
        if not page:
            break
        programs.extend(program.path for program in page)
        offset += 4
    return programs[:PROGRAMS]


LAUNCHES = [
    None,
    elf.Launch(
        library_path="/opt/lib::/usr/lib/größe",
        preload="/no/such/größe.so libm.so.6",
        secure=False,
        working_directory="/opt",
    ),
]


def ask_elf() -> Answers:
    answers = Answers()
    programs = first_programs(answers)
    for path in [*programs, "/etc/os-release", "/no/such", "relative", ""]:
        answers.ask(elf, "get-file", path)
        for launch in LAUNCHES:
            answers.ask(elf, "resolve", path, launch, written=[path, some(launch)])
        for function in ["version-needs", "version-definitions", "sections", "dlopen-notes"]:
            answers.ask(elf, function, path)
    for index in some_starts(answers):
        answers.ask(elf, "resolve-start", index)
    answers.ask(elf, "get-cache")
    answers.turn(3, elf, "stale-entries")
    return answers


def ask_start() -> Answers:
    answers = Answers()
    answers.say("start.get-scope()", start.get_scope())
    answers.turn(4, start, "starts")
    answers.turn(4, start, "hidden-processes")
    return answers


FUNCTION_FILTERS = [
    go_binary.FunctionFilter(None, None, False),
    go_binary.FunctionFilter("main.main", None, False),
    go_binary.FunctionFilter(None, "net/http", False),
    go_binary.FunctionFilter(None, None, True),
]

CALL_FILTERS = [
    go_binary.CallFilter(None, None, False),
    go_binary.CallFilter(None, "net/http.(*Client).Do", False),
    go_binary.CallFilter("main", "os.Exit", True),
]


def ask_go_binary() -> Answers:
    answers = Answers()
    for path in [*first_programs(answers), "/no/such"]:
        answers.ask(go_binary, "get", path)
        answers.turn(3, go_binary, "dependencies", path)
        for functions in FUNCTION_FILTERS:
            answers.turn(3, go_binary, "functions", path, functions)
        for calls in CALL_FILTERS:
            answers.turn(3, go_binary, "calls", path, calls)
    return answers


VERSIONS = [
    ("1.0", "1.0"),
    ("1.0~rc1", "1.0"),
    ("1:1", "2"),
    ("1.10-r1", "1.9-r2"),
    ("größe", ""),
]


def ask_package_db() -> Answers:
    answers = Answers()
    answers.ask(package_db, "databases")
    for name in ["libc6", "glibc", "musl", "no-such"]:
        answers.ask(package_db, "find", name)
    answers.turn(3, package_db, "packages")
    for path in ["/bin/sh", "/usr/bin/curl", "/no/such"]:
        answers.ask(package_db, "owner", path)
    for manager in package_db.Manager:
        for first, second in VERSIONS:
            order = package_db.compare(manager, first, second)
            answers.say(call(package_db, "compare", manager, first, second), order)
    return answers


def ask_tools() -> Answers:
    answers = Answers()
    names = tools.names()
    answers.say("tools.names()", names)
    for name in [*names, "no-such"]:
        answers.ask(tools, "get", name)
    return answers
