"""blob-id-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.blobs import wrong_ids
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def blob_id_mismatch(patch: Patch) -> Iterator[Problem]:
    """The blob ids of an index line are not those of the file that the diff shows.

    Why: the diff was edited after git wrote it, or changed on its way: blanks stripped, line
    endings turned, a character replaced. What is applied is then not what was tested. Ids can
    only be held against new and deleted files, which a diff shows whole.

    Bad:
        new file mode 100644
        index 000000000000..fa1c31823fc8
        @@ -0,0 +1 @@
        +int rings;

    Good:
        new file mode 100644
        index 000000000000..95c5f04d33c4
        @@ -0,0 +1 @@
        +int rings;
    """
    counted = (Fault.COUNT_MISMATCH, Fault.LINES_LOST, Fault.WHITESPACE)
    if any(irregularity.fault in counted for irregularity in patch.diff.irregularities):
        return
    for file in patch.diff.files:
        for reason in wrong_ids(file):
            yield Problem(
                f'index line of "{file.path}" is not that of its lines: {reason}',
                Location(patch.file, file.line, patch.position),
                "generate the patch again with git format-patch, and send it as it is",
            )
