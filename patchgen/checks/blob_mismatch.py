"""blob-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.landing import LandedSeries


@check(LandedSeries, Severity.NOTE)
def blob_mismatch(landed: LandedSeries) -> Iterator[Problem]:
    """A patch was made on another version of a file than the base has.

    Why: the index line of a diff names the version that it was made on. On another one the patch
    may apply and still be wrong. Said once for each file, and not where an earlier patch says that
    it makes that version.

    Bad:
        index 0cfbf08886fc..b1d4a8f0b0a6 100644
        (and the base has 1f7a7a472abf)

    Good:
        a series generated on the tree it is for
    """
    told = set[str]()
    results: dict[str, str | None] = {}
    for file in landed.files:
        path, claimed = file.file.old_path or "", file.claimed
        result = results.get(path)
        follows = bool(claimed and result) and _same(claimed or "", result or "")
        if path not in told and claimed and not file.same and not follows:
            told |= {path, file.file.path}
            yield Problem(
                f'made on version {claimed[:12]} of "{path}", this is {file.found[:12]}',
                Location(file.patch.file, file.file.line, file.patch.position),
                "generate the series again, this is not what its earlier patches make"
                if path in results
                else "name the base that the series is for with --base",
            )
        elif path in told:
            told.add(file.file.path)
        results[file.file.path] = file.file.new_id


def _same(one: str, other: str) -> bool:
    """Whether two ids can be of one version, however short they are."""
    return one.startswith(other) or other.startswith(one)
