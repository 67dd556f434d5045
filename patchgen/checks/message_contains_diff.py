"""message-contains-diff"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.lost import lost_to_diff
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def message_contains_diff(patch: Patch) -> Iterator[Problem]:
    """A diff, or what git takes for one, stands in the message or the notes.

    Why: git ends the message at a line that begins with "diff -", "Index: " or "--- " and a word.
    What follows is applied if it is a diff, and dropped if it is not, the sign-off included.

    Bad:
        With the old script this came out:

        diff --git a/foo.c b/foo.c
        @@ -1 +1 @@
        -int foo;
        +int bar;

        Signed-off-by: A U Thor <author@example.com>
        ---

    Good:
        With the old script this came out:

            diff --git a/foo.c b/foo.c
            @@ -1 +1 @@
            -int foo;
            +int bar;

        Signed-off-by: A U Thor <author@example.com>
        ---
    """
    lost = lost_to_diff(patch)
    if lost is not None:
        yield Problem(
            f'git takes "{lost.end.text.strip()}" for the start of the patch, and drops the text '
            f'below, "{lost.first.text.strip()}" of line {lost.first.number} too',
            Location(patch.file, lost.end.number, patch.position),
            "indent what the message quotes",
        )
