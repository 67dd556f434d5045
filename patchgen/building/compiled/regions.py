"""How the preprocessor sees a C file: groups that may be left out, macros, lines with code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r"//(?:\\[ \t]*\n|[^\n])*|/\*.*?(?:\*/|\Z)"
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|\\[ \t]*\n|\n|[^/\"'\\\n]+|.",
    re.DOTALL,
)
_DIRECTIVE = re.compile(r"\s*(?:#|%:)\s*(\w*)\s*(.*)", re.DOTALL)
_MACRO = re.compile(r"(\w+)(\([^)]*\))?\s*(.*)", re.DOTALL)
_OPENING = ("if", "ifdef", "ifndef")
_MIDDLE = ("elif", "elifdef", "elifndef", "else")


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a conditional: the directives up to the one that it begins with.

    Each is the number of its line and its text, such as ``#ifdef CONFIG_SMP``.
    """

    directives: tuple[tuple[int, str], ...]

    @property
    def line(self) -> int:
        """Where the branch begins."""
        return self.directives[-1][0]


@dataclass(frozen=True, slots=True)
class Region:
    """The lines from ``first`` to ``last``, all within ``branches``, the outermost first.

    No directive that is conditional is among them: the preprocessor takes all or none.
    """

    first: int
    last: int
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro that stands for something, and the lines of its definition."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A C file. ``code`` are the lines with more than blanks, comments and conditionals."""

    regions: tuple[Region, ...]
    macros: tuple[Macro, ...]
    code: frozenset[int]

    def region(self, line: int) -> int | None:
        """The index of the region that a line is in; None for a conditional's own."""
        found = (at for at, one in enumerate(self.regions) if one.first <= line <= one.last)
        return next(found, None)

    def macro(self, line: int) -> Macro | None:
        """The macro in whose definition a line is."""
        return next((one for one in self.macros if one.first <= line <= one.last), None)


@dataclass(frozen=True, slots=True)
class _Logical:
    """A line as the preprocessor joins it: without comments, backslashes at the end followed."""

    first: int
    last: int
    text: str
    code: tuple[int, ...]


def layout(text: str) -> Layout:
    """The layout of a file with this content; what is not C gives one that means little."""
    regions: list[Region] = []
    macros: list[Macro] = []
    code: set[int] = set()
    open_branches: list[Branch] = []
    first, last = 1, 0
    for line in _logical(text):
        last = line.last
        match = _DIRECTIVE.fullmatch(line.text)
        name = match[1] if match else ""
        if match and name in (*_OPENING, *_MIDDLE, "endif"):
            regions.append(Region(first, line.first - 1, tuple(open_branches)))
            _follow(open_branches, name, (line.first, f"#{name} {match[2].strip()}".strip()))
            first = line.last + 1
            continue
        code.update(line.code)
        if match and name == "define" and (macro := _MACRO.match(match[2])) and macro[3].strip():
            macros.append(Macro(macro[1], line.first, line.last))
    regions.append(Region(first, max(first, last), tuple(open_branches)))
    return Layout(tuple(regions), tuple(macros), frozenset(code))


def _follow(branches: list[Branch], name: str, directive: tuple[int, str]) -> None:
    if name in _OPENING:
        branches.append(Branch((directive,)))
    elif branches:
        before = branches.pop()
        if name != "endif":
            branches.append(Branch((*before.directives, directive)))


def _logical(text: str) -> Iterator[_Logical]:
    first = number = 1
    parts: list[str] = []
    code: set[int] = set()
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece == "\n":
            yield _Logical(first, number, "".join(parts), tuple(sorted(code)))
            number += 1
            first, parts, code = number, [], set()
            continue
        if piece.startswith(("//", "/*")):
            parts.append(" ")
        elif not (piece.startswith("\\") and piece.endswith("\n")):
            parts.append(piece)
            if piece.strip():
                code.update(range(number, number + piece.count("\n") + 1))
        number += piece.count("\n")
    if parts:
        yield _Logical(first, number, "".join(parts), tuple(sorted(code)))
