"""What a cover letter says itself, without what was pasted or put into it of other versions."""

import re
from collections.abc import Iterator

from patchgen.series.diff.file_head import FileHead
from patchgen.series.diff.scanner import scan
from patchgen.series.text import Line, Lines

_RANGE_DIFF = re.compile(r"Range-?diff(?: against v?\S+| v?\d+.*)?:?\s*", re.IGNORECASE)
_INTERDIFF = re.compile(r"Interdiff(?: against v?\S+)?:?\s*", re.IGNORECASE)
_COMPARED = re.compile(r"\s*(?:-+|\d+): +(?:-{4,}|[0-9a-f]{4,}) [<>=!] +(?:-+|\d+): ")
_INSIDE = 4
"""git-range-diff indents all but its headings this far."""


def own_lines(lines: Lines) -> tuple[Line, ...]:
    """``lines`` without range-diffs and interdiffs against earlier versions.

    They are below a heading, as ``git format-patch --range-diff`` and ``--interdiff`` write it,
    and hold shortlogs, diffstats and diffs that are not those of the series.
    """
    return tuple(_own(lines))


def _own(lines: Lines) -> Iterator[Line]:
    index = 0
    while index < len(lines):
        text, end = lines[index].text, None
        if _RANGE_DIFF.fullmatch(text):
            end = _range_diff_end(lines, index + 1)
        elif _INTERDIFF.fullmatch(text):
            end = _diff_end(lines, index + 1)
        if end is None:
            yield lines[index]
        index = end or index + 1


def _range_diff_end(lines: Lines, start: int) -> int | None:
    """Where the range-diff that begins at ``start`` is over; None when there is none."""
    end = None
    for index in range(start, len(lines)):
        text = lines[index].text
        if _COMPARED.match(text) or (end and text.startswith(" " * _INSIDE)):
            end = index + 1
        elif text.strip():
            break
    return end


def _diff_end(lines: Lines, start: int) -> int | None:
    """Where the diff that begins at ``start`` is over; None when there is none."""
    first = next((n for n in range(start, len(lines)) if lines[n].text.strip()), len(lines))
    if not lines[first:] or not lines[first].text.startswith("diff --git "):
        return None
    files = scan([Line(index, lines[index].text) for index in range(first, len(lines))]).files
    last = files[-1]
    if last.hunks:
        return max(line.number for hunk in last.hunks for line in hunk.lines) + 1
    head, end = FileHead(lines[last.line].text), last.line + 1
    while end < len(lines) and head.take(lines[end].text):
        end += 1
    return end
