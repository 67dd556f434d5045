"""commit-reference-malformed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CitedCommit, Lookup
from patchgen.findings import Problem, Severity
from patchgen.series.commits.fixes import DIGITS


@check(CitedCommit, Severity.WARNING)
def commit_reference_malformed(cited: CitedCommit) -> Iterator[Problem]:
    """A commit is cited by too few digits, or without its title in parentheses and quotes.

    Why: short ids become ambiguous as the kernel grows, and the title is what tells a reader
    which commit is meant; see Documentation/process/submitting-patches.rst in the kernel tree.
    A commit whose title stands elsewhere in the mail, in its Fixes trailer for example, may be
    named by its id alone, and so may what a letter says the series is based on. Commits of other
    projects are left alone.

    Bad:
        since commit 61abdbe0 (kvm: x86: make lapic hrtimer pinned)

    Good:
        since commit 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    reference, lookup = cited.citation.reference, cited.lookup
    faults = list(_faults(cited))
    if faults and not cited.foreign:
        yield Problem(
            f'commit reference "{reference.id}" {" and ".join(faults)}',
            cited.place,
            _hint(reference.id, lookup, reference.title),
        )


def _faults(cited: CitedCommit) -> Iterator[str]:
    reference = cited.citation.reference
    if len(reference.id) < DIGITS:
        yield f"has {len(reference.id)} digits, {DIGITS} are asked for"
    if cited.lookup and len(cited.lookup.commits) > 1:
        yield f"is the beginning of {len(cited.lookup.commits)} commits' ids"
    if reference.title and not reference.quoted:
        yield "has its title without quotes"
    elif not cited.citation.titled:
        yield "has no title"


def _hint(digits: str, lookup: Lookup | None, title: str | None) -> str:
    if lookup and (commit := lookup.meant(title)):
        return f"write commit {commit.short}"
    if lookup and lookup.commits:
        return f"write one of commit {' or commit '.join(one.short for one in lookup.commits)}"
    return f"git log -1 --abbrev={DIGITS} --format='commit %h (\"%s\")' {digits}"
