"""mail-unreadable"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def mail_unreadable(patch: Patch) -> Iterator[Problem]:
    """A mail is not encoded as it says.

    Why: git-am refuses an encoded word, a charset or an author it cannot read, and passes over
    broken transfer encodings and boundaries without a word, so that what it records is not what
    was sent.

    Bad:
        Content-Type: text/plain; charset=us-ascii

        Ünïcode did not work.

    Good:
        Content-Type: text/plain; charset=utf-8

        Ünïcode did not work.
    """
    faults = [fault for fault in patch.faults if not fault.author]
    for fault in faults[:1]:
        more = len(faults) - 1
        does = "git am refuses the mail" if fault.refused else "git reads what it can"
        others = f", and {more} more like it" if more else ""
        yield Problem(
            f"{fault.message}{others}; {does}",
            Location(patch.file, fault.line, patch.position),
            "send the patch again with git send-email",
        )
