"""format-flowed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def format_flowed(patch: Patch) -> Iterator[Problem]:
    """A patch was sent as format=flowed.

    Why: git joins lines that end in a blank with the next ones and takes a blank from the start of
    every line, as format=flowed means it; a mailer that did not put them there destroys the patch,
    and blanks at the ends of lines are lost either way.

    Bad:
        Content-Type: text/plain; charset=utf-8; format=flowed

    Good:
        Content-Type: text/plain; charset=utf-8
    """
    part = next((part for part in patch.mail.parts if part.flowed), None)
    if part is not None:
        yield Problem(
            "sent as format=flowed: git joins lines that end in a blank and unindents others",
            Location(patch.file, part.line, patch.position),
            "send the patch again with git send-email, or turn format=flowed off in the mailer",
        )
