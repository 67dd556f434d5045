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
    wraps: bool = False

    @property
    def title(self) -> str:
        """What is wrong."""
        return inspect.cleandoc(self.find.__doc__ or "").partition("\n")[0]

    @property
    def why(self) -> str:
        """Why it matters."""
        return self._part("Why")

    @property
    def bad(self) -> str:
        """An example of it."""
        return self._part("Bad")

    @property
    def good(self) -> str:
        """The same as it should be."""
        return self._part("Good")

    def run(self, subject: Subject) -> Iterator[Finding]:
        """The findings for one subject."""
        for problem in self.find(subject):
            name = f"{self.id}/{problem.kind}" if problem.kind else self.id
            yield Finding(name, problem.severity or self.severity, problem)

    def _part(self, name: str) -> str:
        """What the documentation says below this word; it is read when somebody asks for it."""
        text = inspect.cleandoc(self.find.__doc__ or "")
        found = re.search(rf"(?ms)^{name}:(.*?)\s*(?=^(?:Why|Bad|Good):|\Z)", text)
        return dedent(found[1].strip("\n")).lstrip() if found else ""


def check(
    takes: type[Subject], severity: Severity, *, wraps: bool = False
) -> Callable[[Callable[[Subject], Iterator[Problem]]], Check[Subject]]:
    """Make a check of a function; its id is the function's name with hyphens."""

    def made(find: Callable[[Subject], Iterator[Problem]]) -> Check[Subject]:
        return Check(find.__name__.replace("_", "-"), severity, takes, find, wraps)

    return made
