"""What a compiler says, in a form that survives lines moving."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

SPARSE = "sparse"
"""The flag of what sparse says."""
_OBJECT = re.compile(r"\s+(?:CC|AS|HOSTCC)(?: \[M\])?\s+(\S+)")
_CHECK = re.compile(r"\s+CHECK(?: \[M\])?\s+(\S+)\.c")
_OTHER_WORK = re.compile(r"  [A-Z]+(?: \[M\])? +\S.*")
_FUNCTION = re.compile(
    r"(?P<path>\S+): (?:In|At) (?:function [‘'](?P<name>[^’']+)[’']|top level).*:"
)
_DIAGNOSTIC = re.compile(
    r"(?P<path>[^\s:][^:]*):(?P<line>\d+):(?:(?P<column>\d+):)? "
    r"(?P<kind>warning|error|fatal error): (?P<text>.*?)(?: \[(?P<flag>-W[^\]]+)\])?"
)
_CHECKED = re.compile(
    r"(?P<path>[^\s:][^:]*):(?P<line>\d+):\d+: (?:(?:warning|error): (?P<text>.*?):?"
    r"|\s+(?P<more>(?:expected|got)\s.*))"
)
_NUMBER = re.compile(r"(?:(?<!\w)-)?\b(?:0x[\da-fA-F]+|\d+)\b")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning. ``function`` is empty outside of functions, ``flag`` for errors."""

    path: str
    line: int
    kind: str
    text: str
    flag: str = ""
    function: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What stays the same when code above it moves: numbers do not count."""
        return self.path, self.function, self.flag, _NUMBER.sub("#", self.text)

    @property
    def is_error(self) -> bool:
        """Whether compiling stops at it."""
        return self.kind != "warning"

    def __str__(self) -> str:
        flag = f" [{self.flag}]" if self.flag else ""
        return f"{self.path}:{self.line}: {self.kind}: {self.text}{flag}"


def by_object(log: Iterable[str]) -> dict[str, tuple[Diagnostic, ...]]:
    """The diagnostics of every object that a build compiled, those without any included.

    ``log`` holds the output of kernel-style make rules with ``--output-sync``: a line such as
    ``CC``, then what the compiler said, and such as ``CHECK``, then what sparse said of the same
    source; older kernels have it first. What other rules than those say is kept under no name.
    gcc and clang write alike; only gcc names the function.
    """
    found: dict[str, list[Diagnostic]] = {}
    current = function = ""
    checked = False
    for line in log:
        if match := _OBJECT.fullmatch(line) or _CHECK.fullmatch(line):
            checked = match.re is _CHECK
            current, function = f"{match[1]}.o" if checked else match[1], ""
            found.setdefault(current, [])
        elif _OTHER_WORK.fullmatch(line):
            current, function, checked = "", "", False
        elif checked and (match := _CHECKED.fullmatch(line)):
            _add_checked(found[current], match)
        elif match := _FUNCTION.fullmatch(line):
            function = match["name"] or ""
        elif match := _DIAGNOSTIC.fullmatch(line):
            found.setdefault(current, []).append(_diagnostic(match, function))
    return {name: tuple(dict.fromkeys(said)) for name, said in found.items()}


def _add_checked(said: list[Diagnostic], match: re.Match[str]) -> None:
    """Take in a line of sparse. The types that it expected and got are on lines of their own.

    What it calls an error is none to make.
    """
    if match["text"] is not None:
        path = match["path"].removeprefix("./")
        said.append(Diagnostic(path, int(match["line"]), "warning", match["text"], SPARSE))
    elif said and said[-1].flag == SPARSE:
        more = " ".join(match["more"].split())
        said[-1] = replace(said[-1], text=f"{said[-1].text}, {more}")


def _diagnostic(match: re.Match[str], function: str) -> Diagnostic:
    kind, flag = match["kind"], match["flag"] or ""
    return Diagnostic(
        match["path"].removeprefix("./"), int(match["line"]), kind, match["text"], flag, function
    )


def new_ones(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Those of ``after`` whose identity ``before`` does not have, or not as often.

    Of errors with the same identity one is enough.
    """
    known = Counter(diagnostic.identity for diagnostic in before)
    for diagnostic in after:
        known[diagnostic.identity] -= 1
        if known[diagnostic.identity] == -1 or (
            known[diagnostic.identity] < 0 and not diagnostic.is_error
        ):
            yield diagnostic
