"""Asking a preprocessor what it has seen: marks in a copy of the source that it prints or drops."""

import re
from collections.abc import Collection, Mapping

from patchgen.building.compiled.regions import Layout

_MARK = "__patchgen_region_"
_SEEN = re.compile(rf"#define {_MARK}(\d+)_(\d+)\b")
_USED = re.compile(r"#define (\w+)")


class Probes:
    """Marks for every region of some files, and what came of them.

    A mark is a macro that is defined and looked at: ``gcc -E -dU`` prints macros when they are
    used or tested, ``clang -E -dD`` all of them, and neither prints any of a region left out.
    Directives are allowed wherever a line begins, within the arguments of a macro, too.
    ``tells_use`` says whether the compiler tells macros that are used from others.
    """

    def __init__(self, layouts: Mapping[str, Layout], tells_use: bool) -> None:
        self._layouts = layouts
        self._numbers = {path: number for number, path in enumerate(layouts)}
        self._paths = tuple(layouts)
        self._macros: set[str] = set()
        self._tells_use = tells_use
        self.regions: dict[str, set[int]] = {path: set() for path in layouts}

    @property
    def options(self) -> tuple[str, ...]:
        """What makes the compiler print the marks."""
        return ("-E", "-dU" if self._tells_use else "-dD", "-w")

    @property
    def pattern(self) -> str:
        """An extended regular expression for the lines of its output that matter."""
        names = {macro.name for one in self._layouts.values() for macro in one.macros}
        words = (f"{_MARK}[0-9_]+", *(sorted(names) if self._tells_use else ()))
        return f"^#define ({'|'.join(words)})([ (]|$)"

    def marked(self, path: str, text: str) -> str:
        """The content of a file with its marks."""
        lines = text.split("\n")
        for index in range(len(self._layouts[path].regions) - 1, -1, -1):
            name = f"{_MARK}{self._numbers[path]}_{index}"
            before = self._layouts[path].regions[index].first - 1
            lines[before:before] = [f"#define {name}", f"#ifdef {name}", "#endif"]
        return "\n".join(lines)

    def learn(self, output: str) -> None:
        """Take in what the compiler printed for an object, or the lines of it that matter."""
        for line in output.splitlines():
            if seen := _SEEN.match(line):
                self.regions[self._paths[int(seen[1])]].add(int(seen[2]))
            elif used := _USED.match(line):
                self._macros.add(used[1])

    @property
    def macros(self) -> frozenset[str] | None:
        """The macros that are used or tested somewhere; None where the compiler does not tell."""
        return frozenset(self._macros) if self._tells_use else None

    def used(self, macros: Collection[str]) -> bool:
        """Whether all these macros are used or tested somewhere, as far as can be told."""
        return not self._tells_use or self._macros.issuperset(macros)
