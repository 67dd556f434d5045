"""oracle-disagreement"""

from collections.abc import Iterator, Sequence

from patchgen.checks.check import check
from patchgen.checks.subjects import CountedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.diffstat import FileChange, united

_BINARY_REFUSALS = ("corrupt binary patch", "unrecognized binary patch", "inflate: ")


@check(CountedPatch, Severity.ERROR)
def oracle_disagreement(counted: CountedPatch) -> Iterator[Problem]:
    """patchgen, unidiff and git do not count the same in a diff.

    Why: a diff that readers take differently is reviewed as one thing and applied as another.
    Patches that are damaged in a way that has its own check are left to that check.

    Bad:
        a diff in which git sees a file that unidiff does not

    Good:
        a diff as git wrote it
    """
    patch = counted.patch
    if patch.diff.irregularities or not patch.diff.files:
        return
    location = Location(patch.file, patch.diff.files[0].line, patch.position)
    hint = "generate the patch again with git format-patch"
    if isinstance(counted.git, str) and counted.git.startswith(_BINARY_REFUSALS):
        return
    if isinstance(counted.git, str):
        yield Problem(f'git cannot read the diff: "{counted.git}"', location, hint)
        return
    if patch.counts is None:
        yield Problem("unidiff cannot read the diff, git can", location, hint)
        return
    own = [
        FileChange(file.path, None if file.binary else file.added, file.removed)
        for file in patch.diff.files
    ]
    sides = {"patchgen": own, "unidiff": patch.counts, "git": counted.git}
    seen = {name: _counts(changes) for name, changes in sides.items()}
    if len(set(seen.values())) > 1:
        said = ", ".join(f"{name} counts {text}" for name, text in seen.items())
        yield Problem(said, location, hint)


def _counts(changes: Sequence[FileChange]) -> str:
    """Added and removed lines in total, and per file where there are files."""
    known = sorted(
        (change.path, change.added or 0, change.removed or 0)
        for change in united(changes)
        if change.changes is not None
    )
    return "; ".join(f"{added}+ {removed}- in {path}" for path, added, removed in known) or "none"
