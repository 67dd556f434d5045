"""diffstat-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.claims import contradictions
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def diffstat_mismatch(patch: Patch) -> Iterator[Problem]:
    """A patch's diffstat is not that of its diff.

    Why: reviewers read the diffstat first; one that does not fit shows that the diff was changed
    after it was generated. Counts are unidiff's, bars are those git draws.

    Bad:
         foo.c | 3 +++
         1 file changed, 3 insertions(+)
        (and a diff that adds two lines)

    Good:
         foo.c | 2 ++
         1 file changed, 2 insertions(+)
    """
    if patch.diffstat is None or patch.counts is None:
        return
    for contradiction in contradictions(patch.diffstat, patch.counts, "the diff"):
        yield Problem(
            contradiction.message,
            Location(patch.file, contradiction.line, patch.position),
            "generate the patch again with git format-patch",
        )
