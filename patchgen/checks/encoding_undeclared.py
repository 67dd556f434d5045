"""encoding-undeclared"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.text import Line


@check(Patch, Severity.WARNING)
def encoding_undeclared(patch: Patch) -> Iterator[Problem]:
    """A mail has letters beyond ASCII and does not say in which charset.

    Why: git keeps them where they happen to be UTF-8 and takes all others for Latin-1, whatever
    they were; other programs guess differently or put question marks. A name is wrong for ever.

    Bad:
        From: J\\xf6rg <joerg@example.com>

    Good:
        From: =?ISO-8859-1?Q?J=F6rg?= <joerg@example.com>
        Content-Type: text/plain; charset=iso-8859-1
    """
    if patch.mail.headless:
        return
    hint = "send the patch again with git send-email, which declares the charset"
    named = (("author", patch.author.name), ("summary", patch.subject.summary))
    for what, text in named:
        if not _is_utf8(text):
            yield Problem(
                f'{what} "{text}" has bytes of an unnamed charset; git takes them for Latin-1',
                Location(patch.file, patch.subject_line, patch.position),
                hint,
            )
    undeclared = list(_undeclared(patch))
    if not undeclared:
        return
    guessed = next((line for line in undeclared if not _is_utf8(line.text)), None)
    line = guessed or undeclared[0]
    does = "git takes it for Latin-1" if guessed else "it is UTF-8, as git takes it"
    yield Problem(
        f'message without a charset: "{line.text.strip()}"; {does}',
        Location(patch.file, line.number, patch.position),
        hint,
        None if guessed else Severity.NOTE,
    )


def _undeclared(patch: Patch) -> Iterator[Line]:
    """Lines of the message that are not ASCII, from parts without a charset."""
    mail = patch.mail
    numbers = {
        line.number
        for part in mail.parts
        if not part.charset
        for line in mail.body[part.start : part.stop]
        if not line.text.isascii()
    }
    for line in patch.message:
        if line.number in numbers and not line.text.isascii():
            yield line


def _is_utf8(text: str) -> bool:
    return not any("\udc80" <= char <= "\udcff" for char in text)
