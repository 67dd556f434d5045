"""Where git puts hunks: its search done again, to be held against what git really made.

The rules are those of git 2.39's apply.c (``find_pos``, ``match_fragment``) with full context: a
hunk that begins the file must match at its beginning, one without trailing context at its end;
else the places nearest to the line that the header names are tried, the later one first. Lines
that an earlier hunk of the same file wrote are not matched again.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from patchgen.series.hunks import Hunk
from patchgen.series.text import to_bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A hunk and where it lands.

    ``index`` is the line, counted from 0, in the file before the patch; ``offset`` is by how many
    lines that differs from what the header says; ``fits`` are all lines where git would take it.
    """

    hunk: Hunk
    index: int
    offset: int
    fits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """All hunks of a file with their places, in the order of the patch, and what they make."""

    places: tuple[Place, ...]
    result: bytes


class PlacedFile:
    """The bytes of a file, in which runs of whole lines are looked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.lines = data.split(b"\n")
        last = self.lines.pop()
        self.lines = [line + b"\n" for line in self.lines]
        if last:
            self.lines.append(last)
        self._starts = list(accumulate(map(len, self.lines), initial=0))

    def find(self, run: bytes) -> Iterator[int]:
        """Every line, counted from 0, at which the lines of ``run`` stand.

        A last line without a newline is also found where there is one: git compares no further.
        """
        at = self.data.find(run)
        while at >= 0:
            index = (
                bisect_left(self._starts, at) if self.data[at - 1 : at] in (b"", b"\n") else None
            )
            end = at + len(run)
            whole = run.endswith(b"\n") or self.data[end : end + 1] == b"\n" != run[-1:]
            if index is not None and (whole or end == len(self.data)):
                yield index
            at = self.data.find(run, at + 1 if index is None else self._starts[index + 1])


def image(hunk: Hunk, side: str) -> list[bytes]:
    """The lines of the pre-image (``-``) or the post-image (``+``) as the file holds them."""
    found: list[bytes] = []
    ours = False
    for line in hunk.lines:
        mark = line.text[:1]
        if mark == "\\":
            if ours and found:
                found[-1] = found[-1].removesuffix(b"\n")
            continue
        ours = mark in (" ", "", side)
        if ours:
            found.append(to_bytes(line.text[1:]) + b"\n")
    return found


def place_hunks(file: PlacedFile, hunks: Sequence[Hunk]) -> Placement | None:
    """Place all hunks, or None when one fits nowhere."""
    places: list[Place] = []
    made: dict[int, tuple[int, list[bytes]]] = {}
    for hunk in hunks:
        old, new = image(hunk, "-"), image(hunk, "+")
        fits = _fits(file, hunk, old, made)
        if not fits:
            return None
        expected = max(hunk.new_start - 1, 0)
        moved = {at: at + _shift(made, at) for at in fits}
        index = min(fits, key=lambda at: (abs(moved[at] - expected), moved[at] < expected))
        places.append(Place(hunk, index, moved[index] - expected, tuple(fits)))
        made[index] = (len(old), new)
    return Placement(tuple(places), _written(file, made))


def _fits(
    file: PlacedFile, hunk: Hunk, old: list[bytes], made: dict[int, tuple[int, list[bytes]]]
) -> list[int]:
    """The lines at which git would take a hunk, those of hunks before it being taken."""
    size, total = len(old), len(file.lines)
    marks = [line.text[:1] for line in hunk.lines if not line.text.startswith("\\")]
    trailing = marks[-1:] in ([" "], [""])
    fits = list(file.find(b"".join(old))) if size else [0][total:]
    if hunk.old_start <= 1:
        fits = [at for at in fits if at == 0]
    if not trailing:
        fits = [
            at for at in fits if at + size == total and file.data.endswith(tuple(old[-1:]) or b"")
        ]
    return [
        at
        for at in fits
        if all(at + size <= start or start + count <= at for start, (count, _) in made.items())
    ]


def _shift(made: dict[int, tuple[int, list[bytes]]], at: int) -> int:
    return sum(len(new) - count for start, (count, new) in made.items() if start < at)


def _written(file: PlacedFile, made: dict[int, tuple[int, list[bytes]]]) -> bytes:
    out: list[bytes] = []
    at = 0
    for start, (count, new) in sorted(made.items()):
        out += file.lines[at:start]
        out += new
        at = start + count
    return b"".join([*out, *file.lines[at:]])
