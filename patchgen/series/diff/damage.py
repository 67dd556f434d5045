"""Diffs that a mailer changed: what white space it broke is told only where it is certain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from patchgen.series.diff.hunks import Diff, Fault, Irregularity
from patchgen.series.diff.scanner import SIGNATURE, scan, starts_file
from patchgen.series.text import Line, Lines

_HEADER = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@", re.ASCII)
_NO_BREAK = ("\u00a0", "\udca0")
"""U+00A0 in UTF-8, and its byte in Latin-1."""
_MARKS = (" ", "+", "-", "\\")
_EXPLAINED = (Fault.COUNT_MISMATCH, Fault.LINES_LOST, Fault.HEADER)
_FEWEST = 5
_MOST_LINES = 200_000
_CODE = re.compile(r"(?!diff |Index: |Only in |={5}|_{5}|[A-Za-z-]+: |\\)\S")
_INDENT = re.compile(r"[ +-]( {4,})\S")
_TAB = 8


@dataclass(slots=True)
class _Repair:
    """What was done to the lines of a diff, and to which of them first."""

    lines: list[Line]
    joined: list[Line]
    unmarked: list[Line]
    no_break: list[Line]


def judged(lines: Lines, diff: Diff) -> Diff:
    """``diff``, which was found in ``lines``, with the damage by a mailer in place of its symptoms.

    Wrapped lines, context lines that lost their first blank and no-break spaces in its place are
    undone, and if every hunk then has the lines that its header counts, that is what happened.
    Tabs were made blanks if no tab is left and lines are indented as after the mark of a diff.
    """
    symptoms = [one for one in diff.irregularities if one.fault in _EXPLAINED]
    found: Irregularity | None = None
    if symptoms and len(lines) <= _MOST_LINES:
        found = _mended(lines, join=True) or _mended(lines, join=False)
    elif not symptoms:
        found = _expanded(diff) or _lost_end(diff)
    if found is None:
        return diff
    others = (one for one in diff.irregularities if one.fault not in _EXPLAINED)
    return replace(diff, irregularities=(found, *others))


def _mended(lines: Lines, *, join: bool) -> Irregularity | None:
    repair = _repaired(lines, join=join)
    if len(repair.lines) == len(lines) and not (repair.unmarked or repair.no_break):
        return None
    if any(one.fault in _EXPLAINED for one in scan(repair.lines).irregularities):
        return None
    damages = (
        (repair.joined, "wrapped"),
        (repair.unmarked, "without the blank in front that context has"),
        (repair.no_break, "with a no-break space in front"),
    )
    said = [
        f"{len(damaged)} line{'' if len(damaged) == 1 else 's'} {what}"
        for damaged, what in damages
        if damaged
    ]
    first = min(damaged[0].number for damaged, _ in damages if damaged)
    return Irregularity(Fault.WHITESPACE, first, f"a mailer damaged the diff: {', '.join(said)}")


def _repaired(lines: Lines, *, join: bool) -> _Repair:
    """The lines with those that can belong to no hunk joined to the ones above, or indented."""
    repair = _Repair([], [], [], [])
    old = new = 0
    inside = False
    for index, line in enumerate(lines):
        text = line.text
        if starts_file(lines, index) and not (old > 0 and text.startswith("--- ")):
            old = new = 0
            inside = True
        elif match := _HEADER.match(text):
            old, new = int(match[1] or "1"), int(match[2] or "1")
        elif old > 0 or new > 0:
            if text.startswith(_NO_BREAK):
                line = Line(line.number, f" {text[1:]}")
                repair.no_break.append(line)
            elif text and not text.startswith(_MARKS):
                if join:
                    _join(repair, line)
                    continue
                line = Line(line.number, f" {text}")
                repair.unmarked.append(line)
            mark = line.text[:1]
            old -= mark in (" ", "-", "")
            new -= mark in (" ", "+", "")
        elif join and inside and (_goes_on(lines, index) or _names_file(repair.lines, text)):
            _join(repair, line)
            continue
        repair.lines.append(line)
    return repair


def _join(repair: _Repair, line: Line) -> None:
    above = repair.lines[-1]
    blank = "" if above.text.endswith(" ") else " "
    repair.lines[-1] = Line(above.number, f"{above.text}{blank}{line.text}")
    repair.joined.append(line)


def _goes_on(lines: Lines, index: int) -> bool:
    """Whether a line below a whole hunk is the end of its last line: more of the file follows."""
    text = lines[index].text
    if not text or text.startswith(_MARKS) or index + 1 == len(lines):
        return False
    if lines[index - 1].text in ("", SIGNATURE, SIGNATURE.rstrip()):
        return False
    below = lines[index + 1].text
    return lines[index - 1].text.startswith(_MARKS) and below.startswith(("@@ -", "diff --git "))


def _names_file(above: Lines, text: str) -> bool:
    """Whether a line is the second name of a ``diff --git`` that was wrapped between the two."""
    first = above[-1].text if above else ""
    return first.startswith("diff --git a/") and " b/" not in first and text.startswith("b/")


def _expanded(diff: Diff) -> Irregularity | None:
    """Tabs that became blanks up to the next tab stop, which a mark moves by a column."""
    indented = 0
    stops: list[Line] = []
    for line in _body(diff):
        if "\t" in line.text:
            return None
        if match := _INDENT.match(line.text):
            indented += 1
            if len(match[1]) % _TAB == _TAB - 1:
                stops.append(line)
    if len(stops) < _FEWEST or 2 * len(stops) < indented:
        return None
    return Irregularity(
        Fault.WHITESPACE,
        stops[0].number,
        f"a mailer made tabs blanks: {len(stops)} lines are indented by one blank less than tabs "
        "are wide, and no tab is left",
    )


def _lost_end(diff: Diff) -> Irregularity | None:
    """The end of a wrapped line below a hunk that is whole without it; git drops it.

    git writes nothing between a hunk and the next file, or the signature.
    """
    for file, below in zip(diff.files, diff.outside[1:], strict=True):
        if not (file.by_git and file.hunks and below) or not _CODE.match(below[0].text):
            continue
        more = [line.text for line in below[1:] if not line.text.startswith("\\")]
        ended = bool(more) and more[0] in (SIGNATURE, SIGNATURE.rstrip())
        if ended if file is diff.files[-1] else not more:
            return Irregularity(
                Fault.WHITESPACE,
                below[0].number,
                f'a mailer damaged the diff: "{below[0].text}" is lost below a whole hunk, it '
                "ends a wrapped line",
            )
    return None


def _body(diff: Diff) -> Iterator[Line]:
    return (line for file in diff.files for hunk in file.hunks for line in hunk.lines)
