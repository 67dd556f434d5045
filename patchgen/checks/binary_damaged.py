"""binary-damaged"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.binary import damage, is_full_id
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def binary_damaged(patch: Patch) -> Iterator[Problem]:
    """The data of a binary patch is damaged.

    Why: git am (2.39) says "corrupt binary patch", applies the files above it, drops those below,
    and reports success. Without full blob ids it applies no binary patch at all.

    Bad:
        GIT binary patch
        literal 6
        McmZQzWMT#Y01f~L
        (that are 5 bytes)

    Good:
        GIT binary patch
        literal 5
        McmZQzWMT#Y01f~L
    """
    for file in patch.diff.files:
        for line, reason in _damage(file):
            yield Problem(
                f'binary patch of "{file.path}" is damaged: {reason}',
                Location(patch.file, line, patch.position),
                "generate the patch again with git format-patch, and send it as it is",
            )


def _damage(file: FileDiff) -> Iterator[tuple[int, str]]:
    if not file.binary_hunks:
        return
    if not (is_full_id(file.old_id) and is_full_id(file.new_id)):
        yield file.line, "its index line has no full blob ids"
    for hunk, blob in zip(file.binary_hunks, (file.new_id, file.old_id), strict=False):
        if found := damage(hunk, blob):
            yield found
