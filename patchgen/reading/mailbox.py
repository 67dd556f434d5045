"""Mboxes: where one mail ends and the next begins, and what quoting is undone."""

import re

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
    lines = data.split(b"\n")
    starts = [index for index, line in enumerate(lines) if _is_postmark(line)]
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        starts.insert(0, 0)
    bounds = [*starts[1:], len(lines)]
    ends = [b"\n"] * (len(starts) - 1) + [b""]
    return tuple(
        (_unquoted(b"\n".join(lines[start:stop]) + end), start + 1)
        for start, stop, end in zip(starts, bounds, ends, strict=True)
    )


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
