"""diff-combined"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def diff_combined(patch: Patch) -> Iterator[Problem]:
    """A diff is that of a merge, which no tool applies.

    Why: git diff --cc compares a merge with all its parents at once. git am passes over it in
    silence and applies only what else there is.

    Bad:
        diff --cc lib/ring.c
        @@@ -1,6 -1,6 +1,6 @@@

    Good:
        diff --git a/lib/ring.c b/lib/ring.c
        @@ -1,6 +1,6 @@
    """
    for irregularity in patch.diff.irregularities:
        if irregularity.fault is Fault.COMBINED:
            yield Problem(
                irregularity.message,
                Location(patch.file, irregularity.line, patch.position),
                "rebase the merge away, then generate the patch with git format-patch",
            )
