"""Lines that remember where they stood."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Line(NamedTuple):
    """A line of a mail without its newline, and its number in the file as the user has it.

    Bytes that are not UTF-8 are kept as surrogate escapes, so `to_bytes` gives back what was read.
    """

    number: int
    text: str


Lines = Sequence[Line]

BLANKS = " \t\n\r"
"""What git takes for white space; Python's ``str.strip`` knows more."""
_RUNS = 4


def from_bytes(data: bytes) -> str:
    """Decode without loss; undone by `to_bytes`."""
    return data.decode("utf-8", "surrogateescape")


def to_bytes(text: str) -> bytes:
    """The bytes that `from_bytes` decoded."""
    return text.encode("utf-8", "surrogateescape")


def numbered(text: str, first: int = 1) -> tuple[Line, ...]:
    """Split at newlines, and only there; the first line gets the number ``first``."""
    pieces = text.split("\n")
    if pieces[-1] == "":
        pieces.pop()
    return tuple(Line(number, piece) for number, piece in enumerate(pieces, first))


def joined(lines: Iterable[Line]) -> str:
    """The text of the lines, each with its newline."""
    return "".join(line.text + "\n" for line in lines)


def paragraphs(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """Runs of lines between blank ones."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return tuple(tuple(run) for run in found if run)


def line_ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers for people: ``3-5, 9``; those of all but a few runs are counted."""
    breaks = [at for at, (one, other) in enumerate(pairwise(numbers), 1) if other != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    runs = [numbers[start:end] for start, end in zip(starts, ends, strict=True)]
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:_RUNS]]
    rest = sum(map(len, runs[_RUNS:]))
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
