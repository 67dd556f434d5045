"""Mboxes: where one mail ends and the next begins."""

import re

_POSTMARK = re.compile(rb"From .*\d.\d\d:\d\d\s*(\d+)[^:]*")
_SHORTEST_POSTMARK = 20
_OLDEST_YEAR = 90


def split_mailbox(data: bytes) -> tuple[tuple[bytes, int], ...]:
    """The mails of an mbox and the line, from 1, on which each begins.

    A file without any postmark is one mail; ``git format-patch`` writes mboxes with one mail.
    """
    lines = data.split(b"\n")
    starts = [index for index, line in enumerate(lines) if _is_postmark(line)]
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        starts.insert(0, 0)
    bounds = [*starts[1:], len(lines)]
    return tuple(
        (b"\n".join(lines[start:end]), start + 1) for start, end in zip(starts, bounds, strict=True)
    )


def _is_postmark(line: bytes) -> bool:
    """Whether a mail begins here, by ``is_from_line()`` of git's mailsplit.

    After the last colon stand seconds and a year: "From here on 12:34:56 in 2020" is prose.
    """
    match = _POSTMARK.fullmatch(line)
    return bool(match and len(line) >= _SHORTEST_POSTMARK and int(match[1]) > _OLDEST_YEAR)
