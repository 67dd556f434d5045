"""blob-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.landing import LandedSeries


@check(LandedSeries, Severity.NOTE)
def blob_mismatch(landed: LandedSeries) -> Iterator[Problem]:
    """A patch was made on another version of a file than the base has.

    Why: the index line of a diff names the version that it was made on. On another one the patch
    may apply and still be wrong. Said once for each file of the series.

    Bad:
        index 0cfbf08886fc..b1d4a8f0b0a6 100644
        (and the base has 1f7a7a472abf)

    Good:
        a series generated on the tree it is for
    """
    seen = set[str]()
    for file in landed.files:
        path, claimed = file.file.old_path or "", file.claimed
        if path not in seen and claimed and not file.same:
            yield Problem(
                f'made on version {claimed[:12]} of "{path}", this is {file.found[:12]}',
                Location(file.patch.file, file.file.line, file.patch.position),
                "name the base that the series is for with --base",
            )
        seen |= {path, file.file.path}
