"""total-mismatch"""

from collections import Counter
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import CoverLetter, Patch, Series


@check(Series, Severity.ERROR)
def total_mismatch(series: Series) -> Iterator[Problem]:
    """The mails of the series do not agree on how many patches there are.

    Why: they were not generated together, so some may be of another version. Tools that collect
    a series from a list wait for patches that never come.

    Bad:
        [PATCH 0/3], [PATCH 1/2], [PATCH 2/2]

    Good:
        [PATCH 0/2], [PATCH 1/2], [PATCH 2/2]
    """
    mails: list[CoverLetter | Patch] = [series.cover] if series.cover else []
    mails += series.patches
    numbered = [one for one in mails if one.subject.number is not None]
    if not numbered:
        return
    ((usual, _),) = Counter(one.subject.total for one in numbered).most_common(1)
    for one in numbered:
        number, total = one.subject.number or 0, one.subject.total or 0
        where = Location(one.file, one.subject_line, getattr(one, "position", 0))
        hint = "generate all mails together with git format-patch"
        if total != usual:
            yield Problem(f"{number}/{total} says {total} patches, others say {usual}", where, hint)
        elif number > total:
            yield Problem(f"patch {number}/{total} has a number beyond its total", where, hint)
