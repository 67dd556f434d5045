"""KTAP, the kernel's test format: results, nested subtests, and metrics on diagnostic lines.

Format: Documentation/dev-tools/ktap.rst in the kernel tree, version 1; TAP 13 and 14 headers are
understood, too. Whatever is read, nothing is raised: what does not fit becomes a fault.
"""

import enum
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_PRINTK = re.compile(r"(?:<\d+>)?\[ *\d+\.\d+\](?:\[[^\]]*\])? ?")
_VERSION = re.compile(r"K?TAP version \d+")
_PLAN = re.compile(r"(\d+)\.\.(\d{1,9})(?:\s*#\s*skip\b\s*(?P<reason>.*))?", re.IGNORECASE)
_RESULT = re.compile(
    r"(?P<ok>ok|not ok)(?: +(?P<number>\d{1,9}))?(?: +- +| +-$| +|$)"
    r"(?P<name>(?:[^#\\]|\\.|#(?=\S))*)"
    r"(?:#\s*(?:(?P<directive>skip|todo|xfail|timeout|error)\b:?\s*)?(?P<reason>.*))?",
    re.IGNORECASE,
)
_METRIC = re.compile(r"metric:\s+(?P<name>\S+)\s+(?P<value>\S+)(?:\s+(?P<unit>\S.*?))?\s*")
_ANNOUNCED = re.compile(r"(Subtest|case):\s+(\S.*?)\s*")
_BAIL_OUT = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)


NO_OUTPUT = "no KTAP output"
"""The fault of a run that says nothing in KTAP."""


class Outcome(enum.Enum):
    """How a test case ended. An expected failure is no failure."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPECTED_FAILURE = "xfail"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that a test case measured, from ``# metric: NAME VALUE UNIT``."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Case:
    """One test case without subtests. ``name`` is the path to it, ``suite/subtest``."""

    name: str
    outcome: Outcome
    reason: str
    diagnostics: tuple[str, ...]
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class TestRun:
    """What a run said: its cases in order, and everything about it that is not proper KTAP.

    ``complete`` is False when output ends before what its plans announce; ``started`` is then the
    path to the case that was announced last, by ``# case: NAME`` below ``# Subtest: NAME``, and has
    no result, if there is one.
    """

    __test__ = False

    cases: tuple[Case, ...]
    faults: tuple[str, ...]
    complete: bool
    started: str = ""


@dataclass(slots=True)
class _Level:
    """The results at one indentation, until the result they belong to comes."""

    indent: int
    plan: int | None = None
    results: int = 0
    cases: list[Case] = field(default_factory=list)
    diagnostics: list[str] = field(default_factory=list)
    title: str = ""
    started: str = ""


def parse_ktap(output: str) -> TestRun:
    """Read the output of a test program, or of a kernel with tests in its log."""
    return _Parser().parse(output.split("\n"))


class _Parser:
    def __init__(self) -> None:
        self.levels: list[_Level] = []
        self.faults: list[str] = []
        self.complete = True

    def parse(self, lines: Iterable[str]) -> TestRun:
        for line in lines:
            self._line(_PRINTK.sub("", line, count=1).rstrip())
        if not self.levels:
            return TestRun((), (NO_OUTPUT,), False)
        started = [name for level in self.levels for name in (level.title, level.started) if name]
        while len(self.levels) > 1:
            self._truncated("the output ends inside subtests")
            inner = self.levels.pop()
            self.levels[-1].cases += [
                _inside(inner.title, case) if inner.title else case for case in inner.cases
            ]
        self._check_plan(self.levels[0], "the test run")
        cases, faults = tuple(self.levels[0].cases), tuple(self.faults)
        return TestRun(cases, faults, self.complete, "/".join(started))

    def _line(self, line: str) -> None:
        text = line.strip(" ")
        indent = len(line) - len(line.lstrip(" "))
        if text.startswith("#"):
            if self.levels:
                self._diagnostic(indent, text[1:].strip())
        elif _VERSION.fullmatch(text):
            self._open(indent)
        elif not self.levels:
            return
        elif match := _PLAN.fullmatch(text):
            self._plan(indent, match)
        elif match := _RESULT.fullmatch(text):
            self._result(indent, match)
        elif match := _BAIL_OUT.match(text):
            self._truncated(f"bail out: {match[1]}" if match[1] else "bail out")

    def _diagnostic(self, indent: int, text: str) -> None:
        announced = _ANNOUNCED.fullmatch(text)
        if announced is None:
            self._level(indent).diagnostics.append(text)
        elif announced[1] == "Subtest":
            self._deepest(indent).title = announced[2]
        else:
            self._deepest(indent).started = announced[2]

    def _open(self, indent: int) -> None:
        """A version line begins subtests, or another run in the same output."""
        if not self.levels or indent > self.levels[-1].indent:
            self.levels.append(_Level(indent))
        elif indent <= self.levels[0].indent and self.levels[0].plan is not None:
            root = self.levels[0]
            root.cases += self._fold(root.indent)[0]
            self._check_plan(root, "the test run")
            root.indent, root.plan, root.results = indent, None, 0

    def _level(self, indent: int) -> _Level:
        """The level of a line: the deepest one that is not indented further."""
        fitting = [level for level in self.levels if level.indent <= indent]
        return fitting[-1] if fitting else self.levels[0]

    def _deepest(self, indent: int) -> _Level:
        """The level of a line that may be the first of its subtests."""
        level = self._level(indent)
        if indent > level.indent:
            level = _Level(indent)
            self.levels.append(level)
        return level

    def _plan(self, indent: int, match: re.Match[str]) -> None:
        level = self._deepest(indent)
        if level.plan is not None:
            self.faults.append(f"a second plan: {match[0]}")
        level.plan = int(match[2])

    def _result(self, indent: int, match: re.Match[str]) -> None:
        level = self._deepest(indent)
        subtests, well_planned = self._fold(level.indent)
        level.results += 1
        level.started = ""
        name = _name(match, level.results)
        number = match["number"]
        if number is not None and int(number) != level.results:
            self.faults.append(f'result "{name}" has number {number}, {level.results} is due')
        diagnostics, level.diagnostics = level.diagnostics, []
        if subtests:
            level.cases += [_inside(name, case) for case in subtests]
            failed = any(case.outcome is Outcome.FAILED for case in subtests)
            if match["ok"].lower() == "not ok" and not failed and well_planned:
                level.cases.append(_case(name, match, diagnostics))
        else:
            level.cases.append(_case(name, match, diagnostics))

    def _fold(self, indent: int) -> tuple[list[Case], bool]:
        """Close every level deeper than ``indent``; their cases, and whether plans were kept."""
        cases: list[Case] = []
        kept = True
        while self.levels and self.levels[-1].indent > indent:
            inner = self.levels.pop()
            kept = self._check_plan(inner, "a group of subtests") and kept
            cases[:0] = inner.cases
        return cases, kept

    def _check_plan(self, level: _Level, what: str) -> bool:
        if level.plan is None or level.plan == level.results:
            return True
        self._truncated(f"{what} announces {level.plan} results and has {level.results}")
        return False

    def _truncated(self, fault: str) -> None:
        self.faults.append(fault)
        self.complete = False


def _name(match: re.Match[str], number: int) -> str:
    return re.sub(r"\\(.)", r"\1", match["name"]).strip() or f"test {number}"


def _inside(name: str, case: Case) -> Case:
    path = f"{name}/{case.name}"
    return Case(path, case.outcome, case.reason, case.diagnostics, case.metrics)


def _case(name: str, match: re.Match[str], diagnostics: list[str]) -> Case:
    texts = tuple(text for text in diagnostics if text and not _METRIC.fullmatch(text))
    return Case(
        name,
        _outcome(match["ok"].lower() == "ok", (match["directive"] or "").lower()),
        (match["reason"] or "").strip(),
        texts,
        tuple(_metrics(diagnostics)),
    )


def _outcome(passed: bool, directive: str) -> Outcome:
    match directive:
        case "skip":
            return Outcome.SKIPPED
        case "xfail":
            return Outcome.EXPECTED_FAILURE
        case "todo":
            return Outcome.TODO
        case "timeout" | "error":
            return Outcome.FAILED
    return Outcome.PASSED if passed else Outcome.FAILED


def _metrics(diagnostics: Iterable[str]) -> Iterator[Metric]:
    for text in diagnostics:
        if match := _METRIC.fullmatch(text):
            try:
                value = float(match["value"])
            except ValueError:
                continue
            if math.isfinite(value):
                yield Metric(match["name"], value, match["unit"] or "")
