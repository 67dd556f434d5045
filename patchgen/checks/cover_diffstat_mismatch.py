"""cover-diffstat-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity


@check(CoveredSeries, Severity.ERROR)
def cover_diffstat_mismatch(covered: CoveredSeries) -> Iterator[Problem]:
    """The cover letter's diffstat is not what the series does.

    Why: it is what people decide on whether to read on, and it shows whether the letter belongs
    to these patches. What counts is the difference between the base tree and the tree after the
    last patch, with renames detected, not the sum of the patches; all ways of diffing that git
    offers are tried before a letter is called wrong. Without a base tree the difference is put
    together from the patches' own hunks, and only what no base tree could explain is wrong.

    Bad:
         foo.c | 3 +++
         1 file changed, 3 insertions(+)
        (and patches that add four lines to foo.c)

    Good:
         foo.c | 4 ++++
         1 file changed, 4 insertions(+)
    """
    judgement = covered.judgement
    if judgement is None or judgement.sum or judgement.part:
        return
    for wrong in judgement.contradictions:
        yield Problem(
            wrong.message,
            Location(covered.cover.file, wrong.line, 0),
            "generate the cover letter again with git format-patch --cover-letter",
        )
