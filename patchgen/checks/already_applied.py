"""already-applied"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.diagnosis.causes import Diagnosis, Why


@check(Diagnosis, Severity.ERROR)
def already_applied(diagnosis: Diagnosis) -> Iterator[Problem]:
    """A patch does not apply because the base has the change, or some of its hunks, already.

    Why: the patch was taken in the meantime, or the series was made on another branch. A note
    where only some hunks are there; the rest of the patch is left to patch-does-not-apply.

    Bad:
        a patch that git apply --reverse accepts

    Good:
        a series on a base that does not have it
    """
    patch = diagnosis.refusal.patch
    if diagnosis.whole_is_there:
        line = patch.diff.files[0].line if patch.diff.files else patch.subject_line
        yield Problem(
            "the base has the change already, git refuses to make it again",
            Location(patch.file, line, patch.position),
            "drop the patch, or name the base that the series is for with --base",
        )
        return
    for cause in diagnosis.causes:
        if cause.why is Why.ALREADY_APPLIED:
            place = diagnosis.hunk or diagnosis.file
            yield Problem(
                cause.says,
                Location(patch.file, place.line if place else None, patch.position),
                "look at what the base has made of it",
                Severity.NOTE,
            )
