"""diffstat-arithmetic"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedDiffstat
from patchgen.findings import Location, Problem, Severity
from patchgen.series.claims import arithmetic


@check(PostedDiffstat, Severity.ERROR)
def diffstat_arithmetic(posted: PostedDiffstat) -> Iterator[Problem]:
    """A diffstat contradicts itself.

    Why: git adds the rows up, counts the files and draws a mark for every change; a table where
    that does not come out was changed by hand. Where the rows are not those of the diff,
    diffstat-mismatch or cover-diffstat-mismatch says so instead.

    Bad:
         foo.c | 3 +++
         1 file changed, 2 insertions(+)

    Good:
         foo.c | 3 +++
         1 file changed, 3 insertions(+)
    """
    if posted.rows_wrong:
        return
    for wrong in arithmetic(posted.table):
        yield Problem(
            wrong.message,
            Location(posted.file, wrong.line, posted.position),
            "generate the mail again with git format-patch",
        )
