"""Diffstats: the table `git diff --stat --summary` prints, read and written.

The layout follows git's ``show_stats()`` in diff.c, which has scaled bars this way since 1.7.10.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patchgen.series.diff.quoting import quoted, unquoted
from patchgen.series.text import Line, Lines

POSTED_WIDTHS = (72, 80, *range(40, 241))
"""Widths of posted tables: git-format-patch's own, older git's, and those of any terminal."""

_ROW = re.compile(
    r" (?P<name>\S.*?)(?P<note> \((?:new(?: \+[xl])?|gone|mode [+-][xl])\))?\s+\|(?P<gap>\s+)"
    r"(?:(?P<changes>\d+)(?:\s+(?P<bar>[+-]+))?"
    r"|Bin(?:\s+\d+\s+->\s+\d+\s+bytes)?|Unmerged)\s*"
)
_SUMMARY = re.compile(
    r" ?(?P<files>\d+) files? changed"
    r"(?:, (?P<insertions>\d+) insertions?\(\+\))?"
    r"(?:, (?P<deletions>\d+) deletions?\(-\))?\s*"
)
_BRACED = re.compile(r"\{(.*?) => (.*?)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One file's line; ``name`` is as it stands there, quotes and all.

    ``changes`` is None for a binary file; the bar is split into its halves. ``gap`` is how many
    blanks stand before the number. ``note`` is what ``--compact-summary`` says behind the name.
    """

    name: str
    changes: int | None
    plus: int
    minus: int
    line: int
    bar_in_order: bool = True
    gap: int = 1
    note: str = ""

    @property
    def path(self) -> str:
        """The path after the change, still shortened if the row shortens it."""
        return renamed_path(self.name)

    def names(self, path: str) -> bool:
        """Whether the row can stand for ``path``: git shortens long names to `.../tail`.

        Blanks at the end of a name cannot be told from those before the bar. A path that is no
        UTF-8 is read as Latin-1 in a letter that for it is none either.
        """
        if "\udc80" <= max(path, default="") <= "\udcff":
            path = path.encode("utf-8", "surrogateescape").decode("latin-1")
            return self._named(path) or self._named(_unread(path))
        return self._named(path)

    def _named(self, path: str) -> bool:
        plain = path.rstrip()
        if plain in (self.name, f"{self.name}{self.note}"):
            return True  # whatever arrows and braces are in the path itself
        if self.name.endswith((f" => {plain}", f" => {quoted(path)}")):
            return True
        if not self.name.startswith("..."):
            return plain == self.path.rstrip()
        tails = (self.name.removeprefix("..."), _shortened_path(self.name))
        return any(plain.endswith(tail) or quoted(path).endswith(tail) for tail in tails)


@dataclass(frozen=True, slots=True)
class Diffstat:
    """A table with its summary line, or that line alone, as ``git diff --shortstat`` prints it."""

    rows: tuple[Row, ...]
    files: int
    insertions: int
    deletions: int
    line: int

    @property
    def drawn_by_git(self) -> bool:
        """Whether the columns are git's: the ``diffstat`` program leaves room before numbers."""
        return min((row.gap for row in self.rows), default=0) == 1

    @property
    def totals(self) -> str:
        """The summary in git's words."""
        return totals(self.files, self.insertions, self.deletions)


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a diff really does to one file; counts are None for a binary file."""

    path: str
    added: int | None
    removed: int | None
    old_path: str | None = None

    @property
    def changes(self) -> int | None:
        """Added and removed lines together."""
        if self.added is None or self.removed is None:
            return None
        return self.added + self.removed


def united(changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """The changes with one for each path.

    Where a file becomes a link or the reverse, a diff deletes it and makes it anew; git counts
    both on one row of a diffstat, as binary if either is.
    """
    found: dict[str, FileChange] = {}
    for change in changes:
        known = found.get(change.path)
        if known is not None:
            change = FileChange(
                change.path,
                _sum(known.added, change.added),
                _sum(known.removed, change.removed),
                known.old_path or change.old_path,
            )
        found[change.path] = change
    return tuple(found.values())


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def renamed_path(name: str) -> str:
    """The new path of ``a => b`` and ``dir/{a => b}/file``; any other name without its quotes."""
    if (plain := unquoted(name)) != name:
        return plain
    if match := _BRACED.search(name):
        return (name[: match.start()] + match[2] + name[match.end() :]).replace("//", "/")
    return unquoted(name.split(" => ")[-1])


def _unread(path: str) -> str:
    """The bytes of a path that was read as Latin-1, kept as text that is no UTF-8."""
    return path.encode("latin-1").decode("utf-8", "surrogateescape")


def _shortened_path(name: str) -> str:
    """What is certain of the end of the new path in `.../tail`; the arrow may be cut, too."""
    tail = name.removeprefix("...")
    if _BRACED.search(tail):
        return renamed_path(tail)
    tail = re.split("(?:^| )=?> ", tail)[-1].lstrip(" ")
    if "}" in tail and "{" not in tail:
        return tail.replace("}", "", 1).removeprefix("/")
    return tail


def totals(files: int, insertions: int, deletions: int) -> str:
    """``4 files changed, 54 insertions(+), 6 deletions(-)``, as git writes it."""
    parts = [f"{files} file{'' if files == 1 else 's'} changed"]
    if insertions or not deletions:
        parts.append(f"{insertions} insertion{'' if insertions == 1 else 's'}(+)")
    if deletions or not insertions:
        parts.append(f"{deletions} deletion{'' if deletions == 1 else 's'}(-)")
    return ", ".join(parts)


def find_diffstat(lines: Lines) -> Diffstat | None:
    """The last table in ``lines``, or None."""
    tables = find_diffstats(lines)
    return tables[-1] if tables else None


def find_diffstats(lines: Lines) -> tuple[Diffstat, ...]:
    """All tables in ``lines``; each ends with a summary line."""
    found: list[Diffstat] = []
    for index, line in enumerate(lines):
        if summary := _SUMMARY.fullmatch(line.text):
            found.append(
                Diffstat(
                    tuple(_rows_above(lines, index))[::-1],
                    int(summary["files"]),
                    int(summary["insertions"] or 0),
                    int(summary["deletions"] or 0),
                    line.number,
                )
            )
    return tuple(found)


def _rows_above(lines: Lines, index: int) -> Iterator[Row]:
    for line in reversed(lines[:index]):
        match = _ROW.fullmatch(line.text)
        if not match:
            return
        yield _row(line, match)


def _row(line: Line, match: re.Match[str]) -> Row:
    bar = match["bar"] or ""
    plus, minus = bar.count("+"), bar.count("-")
    changes = None if match["changes"] is None else int(match["changes"])
    in_order = bar == "+" * plus + "-" * minus
    gap = len(match["gap"])
    note = match["note"] or ""
    return Row(match["name"], changes, plus, minus, line.number, in_order, gap, note)


def bars(
    changes: Sequence[FileChange], width: int, notes: Sequence[str] = ()
) -> tuple[tuple[int, int], ...]:
    """How many ``+`` and ``-`` git prints for each file in a table of ``width`` columns.

    Rows of binary files have no bar and get (0, 0). ``notes`` stand behind the names.
    """
    counts = [change.changes or 0 for change in changes]
    biggest = max(counts, default=0)
    shown = [
        len(shown_name(change)) + len(note)
        for change, note in zip(changes, notes or [""] * len(changes), strict=True)
    ]
    room = _graph_width(changes, max(shown, default=0), biggest, width)
    return tuple(
        (0, 0)
        if change.added is None or change.removed is None
        else _bar(change.added, change.removed, room, biggest)
        for change in changes
    )


def _graph_width(changes: Sequence[FileChange], name: int, biggest: int, width: int) -> int:
    binary = any(change.added is None for change in changes)
    number = max(len(str(biggest)), 3 if binary else 0)
    width = max(width, 16 + 6 + number)
    graph = biggest
    if name + number + 6 + graph > width:
        graph = min(graph, max(6, width * 3 // 8 - number - 6))
        if name <= width - number - 6 - graph:
            graph = width - number - 6 - name
    return graph


def shown_name(change: FileChange) -> str:
    """git's ``pprint_rename()``: common directories outside the braces."""
    old, new = change.old_path, change.path
    if old is None:
        return quoted(new)
    if quoted(old) != old or quoted(new) != new:
        return f"{quoted(old)} => {quoted(new)}"
    head = 0
    for index, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            break
        if left == "/":
            head = index + 1
    tail = 0
    floor = head - 1 if head else 0
    for back in range(1, min(len(old), len(new)) - floor + 1):
        if old[-back] != new[-back]:
            break
        if old[-back] == "/":
            tail = back
    if not head and not tail:
        return f"{old} => {new}"
    middle_old = old[head : max(head, len(old) - tail)]
    middle_new = new[head : max(head, len(new) - tail)]
    return f"{old[:head]}{{{middle_old} => {middle_new}}}{old[len(old) - tail :] if tail else ''}"


def _scaled(count: int, room: int, biggest: int) -> int:
    return 1 + count * (room - 1) // biggest if count else 0


def _bar(added: int, removed: int, room: int, biggest: int) -> tuple[int, int]:
    if room > biggest or not biggest:
        return added, removed
    total = _scaled(added + removed, room, biggest)
    if total < 2 and added and removed:
        total = 2
    if added < removed:
        plus = _scaled(added, room, biggest)
        return plus, total - plus
    minus = _scaled(removed, room, biggest)
    return total - minus, minus
