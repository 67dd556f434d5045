"""hunk-position-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault, FileDiff, Hunk
from patchgen.series.model import Patch

_BIGGEST = 2**31 - 1


@check(Patch, Severity.WARNING)
def hunk_position_mismatch(patch: Patch) -> Iterator[Problem]:
    """A hunk's line numbers are not those that the hunks above it make.

    Why: hunks above add and remove lines, and so the new line numbers follow from the old ones.
    Where they do not, hunks or lines were added or taken out by hand. git begins to look for the
    lines at the new number.

    Bad:
        @@ -1,3 +1,4 @@
        @@ -20,6 +20,7 @@

    Good:
        @@ -1,3 +1,4 @@
        @@ -20,6 +21,7 @@
    """
    counted = (Fault.COUNT_MISMATCH, Fault.LINES_LOST, Fault.WHITESPACE)
    if any(irregularity.fault in counted for irregularity in patch.diff.irregularities):
        return
    for file in patch.diff.files:
        for hunk, reason in _wrong(file):
            yield Problem(
                reason,
                Location(patch.file, hunk.line, patch.position),
                "generate the patch again with git format-patch instead of editing it",
            )


def _wrong(file: FileDiff) -> Iterator[tuple[Hunk, str]]:
    shift = 0
    for hunk in file.hunks:
        expected = hunk.old_offset + shift + bool(hunk.new_count)
        biggest = max(hunk.old_start, hunk.new_start)
        if biggest > _BIGGEST:
            yield hunk, f"hunk header has line number {biggest}, no file has that many lines"
        elif min(hunk.old_offset, hunk.new_offset) < 0:
            yield hunk, "hunk header counts from line 0, lines are counted from 1"
        elif hunk.new_start != expected:
            says = f"hunk header puts its new lines at line {hunk.new_start}"
            yield hunk, f"{says}, the old line and the hunks above make that {expected}"
            shift = hunk.new_offset - hunk.old_offset
        shift += hunk.new_count - hunk.old_count
