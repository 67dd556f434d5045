"""cover-diffstat-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.claims import Contradiction, agrees, arithmetic, contradictions
from patchgen.series.diffstat import Diffstat


@check(CoveredSeries, Severity.ERROR)
def cover_diffstat_mismatch(covered: CoveredSeries) -> Iterator[Problem]:
    """The cover letter's diffstat is not what the series does.

    Why: it is what people decide on whether to read on, and it shows whether the letter belongs
    to these patches. What counts is the difference between the base tree and the tree after the
    last patch, with renames detected, not the sum of the patches; all ways of diffing that git
    offers are tried before a letter is called wrong. Without a base tree only the table's own
    arithmetic is checked.

    Bad:
         foo.c | 3 +++
         1 file changed, 2 insertions(+)

    Good:
         foo.c | 3 +++
         1 file changed, 3 insertions(+)
    """
    table = covered.cover.diffstat
    if table is None:
        return
    for wrong in _wrong(table, covered):
        yield Problem(
            wrong.message,
            Location(covered.cover.file, wrong.line, 0),
            "generate the cover letter again with git format-patch --cover-letter",
        )


def _wrong(table: Diffstat, covered: CoveredSeries) -> Iterator[Contradiction]:
    if covered.changes is None:
        return arithmetic(table)
    fitting = [changes for changes in covered.changes if agrees(table, changes)]
    return contradictions(table, (fitting or covered.changes)[0], "the patches")
