"""message-empty"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def message_empty(patch: Patch) -> Iterator[Problem]:
    """A patch has no message but its summary and trailers.

    Why: the summary says what is done; nobody says why. See "Describe your changes" in
    Documentation/process/submitting-patches.rst.

    Bad:
        foo: add bar

        Signed-off-by: A U Thor <author@example.com>

    Good:
        foo: add bar

        Without it baz waits for ever.

        Signed-off-by: A U Thor <author@example.com>
    """
    if patch.mail.headless:
        return
    end = len(patch.message)
    if patch.trailers:
        first = patch.trailers[0]
        end = next(
            index
            for index, line in enumerate(patch.message)
            if line.number == first.line and line.text.startswith(first.token)
        )
    if not any(line.text.strip() for line in patch.message[:end]):
        yield Problem(
            f'"{patch.subject.summary}" has no message that says why',
            Location(patch.file, patch.subject_line, patch.position),
            "describe the problem and how the patch solves it",
        )
