"""patch-reverts-earlier-patch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.composed.reverts import Revert, Reverts
from patchgen.series.text import line_ranges


@check(Reverts, Severity.NOTE)
def patch_reverts_earlier_patch(reverts: Reverts) -> Iterator[Problem]:
    """A patch takes out again what an earlier patch of the series put in.

    Why: reviewers read, and bisection builds, what will not stay; most often a fix was committed
    where it should have been folded in. A warning where nothing is left of the earlier patch.
    Lines that move or give way to others are what series are for, and are not meant.

    Bad:
        patch 1 adds a debug function and its calls, patch 4 removes both

    Good:
        patch 1 as it should be after all, without patch 4
    """
    for revert in reverts.found:
        yield _problem(revert)


def _problem(revert: Revert) -> Problem:
    earlier, later = revert.earlier, revert.later
    count = len(revert.added)
    what = f"{count} line{'' if count == 1 else 's'}"
    name = f'patch {earlier.position}, "{earlier.subject.summary}",'
    back = ", and puts back what they replaced" if revert.restored else ""
    left = f"; nothing is left of patch {earlier.position}" if revert.whole else ""
    return Problem(
        f'takes {what} out of "{revert.path}" that {name} put in{back}{left}',
        Location(later.file, revert.line, later.position),
        f"they are added at {earlier.file}:{line_ranges(revert.added)}; fold the two patches"
        " together, or say in the message why the lines are needed in between",
        Severity.WARNING if revert.whole else Severity.NOTE,
    )
