"""prerequisite-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import NeededPatch
from patchgen.findings import Location, Problem, Severity


@check(NeededPatch, Severity.WARNING)
def prerequisite_missing(one: NeededPatch) -> Iterator[Problem]:
    """The base does not have a patch that the series lists as its prerequisite.

    Why: without it the series does not apply, or does something else. Commits are compared by
    patch id, all those that branches have since the base commit. Where the series applies as it
    is, this is a note only: what it needs may have come in another form.

    Bad:
        base-commit: 0ecfebd2b52404ae0c54a878c872bb93363ada36
        prerequisite-patch-id: 0123456789abcdef0123456789abcdef01234567      (nowhere)

    Good:
        base-commit: 0ecfebd2b52404ae0c54a878c872bb93363ada36
        prerequisite-patch-id: 0123456789abcdef0123456789abcdef01234567      (in the base)
    """
    needed = one.needed
    place = Location(needed.file, needed.line, needed.position)
    where = "is in no branch since the base commit"
    hint = "post it as part of the series, or link to where it was posted"
    if one.found:
        where = f"is commit {one.found.short}, which the base, {one.base}, does not have"
        hint = f"name a base that has it: --base {one.found.id[:12]}, or a branch with it"
    severity = Severity.NOTE if one.applies else None
    yield Problem(f'prerequisite "{needed.patch_id[:12]}" {where}', place, hint, severity)
