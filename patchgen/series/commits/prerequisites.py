"""What a series says it is based on: in prose, and in the lines of ``git format-patch --base``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.model import Series
from patchgen.series.text import Line, Lines, joined

_PREREQUISITE = re.compile(r"prerequisite-patch-id: ([0-9a-f]{40})\s*")

_BASED = re.compile(
    r"\b(?:re)?based\s+(?:up)?on(?:to)?\s+(?:[^\s.]+\s+){0,6}?"
    r"(?P<tree>v?\d+\.\d+[\w.-]*|[\w/'.-]*[-/](?:next|master|main)\b[\w/-]*|mainline\b"
    r"|(?:next|master|upstream)(?=[.,:;(]|\s+(?:branch|tree|kernel)|\s*$)|commit\s+[0-9a-f]{7,40})",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A patch id and where it stands; ``position`` is that of the patch, 0 for the letter."""

    patch_id: str
    file: str
    line: int
    position: int


def prerequisites(series: Series) -> Iterator[Prerequisite]:
    """What the letter and the patches list, in that order."""
    places: list[tuple[str, int, Lines]] = []
    if series.cover:
        places.append((series.cover.file, 0, series.cover.body))
    places += [(patch.file, patch.position, patch.rest) for patch in series.patches]
    for file, position, lines in places:
        for number, text in lines:
            if match := _PREREQUISITE.fullmatch(text):
                yield Prerequisite(match[1], file, number, position)


def base_in_prose(lines: Lines) -> tuple[str, Line] | None:
    """The tree, version or commit that a text says its series is based on, and the line."""
    text = joined(lines)
    match = _BASED.search(text)
    if match is None:
        return None
    said = " ".join(match["tree"].split()).rstrip(".'")
    return said, lines[text.count("\n", 0, match.start("tree"))]
