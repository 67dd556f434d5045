"""commit-reference-malformed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Series
from patchgen.series.references import CommitReference, commit_references
from patchgen.series.text import Lines

_DIGITS = 12


@check(Series, Severity.WARNING)
def commit_reference_malformed(series: Series) -> Iterator[Problem]:
    """A commit is cited by too few digits, or without its title in parentheses and quotes.

    Why: short ids become ambiguous as the kernel grows, and the title is what tells a reader
    which commit is meant; see Documentation/process/submitting-patches.rst in the kernel tree.
    A commit that was cited in full may be named by its id alone afterwards.

    Bad:
        since commit 61abdbe0 (kvm: x86: make lapic hrtimer pinned)

    Good:
        since commit 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    texts: list[tuple[str, int, Lines]] = [
        (patch.file, patch.position, patch.message) for patch in series.patches
    ]
    if series.cover:
        texts.insert(0, (series.cover.file, 0, series.cover.blurb))
    for file, position, lines in texts:
        cited: set[str] = set()
        for reference in commit_references(lines):
            faults = list(_faults(reference, cited))
            if reference.title:
                cited.add(reference.id)
            if faults:
                yield Problem(
                    f'commit reference "{reference.id}" {" and ".join(faults)}',
                    Location(file, reference.line, position),
                    _hint(reference),
                )


def _faults(reference: CommitReference, cited: set[str]) -> Iterator[str]:
    if len(reference.id) < _DIGITS:
        yield f"has {len(reference.id)} digits, {_DIGITS} are asked for"
    if reference.title and not reference.quoted:
        yield "has its title without quotes"
    elif not reference.title and reference.id not in cited:
        yield "has no title"


def _hint(reference: CommitReference) -> str:
    return f"git log -1 --abbrev={_DIGITS} --format='commit %h (\"%s\")' {reference.id}"
