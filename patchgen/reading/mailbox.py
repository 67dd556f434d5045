"""Mboxes: where one mail ends and the next begins."""

import re

_POSTMARK = re.compile(rb"From \S+.* \d{1,2}:\d\d(?::\d\d)?\b.* \d{4}\b.*")


def split_mailbox(data: bytes) -> tuple[tuple[bytes, int], ...]:
    """The mails of an mbox and the line, from 1, on which each begins.

    A postmark is a ``From `` line with a time and a year, as in git's mailsplit; a file without
    any is one mail. ``git format-patch`` output is an mbox with one mail.
    """
    lines = data.split(b"\n")
    starts = [index for index, line in enumerate(lines) if _POSTMARK.fullmatch(line)]
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        starts.insert(0, 0)
    bounds = [*starts[1:], len(lines)]
    return tuple(
        (b"\n".join(lines[start:end]), start + 1) for start, end in zip(starts, bounds, strict=True)
    )
