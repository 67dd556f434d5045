"""What the report shows of the places where hunks landed."""

from collections.abc import Collection, Iterator

from patchgen.checks.catalogue import CHECKS
from patchgen.findings import Finding, Severity
from patchgen.report import LandedLine, ReportedLanding
from patchgen.series.diff.headings import section_above
from patchgen.trees.landing import LandedFile, LandedHunk, LandedSeries

_AROUND = 2
"""So many lines of the file above and below the hunk."""
_MOST = 16
"""Of a longer hunk only the beginning is shown."""


def shown_landings(
    landed: LandedSeries | None, findings: Collection[Finding], everything: bool
) -> tuple[ReportedLanding, ...]:
    """The landings of all hunks, or of those that errors and warnings are about."""
    if landed is None:
        return ()
    doubted = {
        (finding.problem.location.patch, finding.problem.location.line)
        for finding in findings
        if finding.severity >= Severity.WARNING and CHECKS[finding.rule].takes is LandedSeries
    }
    return tuple(
        _landing(file, hunk)
        for file in landed.files
        for hunk in file.hunks
        if everything or (file.patch.position, hunk.hunk.line) in doubted
    )


def _landing(file: LandedFile, landed: LandedHunk) -> ReportedLanding:
    place = landed.place
    return ReportedLanding(
        file.patch.position,
        file.patch.file,
        place.hunk.line,
        file.file.old_path or "",
        place.index + 1,
        place.offset,
        place.hunk.heading,
        file.section(place.index),
        tuple(at + 1 for at in place.fits),
        tuple(_lines(file, landed)),
    )


def _lines(file: LandedFile, landed: LandedHunk) -> Iterator[LandedLine]:
    """The heading above, a few lines around, and between them what the hunk does."""
    index = landed.place.index
    first = max(index - _AROUND, 0)
    above = section_above(file.lines, index, file.file.old_path or "")
    if above and above[0] < first:
        yield _line(file, above[0])
        if left := first - above[0] - 1:
            yield _left_out(left)
    for at in range(first, index):
        yield _line(file, at)
    marked = [one for one in landed.hunk.lines if not one.text.startswith("\\")]
    at = index
    for one in marked[:_MOST]:
        mark = one.text[:1] or " "
        if mark == "+":
            yield LandedLine(None, mark, one.text[1:])
        else:
            yield _line(file, at, mark)
            at += 1
    if len(marked) > _MOST:
        yield _left_out(len(marked) - _MOST)
        return
    for below in range(at, min(at + _AROUND, len(file.lines))):
        yield _line(file, below)


def _line(file: LandedFile, at: int, mark: str = " ") -> LandedLine:
    return LandedLine(at + 1, mark, file.lines[at])


def _left_out(count: int) -> LandedLine:
    return LandedLine(None, " ", f"... {count} more line{'' if count == 1 else 's'}")
