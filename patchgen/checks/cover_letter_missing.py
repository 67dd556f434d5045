"""cover-letter-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedSeries
from patchgen.findings import Location, Problem, Severity

_FEW = 2
"""A patch and its preparation explain each other; three want to be introduced."""


@check(PostedSeries, Severity.NOTE)
def cover_letter_missing(posted: PostedSeries) -> Iterator[Problem]:
    """A series of more than two patches has no cover letter.

    Why: nobody says what the patches have to do with each other, which tree they are for, and
    what changed since the last version. Some subsystems, net for one, ask for one.

    Bad:
        [PATCH 1/3], [PATCH 2/3], [PATCH 3/3]

    Good:
        [PATCH 0/3], [PATCH 1/3], [PATCH 2/3], [PATCH 3/3]
    """
    patches = posted.series.patches
    numbered = [patch for patch in patches if patch.subject.number is not None]
    if posted.series.cover is None and len(numbered) > _FEW:
        yield Problem(
            f"a series of {len(patches)} patches has no cover letter",
            Location(patches[0].file, patches[0].subject_line),
            "git format-patch --cover-letter",
        )
