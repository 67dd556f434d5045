"""lines-lost"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def lines_lost(patch: Patch) -> Iterator[Problem]:
    """A hunk has more lines than its header counts.

    Why: git, GNU patch and every tool built on them stop reading a hunk when its header's counts
    are used up and drop the lines below in silence, so what is applied is not what was reviewed.

    Bad:
        @@ -1,2 +1,3 @@
         int a;
        +int b;
         int c;
        +int d;

    Good:
        @@ -1,2 +1,4 @@
         int a;
        +int b;
         int c;
        +int d;
    """
    for irregularity in patch.diff.irregularities:
        if irregularity.fault is Fault.LINES_LOST:
            yield Problem(
                irregularity.message,
                Location(patch.file, irregularity.line, patch.position),
                "generate the patch again with git format-patch instead of editing it",
            )
