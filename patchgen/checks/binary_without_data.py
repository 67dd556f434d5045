"""binary-without-data"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def binary_without_data(patch: Patch) -> Iterator[Problem]:
    """A binary file changes and the patch does not say how.

    Why: "Binary files differ" is for people; nobody can apply it.

    Bad:
        Binary files a/logo.png and b/logo.png differ

    Good:
        GIT binary patch
        literal 5
        McmZQzWMT#Y01f~L
    """
    for file in patch.diff.files:
        if file.binary and not file.binary_hunks:
            yield Problem(
                f'binary file "{file.path}" changes, its data is not in the patch',
                Location(patch.file, file.line, patch.position),
                "generate the patch with git format-patch --binary, or have the file pulled",
            )
