"""cover-diffstat-partial"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity


@check(CoveredSeries, Severity.WARNING)
def cover_diffstat_partial(covered: CoveredSeries) -> Iterator[Problem]:
    """The cover letter's diffstat is that of a part of the series only.

    Why: a posting for two repositories may have it so on purpose, and should say it; mostly the
    letter was written before a patch was added. A diffstat that fits no run of patches is wrong
    and not partial.

    Bad:
         foo.c | 3 +++
         1 file changed, 3 insertions(+)
        (patch 1 adds three lines to foo.c, patch 2 adds bar.c)

    Good:
         bar.c | 5 +++++
         foo.c | 3 +++
         2 files changed, 8 insertions(+)
    """
    judgement, table = covered.judgement, covered.cover.diffstat
    if table and judgement and judgement.part:
        first, last = judgement.part
        which = f"patch {first}" if first == last else f"patches {first} to {last}"
        yield Problem(
            f"diffstat is that of {which}, the series has {len(covered.series.patches)}",
            Location(covered.cover.file, table.line, 0),
            "generate the cover letter again, or say in it what the diffstat is of",
        )
