"""diffstat-scale-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedDiffstat
from patchgen.findings import Location, Problem, Severity
from patchgen.series.claims import wrong_scale


@check(PostedDiffstat, Severity.WARNING)
def diffstat_scale_mismatch(posted: PostedDiffstat) -> Iterator[Problem]:
    """The bars of a diffstat are shortened in a way that is not git's.

    Why: the numbers are right, so the bars were drawn by hand or are left from another version.
    They are held against those that git draws at every width people post.

    Bad:
         foo.c | 150 ++++++----
         1 file changed, 140 insertions(+), 10 deletions(-)

    Good:
         foo.c | 150 +++++++++-
         1 file changed, 140 insertions(+), 10 deletions(-)
    """
    if posted.changes is None:
        return
    for wrong in wrong_scale(posted.table, posted.changes):
        yield Problem(
            wrong.message,
            Location(posted.file, wrong.line, posted.position),
            "generate the mail again with git format-patch",
        )
