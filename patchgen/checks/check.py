"""What a check is: an id, a severity, its documentation, and a function that yields problems."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Generic, TypeVar

from patchgen.findings import Finding, Problem, Severity

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """One check. ``takes`` is the type of what it is handed, each time there is one.

    ``wraps`` says that a tool of the kernel finds the defects and has names for them.

    The documentation is the function's docstring: a line that says what is wrong, then
    paragraphs that begin with ``Why:``, ``Bad:`` and ``Good:``.
    """

    id: str
    severity: Severity
    takes: type[Subject]
    find: Callable[[Subject], Iterator[Problem]]
    title: str
    why: str
    bad: str
    good: str
    wraps: bool = False

    def run(self, subject: Subject) -> Iterator[Finding]:
        """The findings for one subject."""
        for problem in self.find(subject):
            name = f"{self.id}/{problem.kind}" if problem.kind else self.id
            yield Finding(name, problem.severity or self.severity, problem)


def check(
    takes: type[Subject], severity: Severity, *, wraps: bool = False
) -> Callable[[Callable[[Subject], Iterator[Problem]]], Check[Subject]]:
    """Make a check of a function; its id is the function's name with hyphens."""

    def made(find: Callable[[Subject], Iterator[Problem]]) -> Check[Subject]:
        documentation = inspect.cleandoc(find.__doc__ or "")
        title, _, rest = documentation.partition("\n")
        found = re.findall(r"(?ms)^(Why|Bad|Good):(.*?)\s*(?=^(?:Why|Bad|Good):|\Z)", rest)
        parts = {name: dedent(text.strip("\n")).lstrip() for name, text in found}
        return Check(
            find.__name__.replace("_", "-"),
            severity,
            takes,
            find,
            title,
            parts.get("Why", ""),
            parts.get("Bad", ""),
            parts.get("Good", ""),
            wraps,
        )

    return made
