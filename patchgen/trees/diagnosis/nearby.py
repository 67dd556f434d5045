"""The place in a file that is most like the lines of a hunk."""

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from patchgen.series.diff.headings import section_above
from patchgen.series.diff.matching import nearest
from patchgen.trees.diagnosis.causes import Nearby

_NEAR = 0.4
_SLACK = 4
_LONGEST = 400


def find_nearby(
    run: Sequence[str], lines: Sequence[str], expected: int, path: str
) -> Nearby | None:
    """Where most of ``run`` stands in ``lines``, or None when nothing is similar.

    Lines may be missing or too many; among equals the place nearest to ``expected`` is taken.
    """
    near = nearest(run, lines, expected)
    shifted = _shifted(run, lines, expected)
    if shifted and (near is None or shifted[0] > _same(run, lines, near.position) + 1):
        _, position, difference, at = shifted
    elif near:
        position, difference = near.position, near.difference
        at = position + difference
    else:
        return None
    found = section_above(lines, at + 1, path)
    text = lines[at] if at < len(lines) else None
    return Nearby(position, found[1] if found else "", difference, at, text)


def _same(run: Sequence[str], lines: Sequence[str], position: int) -> int:
    return sum(a == b for a, b in zip(run, lines[position:], strict=False))


def _shifted(
    run: Sequence[str], lines: Sequence[str], expected: int
) -> tuple[int, int, int, int] | None:
    """As many lines of ``run`` in order as possible, with others between them.

    Rare lines say where to look. Returns how many there are, the place, and where they part.
    """
    run = run[:_LONGEST]
    places = defaultdict[str, list[int]](list)
    wanted = {*run}
    for index, line in enumerate(lines):
        if line in wanted and line.strip():
            places[line].append(index)
    votes = defaultdict[int, float](float)
    for offset, line in enumerate(run):
        for index in places[line]:
            for shift in range(-_SLACK, _SLACK + 1):
                votes[index - offset + shift] += 1 / len(places[line])
    if not votes:
        return None
    start = max(votes, key=lambda at: (round(votes[at], 6), -abs(at - expected)))
    first, end = max(start - _SLACK, 0), min(start + len(run) + _SLACK, len(lines))
    matcher = SequenceMatcher(None, run, lines[first:end], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    same = sum(block.size for block in blocks)
    if same < len(run) * _NEAR:
        return None
    position = max(first + blocks[0].b - blocks[0].a, 0)
    parting = _parting(matcher, len(run))
    if parting is None:
        return None
    difference, at = parting[0], first + parting[1]
    if difference < blocks[0].a and lines[position] != run[difference]:
        at = position  # counted back from the first lines that are the same
    return same, position, difference, at


def _parting(matcher: "SequenceMatcher[str]", size: int) -> tuple[int, int] | None:
    """The first line of a run of ``size`` that is not where it should be, and what is there."""
    for tag, left, _, right, _ in matcher.get_opcodes():
        if tag in ("replace", "delete") or (tag == "insert" and 0 < left < size):
            return left, right
    return None
