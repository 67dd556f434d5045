"""commit-reference-summary-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CitedCommit
from patchgen.findings import Problem, Severity
from patchgen.series.commits.citations import same_title


@check(CitedCommit, Severity.WARNING)
def commit_reference_summary_mismatch(cited: CitedCommit) -> Iterator[Problem]:
    """A commit is cited with another title than it has.

    Why: either the id or the title is that of another commit, and nobody can tell which is meant.
    Only a title in quotes is compared, as other things stand in parentheses, too.

    Bad:
        since commit 61abdbe0bcc2 ("kvm: x86: make lapic timer unpinned")

    Good:
        since commit 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    reference, lookup = cited.citation.reference, cited.lookup
    if not (reference.title and reference.quoted) or lookup is None or len(lookup.commits) != 1:
        return
    commit = lookup.commits[0]
    if lookup.certain and not same_title(reference.title, commit.title):
        yield Problem(
            f'commit "{reference.id}" is "{commit.title}", it is cited as "{reference.title}"',
            cited.place,
            f"write commit {commit.short}",
        )
