"""hunk-count-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def hunk_count_mismatch(patch: Patch) -> Iterator[Problem]:
    """A hunk's header does not count the lines of its body.

    Why: a patch that was edited by hand, or cut short on its way, no longer says what it changes;
    git calls it corrupt, or takes the mail's signature for a part of it.

    Bad:
        @@ -1,3 +1,4 @@
         int a;
        +int b;
         int c;

    Good:
        @@ -1,2 +1,3 @@
         int a;
        +int b;
         int c;
    """
    for irregularity in patch.diff.irregularities:
        if irregularity.fault is Fault.COUNT_MISMATCH:
            yield Problem(
                irregularity.message,
                Location(patch.file, irregularity.line, patch.position),
                "generate the patch again with git format-patch instead of editing it",
            )
