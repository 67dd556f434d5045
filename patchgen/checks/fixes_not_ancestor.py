"""fixes-not-ancestor"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import FixedCommit
from patchgen.findings import Problem, Severity


@check(FixedCommit, Severity.ERROR)
def fixes_not_ancestor(fixed: FixedCommit) -> Iterator[Problem]:
    """A Fixes trailer names a commit that is not in the history of the base.

    Why: the base does not have what is to be mended, or it has it under another id, when the
    commit was cherry-picked; programs that follow Fixes do not find either. A patch of the same
    series may be named. For a backport, which keeps the trailers of the original, the history
    of the base is not asked.

    Bad:
        Fixes: 0123456789ab ("tick: count from zero")      (on another branch)

    Good:
        Fixes: 123456789abc ("tick: count from zero")      (the same change, in the base)
    """
    tag, lookup = fixed.citation.tag, fixed.lookup
    commit = lookup.meant(tag.title) if lookup else None
    if lookup is None or commit is None or fixed.own or fixed.citation.backport:
        return
    if commit.id not in lookup.outside:
        return
    found = lookup.titled(commit.title) or lookup.titled(tag.title)
    hint = "name the commit that the base has, or base the series on a tree that has this one"
    if found:
        hint = f"write Fixes: {found.short}, which the base has"
    message = f"Fixes: commit {commit.short} is not in the history of the base, {lookup.base}"
    yield Problem(message, fixed.place, hint)
