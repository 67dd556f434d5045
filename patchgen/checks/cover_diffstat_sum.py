"""cover-diffstat-sum"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.claims import true_totals


@check(CoveredSeries, Severity.WARNING)
def cover_diffstat_sum(covered: CoveredSeries) -> Iterator[Problem]:
    """The cover letter's diffstat is the sum of the patches, not what the series does in all.

    Why: git lists what lies between the base tree and the tree after the last patch; lines that
    one patch adds and another changes or removes are counted once there, or not at all. A sum
    makes the series look bigger than it is.

    Bad:
         foo.c | 3 ++-
         1 file changed, 2 insertions(+), 1 deletion(-)
        (patch 1 adds a line to foo.c, patch 2 changes that line)

    Good:
         foo.c | 1 +
         1 file changed, 1 insertion(+)
    """
    judgement, table = covered.judgement, covered.cover.diffstat
    if table and judgement and judgement.sum:
        net = true_totals(judgement.changes)
        yield Problem(
            f'diffstat says "{table.totals}", which is the sum of the patches; the series has '
            f'"{net}"',
            Location(covered.cover.file, table.line, 0),
            "generate the cover letter again with git format-patch --cover-letter",
        )
