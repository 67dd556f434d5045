"""crlf-line-endings"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.text import Line, Lines


@check(Patch, Severity.WARNING)
def crlf_line_endings(patch: Patch) -> Iterator[Problem]:
    """Lines end in CR and LF, of which git keeps the CR or drops it, as it should not.

    Why: git-am takes a CR from the end of every line as it stands in the mail, unless --keep-cr is
    given, so what is applied to a file with such lines is not what was sent. Those inside of
    base64 and quoted-printable it keeps; where a mailer put them there, nothing applies.

    Bad:
        Content-Transfer-Encoding: quoted-printable

        diff --git a/foo.c b/foo.c=0D

    Good:
        Content-Transfer-Encoding: quoted-printable

        diff --git a/foo.c b/foo.c
        +a line of a file with such lines=0D
    """
    kept = next((line for line in _heads(patch.rest) if line.text.endswith("\r")), None)
    if kept is not None:
        yield Problem(
            "a mailer ended all lines in CR, even the headers of the diff; git am keeps the CRs, "
            "and the diff fits no file without them",
            Location(patch.file, kept.number, patch.position),
            "git am --quoted-cr=strip drops them; send the patch again with git send-email",
        )
        return
    dropped = [
        line
        for file in patch.diff.files
        for hunk in file.hunks
        if hunk.line not in patch.mail.transport.return_lines
        for line in hunk.lines
        if line.number in patch.mail.transport.return_lines
    ]
    for line in dropped[:1]:
        yield Problem(
            f"git am drops the CR from the end of {len(dropped)} "
            f"line{'' if len(dropped) == 1 else 's'} of the diff",
            Location(patch.file, line.number, patch.position),
            "send the patch with git send-email --transfer-encoding=quoted-printable; what is here "
            "can be applied with git am --keep-cr",
        )


def _heads(rest: Lines) -> Iterator[Line]:
    """The line that ends the message, and those that begin the diff of a file."""
    yield from rest[:1]
    for line in rest:
        if line.text.startswith("diff --git "):
            yield line
