"""message-lost-to-scissors"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.scissors import is_scissors
from patchgen.series.model import Patch
from patchgen.series.text import BLANKS


@check(Patch, Severity.WARNING)
def message_lost_to_scissors(patch: Patch) -> Iterator[Problem]:
    """A scissors line stands in the message.

    Why: what is recorded depends on who applies the patch. git-am keeps the line and all above it,
    unless mailinfo.scissors or --scissors is set; then, and in b4, the message begins below it, and
    a Subject or From line there counts.

    Bad:
        Something like this?

        -- >8 --
        The counter was never started.

        Signed-off-by: A U Thor <author@example.com>
        ---

    Good:
        The counter was never started.

        Signed-off-by: A U Thor <author@example.com>
        ---
        Something like this?
    """
    found = [index for index, line in enumerate(patch.message) if is_scissors(line.text)]
    if not found:
        return
    line = patch.message[found[-1]]
    above = sum(bool(one.text.strip(BLANKS)) for one in patch.message[: found[-1]])
    kept = {0: "it", 1: "it and the line above it"}.get(above, f"it and {above} lines above it")
    shown = line.text.strip()
    yield Problem(
        f'scissors in the message, "{shown}": git am records {kept}, git am --scissors drops '
        f"{'it' if not above else 'them'}",
        Location(patch.file, line.number, patch.position),
        "remove the line, and put what is not for the history below the sign-off and the ---",
    )
