"""numbering-duplicate"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch, Series


@check(Series, Severity.ERROR)
def numbering_duplicate(series: Series) -> Iterator[Problem]:
    """Two patches of the series have the same number.

    Why: git-am stops at a patch that is there twice; of two different ones nobody knows which is
    meant. A directory may still hold a file of an earlier run of git format-patch.

    Bad:
        [PATCH 1/2] foo: add bar
        [PATCH 2/2] foo: use bar
        [PATCH 2/2] foo: use the bar

    Good:
        [PATCH 1/2] foo: add bar
        [PATCH 2/2] foo: use bar
    """
    seen: dict[int, Patch] = {}
    for patch in series.patches:
        number = patch.subject.number
        if number is None:
            continue
        first = seen.setdefault(number, patch)
        if first is not patch:
            yield Problem(
                f'number {number} is that of "{patch.subject.summary}" and of '
                f'"{first.subject.summary}" ({first.file}:{first.subject_line})',
                Location(patch.file, patch.subject_line, patch.position),
                "leave out the one that is not meant",
            )
