"""numbering-gap"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch

_FEW = 10


@check(PostedSeries, Severity.ERROR)
def numbering_gap(posted: PostedSeries) -> Iterator[Problem]:
    """The numbers in the subjects do not run from 1 to the total in order.

    Why: a patch is missing, or is applied in the wrong place.

    Bad:
        [PATCH 1/3], [PATCH 3/3]

    Good:
        [PATCH 1/3], [PATCH 2/3], [PATCH 3/3]
    """
    last = 0
    seen: set[int] = set()
    for patch in posted.series.patches:
        number = patch.subject.number
        if number is None:
            continue
        if number < last and number not in seen:
            yield _problem(patch, f"patch {_place(patch)} comes after patch {last}")
        elif number > last + 1:
            yield _problem(
                patch,
                f"patch {_place(patch)} comes after {_before(last)}: {_missing(last, number)}",
            )
        seen.add(number)
        last = max(last, number)
    final = posted.series.patches[-1]
    total = final.subject.total
    totals = {patch.subject.total for patch in posted.series.patches} - {None}
    if final.subject.number is not None and total is not None and last < total and len(totals) == 1:
        yield _problem(final, f"the series ends at {last}/{total}: {_missing(last, total + 1)}")


def _place(patch: Patch) -> str:
    return f"{patch.subject.number}/{patch.subject.total}"


def _before(last: int) -> str:
    return f"patch {last}" if last else "the beginning"


def _missing(low: int, high: int) -> str:
    """What is between the two; their distance is whatever a mail says, so no list of any length."""
    first, final = low + 1, high - 1
    if final - first < _FEW:
        listed = ", ".join(map(str, range(first, high)))
    else:
        listed = f"{first} to {final}"
    return f"{listed} {'is' if first == final else 'are'} missing or misplaced"


def _problem(patch: Patch, message: str) -> Problem:
    location = Location(patch.file, patch.subject_line, patch.position)
    return Problem(message, location, "give every patch of the series once, in order")
