"""Whether a hunk stands where its author meant it to: what speaks for a place and against it."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from patchgen.series.diff.headings import (
    agrees,
    begins,
    function_above,
    is_section,
    section_above,
    section_name,
)
from patchgen.series.diff.hunks import Hunk
from patchgen.trees.line_history import History
from patchgen.trees.placement import Place

_NEAR = 0.5
_TELLING = 3
"""Fewer lines than these may stand anywhere."""


class Standing(enum.Enum):
    """How sure it is that a hunk landed where it was meant to."""

    SURE = "the file is the one the patch was made on, or its history leads there"
    LIKELY = "the heading agrees, and nothing else fits"
    ELSEWHERE = "it is in another section than it says"
    GONE = "it is in another section than it says, and the file has no such section"
    AMBIGUOUS = "other places have as much to say for them"
    MADE = "the change stands already where the hunk was meant to go"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A standing; ``rivals`` are the lines, from 0, where the hunk could be meant just as well."""

    standing: Standing
    rivals: tuple[int, ...] = ()


_SURE, _LIKELY = Verdict(Standing.SURE), Verdict(Standing.LIKELY)


def judge(
    lines: Sequence[str], path: str, place: Place, history: History | None, by_git: bool
) -> Verdict:
    """What is known of a hunk that landed at ``place`` in a file that is not the author's own.

    ``lines`` are the file's before the patch; ``by_git`` says whether git wrote the diff, so that
    a header without a heading means something.
    """
    hunk = place.hunk
    if history and not history.knows(hunk):
        history = None
    claimed = history.heading(hunk, path) if history else hunk.heading
    others = [at for at in place.fits if at != place.index]
    led = history is not None and history.leads_to(hunk, place.index)
    anchor = _anchor(hunk, path)
    if anchor is None and not claimed:
        if by_git and function_above(lines, place.index) and not led:
            return Verdict(Standing.GONE, tuple(others))
        there = None if led else _made_already(lines, path, place, claimed)
        if there is not None:
            return Verdict(Standing.MADE, (there,))
        return _SURE if led else _among(others)
    if anchor is None and not agrees(lines, path, claimed, place.index):
        return _disagreeing(lines, path, place, claimed, history if led else None)
    if not led and (there := _made_already(lines, path, place, claimed)) is not None:
        return Verdict(Standing.MADE, (there,))
    name = anchor or claimed
    rivals = others if anchor else [at for at in others if agrees(lines, path, claimed, at)]
    rivals += _namesakes(lines, path, place, name)
    if led and history:
        rivals = _elsewhere(rivals, lines, path, place)
        now = sum(begins(line, name) for line in lines)
        if not rivals or history.had(name) == now:
            return _SURE
    if not place.offset and anchor is None:
        rivals = _elsewhere(rivals, lines, path, place)
    return _among(rivals)


def _made_already(lines: Sequence[str], path: str, place: Place, claimed: str) -> int | None:
    """The line nearer to the one the header names where what the hunk would make stands.

    git looks for the lines before the change only, and so takes the next place that has them.
    """
    made = [line.text for line in place.hunk.post_image]
    wanted, away = place.index - place.offset, abs(place.offset)
    near = range(max(wanted - away + 1, 0), min(wanted + away, len(lines) - len(made) + 1))
    for at in sorted(near, key=lambda at: abs(at - wanted)) if len(made) >= _TELLING else ():
        same = lines[at : at + len(made)] == made
        if same and (not claimed or agrees(lines, path, claimed, at)):
            return at
    return None


def _disagreeing(
    lines: Sequence[str], path: str, place: Place, claimed: str, led_by: History | None
) -> Verdict:
    """A hunk below a heading that is not the one it was made below."""
    named = [at for at, line in enumerate(lines) if begins(line, claimed)]
    found = section_above(lines, place.index, path)
    if led_by and not named and found and led_by.renamed(place.hunk, place.index, path):
        sections = [section_above(lines, at, path) for at in place.fits]
        others = any(one != found and one and not led_by.had(one[1]) for one in sections)
        if not others and not _is_like_a_new_one(lines, path, place, led_by):
            return _SURE  # the function has got another name
    meant = [at for at in place.fits if agrees(lines, path, claimed, at)]
    if meant or named:
        return Verdict(Standing.ELSEWHERE, tuple(meant or named))
    return Verdict(Standing.GONE)


def _is_like_a_new_one(lines: Sequence[str], path: str, place: Place, history: History) -> bool:
    """Whether a hunk could as well be meant for another section that the old version had not.

    It does not fit there: the next heading is in its context, and a copy got in between.
    """
    own = section_above(lines, place.index, path)
    wanted = [line.text for line in place.hunk.pre_image]
    return any(
        is_section(line, path)
        and (own is None or own[0] != at)
        and not history.had(line)
        and _similar(lines, path, at, wanted, at) is not None
        for at, line in enumerate(lines)
    )


def _elsewhere(rivals: Sequence[int], lines: Sequence[str], path: str, place: Place) -> list[int]:
    """Those of the rivals that are in other sections than the hunk."""
    own = section_above(lines, place.index, path)
    return [at for at in rivals if section_above(lines, at, path) != own]


def _among(rivals: Sequence[int]) -> Verdict:
    return Verdict(Standing.AMBIGUOUS, tuple(sorted({*rivals}))) if rivals else _LIKELY


def _anchor(hunk: Hunk, path: str) -> str | None:
    """The heading that the hunk itself has above or in its first change: no other is needed."""
    found = None
    for _, text in hunk.lines:
        if text[:1] in (" ", "-") and is_section(text[1:], path):
            found = text[1:]
        if text[:1] in ("-", "+"):
            break
    return found


def _namesakes(lines: Sequence[str], path: str, place: Place, heading: str) -> list[int]:
    """Sections of the same name elsewhere that nearly have the hunk's lines.

    There is more than one under ``#ifdef``; and a label is in many functions.
    """
    own = section_above(lines, place.index + 1, path)
    wanted = [line.text for line in place.hunk.pre_image]
    word = (section_name(heading) or heading[:20]).split(" ")[-1]
    found = []
    for at, line in enumerate(lines):
        if word not in line or not begins(line, heading) or (own and own[0] == at):
            continue
        if place.index <= at < place.index + len(wanted):
            continue
        first = max(at - len(wanted), 0)
        if (near := _similar(lines, path, at, wanted, first)) is not None:
            found.append(near)
    return [at for at in found if not place.index <= at < place.index + len(wanted)]


def _similar(
    lines: Sequence[str], path: str, start: int, wanted: Sequence[str], first: int
) -> int | None:
    """The line, from ``first`` on, where more than half of ``wanted`` stand.

    It is in the section that begins at ``start``, or above it.
    """
    end = start + 1
    while end < len(lines) and not is_section(lines[end], path):
        end += 1
    best, most = None, len(wanted) * _NEAR
    for at in range(first, end):
        same = sum(a == b for a, b in zip(wanted, lines[at : at + len(wanted)], strict=False))
        if same > most:
            best, most = at, same
    return best
