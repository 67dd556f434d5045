"""fixes-summary-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import FixedCommit
from patchgen.findings import Problem, Severity
from patchgen.series.commits.citations import same_title


@check(FixedCommit, Severity.WARNING)
def fixes_summary_mismatch(fixed: FixedCommit) -> Iterator[Problem]:
    """A Fixes trailer gives a commit another title than the commit has.

    Why: either the id or the title is that of another commit, and nobody can tell which is meant.
    Line breaks, case and an end cut off with dots are no difference.

    Bad:
        Fixes: 61abdbe0bcc2 ("kvm: x86: make lapic timer unpinned")

    Good:
        Fixes: 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    tag, lookup = fixed.citation.tag, fixed.lookup
    if tag.id is None or not tag.title or lookup is None or len(lookup.commits) != 1:
        return
    commit = lookup.commits[0]
    if lookup.certain and not same_title(tag.title, commit.title):
        other = lookup.titled(tag.title)
        also = f"; the commit with the title that was given is {other.short}" if other else ""
        yield Problem(
            f'Fixes: commit "{tag.id}" is "{commit.title}", the trailer says "{tag.title}"',
            fixed.place,
            f"write Fixes: {commit.short}{also}",
        )
