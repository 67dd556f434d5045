"""series-too-long"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedSeries
from patchgen.findings import Location, Problem, Severity

_MOST = 15


@check(PostedSeries, Severity.NOTE)
def series_too_long(posted: PostedSeries) -> Iterator[Problem]:
    """A series has more than 15 patches.

    Why: Documentation/process/submitting-patches.rst of Linux 5.2 asks for no more than 15 at
    once, and net takes no more; long series wait longer for a review.

    Bad:
        [PATCH 00/31] foo: rewrite everything

    Good:
        [PATCH 00/12] foo: prepare for bar, part 1
    """
    patches = posted.series.patches
    if len(patches) > _MOST:
        first = posted.series.cover or patches[0]
        yield Problem(
            f"the series has {len(patches)} patches, {_MOST} at once are asked for",
            Location(first.file, first.subject_line),
            "send a part that is of use by itself first",
        )
