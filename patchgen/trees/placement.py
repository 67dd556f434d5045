"""Where git puts hunks: its search done again, to be held against what git really made.

The rules are those of git 2.39's apply.c (``find_pos``, ``match_fragment``) with full context: a
hunk that begins the file must match at its beginning, one without trailing context at its end;
else the places nearest to the line that the header names are tried, the later one first. Lines
that an earlier hunk of the same file wrote are not matched again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from patchgen.series.diff.hunks import Hunk
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

    @cached_property
    def lines(self) -> list[bytes]:
        """All lines, each with its newline if it has one."""
        *lines, last = self.data.split(b"\n")
        return [line + b"\n" for line in lines] + ([last] if last else [])

    def find(self, run: bytes) -> Iterator[int]:
        """Every line, counted from 0, at which the lines of ``run`` stand.

        A last line without a newline is also found where there is one: git compares no further.
        """
        return (index for index, _ in self.places(run))

    def places(self, run: bytes) -> Iterator[tuple[int, int]]:
        """What `find` finds, each with the byte at which the line begins."""
        index = counted = 0
        at = self.data.find(run) if run else -1
        while at >= 0:
            after = at + 1
            if self.data[at - 1 : at] in (b"", b"\n"):
                index += self.data.count(b"\n", counted, at)
                counted = at
                end = at + len(run)
                whole = run.endswith(b"\n") or self.data[end : end + 1] == b"\n" != run[-1:]
                if whole or end == len(self.data):
                    yield index, at
                after = self.data.find(b"\n", at) + 1 or len(self.data)
            at = self.data.find(run, after)


class _Made(NamedTuple):
    """What a hunk that is placed takes: lines, and the bytes that they are; and what it makes."""

    lines: int
    start: int
    end: int
    new: bytes
    grows: int


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
    made: dict[int, _Made] = {}
    for hunk in hunks:
        count, old = _side(hunk, "-")
        fits = _fits(file, hunk, count, old, made)
        if not fits:
            return None
        expected = max(hunk.new_start - 1, 0)
        moved = {at: at + _shift(made, at) for at in fits}
        index = min(fits, key=lambda at: (abs(moved[at] - expected), moved[at] < expected))
        places.append(Place(hunk, index, moved[index] - expected, tuple(fits)))
        lines, new = _side(hunk, "+")
        start = fits[index]
        end = start + len(old)
        if old.count(b"\n") < count and file.data[end : end + 1] == b"\n":
            end += 1  # a last line that is found where there is a newline
        made[index] = _Made(count, start, end, new, lines - count)
    return Placement(tuple(places), _written(file, made))


def _side(hunk: Hunk, side: str) -> tuple[int, bytes]:
    """What `image` returns, as a number of lines and their bytes."""
    marks = (" ", "", side)
    texts = [text[1:] for _, text in hunk.lines if text[:1] in marks]
    if any(text[:1] == "\\" for _, text in hunk.lines):
        return len(texts), b"".join(image(hunk, side))
    return len(texts), to_bytes("\n".join([*texts, ""]))


def _fits(
    file: PlacedFile, hunk: Hunk, count: int, old: bytes, made: Mapping[int, _Made]
) -> dict[int, int]:
    """The lines at which git would take a hunk, those of hunks before it being taken.

    Each with the byte at which it begins.
    """
    fits = dict(file.places(old)) if count else {0: 0} if not file.data else {}
    if hunk.old_start <= 1:
        fits = {index: at for index, at in fits.items() if index == 0}
    last = next((text[:1] for _, text in reversed(hunk.lines) if text[:1] != "\\"), None)
    if last not in (" ", ""):
        fits = {index: at for index, at in fits.items() if at + len(old) == len(file.data)}
    return {
        index: at
        for index, at in fits.items()
        if all(index + count <= start or start + one.lines <= index for start, one in made.items())
    }


def _shift(made: Mapping[int, _Made], at: int) -> int:
    return sum(one.grows for start, one in made.items() if start < at)


def _written(file: PlacedFile, made: Mapping[int, _Made]) -> bytes:
    out: list[bytes] = []
    at = 0
    for _, one in sorted(made.items()):
        out += (file.data[at : one.start], one.new)
        at = one.end
    return b"".join([*out, file.data[at:]])
