"""What git-am records of a patch besides its tree."""

import re
from dataclasses import dataclass

from patchgen.series.mail.charset import with_latin1_guessed
from patchgen.series.mail.identity import Identity
from patchgen.series.model import Patch
from patchgen.series.text import BLANKS, from_bytes, joined, to_bytes

CRUD = "".join(map(chr, range(33))) + ",:;<>\"\\'"
"""What git takes off both ends of names and addresses (``crud()`` of ident.c)."""
CRUD_AND_DOTS = CRUD + "."
"""The same before git 2.42."""
_BLANK_LINES = re.compile(rb"\n{3,}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The message, author and date of a commit; the date as it stands in the mail."""

    message: bytes
    author: Identity
    date: str


def recorded(patch: Patch, crud: str = CRUD) -> Recorded:
    """What ``git am`` makes the commit of, where it does not refuse the mail for its faults.

    ``crud`` is what it takes off the author: `CRUD`, or `CRUD_AND_DOTS`.
    """
    name = from_bytes(with_latin1_guessed(to_bytes(patch.author.name)))
    author = Identity(_bare(name, crud), _bare(patch.author.email, crud))
    text = to_bytes(f"{patch.subject.summary}\n\n{joined(patch.message)}")
    return Recorded(with_latin1_guessed(_stripped(text)), author, patch.date)


def _stripped(text: bytes) -> bytes:
    """As ``strbuf_stripspace()`` does: no blanks at the end of lines, no blank lines in a row."""
    lines = (line.rstrip(BLANKS.encode()) for line in text.split(b"\n"))
    stripped = _BLANK_LINES.sub(b"\n\n", b"\n".join(lines)).strip(b"\n")
    return stripped + b"\n" if stripped else b""


def _bare(text: str, crud: str) -> str:
    """A name or an address as ``fmt_ident()`` of ident.c writes it."""
    return re.sub("[\n<>]", "", text.strip(crud))
