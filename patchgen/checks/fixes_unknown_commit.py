"""fixes-unknown-commit"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import FixedCommit
from patchgen.findings import Problem, Severity


@check(FixedCommit, Severity.ERROR)
def fixes_unknown_commit(fixed: FixedCommit) -> Iterator[Problem]:
    """A Fixes trailer names a commit that the base's repository does not have.

    Why: what the base does not have it cannot need mended, and the stable team looks for the
    commit by this id. Ids of one's own branch change when the patch is applied there. Only a
    complete repository is asked, and only one to which the series applies.

    Bad:
        Fixes: 0123456789ab ("tick: count from zero")      (no such commit)

    Good:
        Fixes: 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    tag, lookup = fixed.citation.tag, fixed.lookup
    if tag.id is None or lookup is None or lookup.commits or (fixed.own and not lookup.other):
        return
    hint = "name the commit by the id that it has in the tree the patch is for"
    if found := lookup.titled(tag.title):
        hint = f"write Fixes: {found.short}, which the base has"
    kind = f"is a {lookup.other}, no commit" if lookup.other else "is not in the repository"
    yield Problem(f'Fixes: commit "{tag.id}" {kind}', fixed.place, hint)
