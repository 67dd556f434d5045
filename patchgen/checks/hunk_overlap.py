"""hunk-overlap"""

from collections.abc import Iterator
from itertools import pairwise

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Hunk
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def hunk_overlap(patch: Patch) -> Iterator[Problem]:
    """Hunks of a file overlap, or are not in the order of their lines.

    Why: no diff looks like that. git looks for the lines of each hunk wherever they are, so one
    of them may well end up in another place than its author meant.

    Bad:
        @@ -10,7 +10,8 @@
        @@ -12,6 +13,7 @@

    Good:
        @@ -10,7 +10,8 @@
        @@ -30,6 +31,7 @@
    """
    for file in patch.diff.files:
        for above, hunk in pairwise(file.hunks):
            if reason := _reason(above, hunk):
                yield Problem(
                    reason,
                    Location(patch.file, hunk.line, patch.position),
                    "generate the patch again with git format-patch instead of editing it",
                )


def _reason(above: Hunk, hunk: Hunk) -> str | None:
    begins, ends = hunk.old_offset, above.old_offset + above.old_count
    if begins >= ends:
        return None
    if begins + hunk.old_count <= above.old_offset:
        return f"hunk for line {hunk.old_start} stands below the one for line {above.old_start}"
    return f"hunk begins at line {hunk.old_start}, the one above it ends at line {ends}"
