"""diff-header-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def diff_header_mismatch(patch: Patch) -> Iterator[Problem]:
    """The lines above a file's hunks contradict each other.

    Why: a head that was edited by hand names two files, or says that a file is new and has an old
    name. git believes some of it: it renames a file in silence where "---" and "+++" differ.

    Bad:
        diff --git a/lib/ring.c b/lib/ring.c
        --- a/lib/ring.c
        +++ b/lib/rings.c

    Good:
        diff --git a/lib/ring.c b/lib/ring.c
        --- a/lib/ring.c
        +++ b/lib/ring.c
    """
    for irregularity in patch.diff.irregularities:
        if irregularity.fault is Fault.HEADER:
            yield Problem(
                irregularity.message,
                Location(patch.file, irregularity.line, patch.position),
                "generate the patch again with git format-patch instead of editing it",
            )
