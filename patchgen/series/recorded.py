"""What git-am records of a patch besides its tree."""

import re
from dataclasses import dataclass

from patchgen.series.charset import with_latin1_guessed
from patchgen.series.identity import Identity
from patchgen.series.model import Patch
from patchgen.series.text import BLANKS, from_bytes, joined, to_bytes

_BLANK_LINES = re.compile(rb"\n{3,}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The message, author and date of a commit; the date as it stands in the mail."""

    message: bytes
    author: Identity
    date: str


def recorded(patch: Patch) -> Recorded:
    """What ``git am`` makes the commit of, where it does not refuse the mail for its faults."""
    name = with_latin1_guessed(to_bytes(patch.author.name))
    author = Identity(from_bytes(name), patch.author.email)
    text = to_bytes(f"{patch.subject.summary}\n\n{joined(patch.message)}")
    return Recorded(with_latin1_guessed(_stripped(text)), author, patch.date)


def _stripped(text: bytes) -> bytes:
    """As ``strbuf_stripspace()`` does: no blanks at the end of lines, no blank lines in a row."""
    lines = (line.rstrip(BLANKS.encode()) for line in text.split(b"\n"))
    stripped = _BLANK_LINES.sub(b"\n\n", b"\n".join(lines)).strip(b"\n")
    return stripped + b"\n" if stripped else b""
