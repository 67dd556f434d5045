"""diff-empty"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.blobs import is_empty
from patchgen.series.diff.hunks import Fault, FileDiff
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def diff_empty(patch: Patch) -> Iterator[Problem]:
    """A patch has no diff, or names a file and has nothing to change in it.

    Why: the diff was cut off on its way or by hand. git refuses a patch without any diff, but
    where a rename or a new file has lost its hunks, it applies what is left in silence.

    Bad:
        rename from lib/ring.c
        rename to lib/buffer.c
        index 19d96bf86beb..5aa94be31c02 100644
        (and no hunks)

    Good:
        similarity index 100%
        rename from lib/ring.c
        rename to lib/buffer.c
    """
    hint = "generate the patch again with git format-patch"
    if not patch.diff.files and not any(
        irregularity.fault is Fault.COMBINED for irregularity in patch.diff.irregularities
    ):
        location = Location(patch.file, patch.subject_line, patch.position)
        yield Problem(f"patch {patch.position} has no diff", location, hint)
    for file in patch.diff.files:
        if not file.hunks and not file.binary and (reason := _missing(file)):
            location = Location(patch.file, file.line, patch.position)
            yield Problem(f'diff of "{file.path}" has no hunks, {reason}', location, hint)


def _missing(file: FileDiff) -> str | None:
    """Why there must be hunks, or None when the file's diff is complete without."""
    if file.similarity is not None and file.similarity < 100:
        return f"but says that {100 - file.similarity} % of the file change"
    ids = [one for one in (file.old_id, file.new_id) if one and one.strip("0")]
    if file.created or file.deleted:
        full = [one for one in ids if not is_empty(one)]
        return f"but its index line says that blob {full[0]} is not empty" if full else None
    if file.old_id != file.new_id:
        return f"but its index line says that blob {file.old_id} becomes {file.new_id}"
    if not file.moved and file.old_mode == (file.new_mode or file.old_mode):
        return "and nothing else changes"
    return None
