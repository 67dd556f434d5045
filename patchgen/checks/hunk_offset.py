"""hunk-offset"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.landing import LandedFile, LandedSeries


@check(LandedSeries, Severity.NOTE)
def hunk_offset(landed: LandedSeries) -> Iterator[Problem]:
    """Hunks land at other lines than their headers say.

    Why: git looks around until the lines fit, so this does no harm by itself; it shows that the
    series was made on another version of the file.

    Bad:
        @@ -30,7 +30,7 @@ of lines that stand at 42

    Good:
        a series generated on the tree it is for
    """
    for file in landed.files:
        moved = [hunk for hunk in file.hunks if hunk.place.offset]
        if moved:
            yield Problem(
                _message(file),
                Location(file.patch.file, moved[0].hunk.line, file.patch.position),
                "rebase the series onto this base before it is posted",
            )


def _message(file: LandedFile) -> str:
    offsets = [hunk.place.offset for hunk in file.hunks if hunk.place.offset]
    total = len(file.hunks)
    which = "hunk lands" if total == 1 else f"{len(offsets)} of {total} hunks land"
    says = "it says" if total == 1 else "they say"
    where = " and ".join(sorted({_distance(offset) for offset in (min(offsets), max(offsets))}))
    if len({*offsets}) > 2:
        where = f"between {_distance(min(offsets))} and {_distance(max(offsets))}"
    return f'{which} {where} where {says} in "{file.file.old_path}"'


def _distance(offset: int) -> str:
    count = abs(offset)
    return f"{count} line{'' if count == 1 else 's'} {'below' if offset > 0 else 'above'}"
