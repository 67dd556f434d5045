"""cover-diffstat-undecided"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity


@check(CoveredSeries, Severity.NOTE)
def cover_diffstat_undecided(covered: CoveredSeries) -> Iterator[Problem]:
    """Whether a line of the cover letter's diffstat is right cannot be told without the base tree.

    Why: what a series does in all is put together from its hunks when there is no base tree. They
    do not show all lines of a file, and where lines are alike git can match them in more than one
    way, which adds the same number of insertions and deletions.

    Bad:
         foo.c | 6 +++---
        (and patches that, put together, change four lines of foo.c; no base tree is given)

    Good:
         foo.c | 6 +++---
        (verified with --tree, or posted with a base-commit: that is at hand)
    """
    judgement = covered.judgement
    if judgement is None or judgement.sum or judgement.part:
        return
    for doubt in judgement.doubts:
        yield Problem(
            doubt.message,
            Location(covered.cover.file, doubt.line, 0),
            "name the base tree with --tree or --base",
        )
