"""file-changed-twice"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def file_changed_twice(patch: Patch) -> Iterator[Problem]:
    """A patch has two diffs for one file.

    Why: git never writes that; two diffs were put together by hand. git applies one on top of the
    other, and where both create the file, the second takes the place of the first in silence. A
    file that becomes a symbolic link is deleted and created, and is left alone.

    Bad:
        diff --git a/lib/ring.c b/lib/ring.c
        diff --git a/lib/ring.c b/lib/ring.c

    Good:
        diff --git a/lib/ring.c b/lib/ring.c
        diff --git a/lib/fifo.c b/lib/fifo.c
    """
    seen: dict[str, FileDiff] = {}
    for file in patch.diff.files:
        before = seen.get(file.path)
        if before and not (before.deleted and file.created):
            yield Problem(
                f'"{file.path}" is changed twice, first at line {before.line}',
                Location(patch.file, file.line, patch.position),
                "commit both changes at once and generate the patch again with git format-patch",
            )
        seen[file.path] = file
