"""Mboxes: where one mail ends and the next begins, and what quoting is undone."""

import re
from collections.abc import Iterator

_SHORTEST_POSTMARK = 20
_OLDEST_YEAR = 90
_YEAR = re.compile(rb"\s*(\d{1,9})")
_ARCHIVE = b"From mboxrd@z "
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def split_mailbox(data: bytes) -> tuple[tuple[bytes, int], ...]:
    """The mails of an mbox and the line, from 1, on which each begins.

    A file without any postmark is one mail; ``git format-patch`` writes mboxes with one mail.
    What public-inbox and b4 write is an mboxrd and says so in its postmarks: there ``>From `` is
    quoting and undone. Elsewhere it stays, as with git-am.
    """
    starts = [at for at, line in _from_lines(data) if _is_postmark(line)]
    if not starts or data[: starts[0]].strip():
        starts.insert(0, 0)
    found = []
    line = 1 + data.count(b"\n", 0, starts[0])
    for start, stop in zip(starts, [*starts[1:], len(data)], strict=True):
        found.append((_unquoted(data[start:stop]), line))
        line += data.count(b"\n", start, stop)
    return tuple(found)


def _from_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that begin with the word of a postmark, and where in ``data`` each begins."""
    at = 0 if data.startswith(b"From ") else data.find(b"\nFrom ") + 1 or -1
    while at >= 0:
        end = data.find(b"\n", at)
        yield at, data[at:] if end < 0 else data[at:end]
        at = data.find(b"\nFrom ", at) + 1 or -1


def _unquoted(mail: bytes) -> bytes:
    return _QUOTED.sub(rb"\1", mail) if mail.startswith(_ARCHIVE) else mail


def _is_postmark(line: bytes) -> bool:
    """Whether a mail begins here, by ``is_from_line()`` of git's mailsplit.

    Around the last colon stands a time, and after it a year: "From here on 12:34:56 in 2020" is
    prose.
    """
    if not line.startswith(b"From ") or len(line) < _SHORTEST_POSTMARK:
        return False
    colon = line.rfind(b":", 0, len(line) - 1)
    digits = line[colon - 4 : colon - 3] + line[colon - 2 : colon] + line[colon + 1 : colon + 3]
    year = _YEAR.match(line, colon + 3)
    return bool(colon > len(b"From ") and digits.isdigit() and year and int(year[1]) > _OLDEST_YEAR)
