"""blob-result-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.landing import LandedSeries


@check(LandedSeries, Severity.WARNING)
def blob_result_mismatch(landed: LandedSeries) -> Iterator[Problem]:
    """A patch makes another version of a file than its author had.

    Why: the index line of a diff names both versions. Where a patch is applied to the very file
    that it was made on, and something else comes out, its lines are not those that git wrote: it
    was edited by hand, written with options that leave changes out, or changed on its way. What is
    applied is then not what was tested. Of other versions of the file nothing can be said.

    Bad:
        index 19d96bf86beb..79780d33d017 100644
        (and out of 19d96bf86beb comes 1f7a7a472abf)

    Good:
        a patch sent as git format-patch wrote it
    """
    for file in landed.files:
        claimed, made = file.file.new_id, file.made
        if file.same and claimed and made and not made.startswith(claimed):
            yield Problem(
                f'makes version {made[:12]} of "{file.file.path}", the index line says '
                f"{claimed[:12]}",
                Location(file.patch.file, file.file.line, file.patch.position),
                "generate the patch again with git format-patch, and send it as it is",
            )
