"""patch-does-not-apply"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.apply import AppliedSeries, Refusal


@check(AppliedSeries, Severity.ERROR)
def patch_does_not_apply(applied: AppliedSeries) -> Iterator[Problem]:
    """git refuses to apply a patch to the tree that the patches before it leave.

    Why: a maintainer's git am stops there. git decides; the nearest place that patchgen finds
    for the hunk, and the first line that differs, are given to help.

    Bad:
        a context line that is not in the file

    Good:
        a series generated on the tree it is for
    """
    if applied.refusal:
        refusal = applied.refusal
        yield Problem(
            f"patch does not apply: {_reason(refusal)}",
            Location(refusal.patch.file, _line(refusal), refusal.patch.position),
            _hint(refusal),
        )


def _line(refusal: Refusal) -> int | None:
    if refusal.hunk and refusal.near:
        return refusal.hunk.pre_image[refusal.near.difference].number
    if refusal.hunk:
        return refusal.hunk.line
    if refusal.file:
        return refusal.file.line
    files = refusal.patch.diff.files
    return files[0].line if files else refusal.patch.subject_line


def _reason(refusal: Refusal) -> str:
    if not (refusal.file and refusal.hunk and refusal.near):
        return refusal.reason
    wanted = refusal.hunk.pre_image[refusal.near.difference].text
    line = refusal.near.position + refusal.near.difference + 1
    found = "the file ends" if refusal.near.found is None else f'has "{refusal.near.found}"'
    return f'{refusal.file.old_path}:{line} {found}, the patch wants "{wanted}"'


def _hint(refusal: Refusal) -> str:
    if refusal.hunk and not refusal.near:
        return f"nothing in {refusal.file.path if refusal.file else 'the file'} is similar"
    return "rebase the series onto the base it is for, or name that base with --base"
