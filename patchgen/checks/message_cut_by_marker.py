"""message-cut-by-marker"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.lost import lost_to_marker
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def message_cut_by_marker(patch: Patch) -> Iterator[Problem]:
    """A line of three hyphens cuts the message off above the sign-off.

    Why: git ends the message at the first line that is ``---`` and drops everything from there to
    the diff, whether it was meant for notes or not. A table, a heading or a signature drawn with
    hyphens is enough, and nothing is said.

    Bad:
        Before and after:
        ---
        120 ms and 80 ms.

        Signed-off-by: A U Thor <author@example.com>
        ---

    Good:
        Before and after:

            120 ms and 80 ms.

        Signed-off-by: A U Thor <author@example.com>
        ---
    """
    lost = lost_to_marker(patch)
    if lost is not None:
        yield Problem(
            f'the "---" ends the message, git drops what stands below, "{lost.first.text.strip()}"'
            f" of line {lost.first.number} too",
            Location(patch.file, lost.end.number, patch.position),
            "remove the line or indent it, and keep notes below the sign-off",
        )
