"""line-too-long"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.message import LONGEST_LINE
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def line_too_long(patch: Patch) -> Iterator[Problem]:
    """A mail has a line that is too long to be sent.

    Why: RFC 5322 allows 998 bytes in a line; mail servers cut longer ones or refuse the mail, so
    the patch arrives broken or not at all.

    Bad:
        +static const char table[] = "… 1200 bytes …";

    Good:
        Content-Transfer-Encoding: quoted-printable
    """
    for line, length in patch.mail.transport.long_lines[:1]:
        more = len(patch.mail.transport.long_lines) - 1
        others = f", and {more} more line{'s are' if more > 1 else ' is'} too long" if more else ""
        yield Problem(
            f"line of {length} bytes, a mail allows {LONGEST_LINE}{others}",
            Location(patch.file, line, patch.position),
            "git send-email --transfer-encoding=quoted-printable breaks such lines safely",
        )
