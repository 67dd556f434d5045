"""commit-reference-unknown"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CitedCommit
from patchgen.findings import Problem, Severity


@check(CitedCommit, Severity.WARNING)
def commit_reference_unknown(cited: CitedCommit) -> Iterator[Problem]:
    """A commit is cited that the base's repository does not have.

    Why: a reader who wants to see it does not find it. Ids of one's own branch, or of a tree that
    is rebased, such as linux-next, mean nothing to others. Only a complete repository is asked,
    and only one to which the series applies; commits on other branches of it count. Where the
    sentence mentions another project, the commit may be that project's.

    Bad:
        since commit 0123456789ab ("tick: count from zero")      (no such commit)

    Good:
        since commit 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    reference, lookup = cited.citation.reference, cited.lookup
    if lookup is None or lookup.commits or (cited.own and not lookup.other):
        return
    if cited.foreign:
        return
    kind = f"is a {lookup.other}, no commit" if lookup.other else "is not in the repository"
    hint = "cite it by the id it has in the tree the series is for, or name the tree and link to it"
    yield Problem(f'commit "{reference.id}" {kind}', cited.place, hint)
