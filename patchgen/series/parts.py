"""The parts of a patch mail's body: message, notes, diff; divided where git-am divides them."""

import re
from dataclasses import dataclass

from patchgen.series.mail import Identity, in_charset, parse_identity
from patchgen.series.scanner import starts_file
from patchgen.series.subject import parse_subject
from patchgen.series.text import Lines

_BREAK = re.compile(r"diff -|Index: |---(?: \S|\s*$)")
_IN_BODY = re.compile(r"(?P<name>(?i:From|Subject|Date)):\s*(?P<value>.*)|\[PATCH\]\s.*")
_SEPARATOR = re.compile(r">From [0-9a-f]{40} Mon Sep 17 00:00:00 2001")


@dataclass(frozen=True, slots=True)
class Parts:
    """A body taken apart.

    ``author`` and ``summary`` are those of in-body headers, if there are any; ``message`` is what
    git records, ``notes`` what stands between the marker line and the diff (the diffstat, too),
    ``rest`` everything that git hands to git-apply.
    """

    author: Identity | None
    summary: str | None
    message: Lines
    notes: Lines
    diff: Lines
    rest: Lines


def take_apart(body: Lines, charset: str | None = None) -> Parts:
    """Divide the body of a patch mail as ``handle_commit_msg()`` in git's mailinfo.c does.

    As there, everything up to the marker line is decoded from ``charset``, the diff is not.
    """
    text = in_charset(body, charset)
    start, author, summary = _in_body_headers(text)
    cut = next(
        (index for index in range(start, len(body)) if _BREAK.match(body[index].text)), len(body)
    )
    rest = body[cut:]
    first = next((index for index in range(len(rest)) if starts_file(rest, index)), len(rest))
    message, notes = _trimmed(text[start:cut]), text[cut + 1 : cut + first]
    return Parts(author, summary, message, notes, rest[first:], rest)


def _in_body_headers(body: Lines) -> tuple[int, Identity | None, str | None]:
    """Where the message begins, and author and summary, as ``check_inbody_header()`` has them."""
    found: dict[str, str] = {}
    folding = ""
    start = len(body)
    for index, (_, text) in enumerate(body):
        if (not text and not folding) or _SEPARATOR.fullmatch(text):
            continue
        if folding and text[:1] in (" ", "\t"):
            found[folding] += " " + text.strip()
            continue
        match = None if folding and not text else _IN_BODY.fullmatch(text)
        folding = ""
        if match and match["name"] is None:
            found["subject"] = text
        elif match and match["name"].lower() not in found:
            folding = match["name"].lower()
            found[folding] = match["value"]
        else:
            start = index
            break
    author = parse_identity(found["from"]) if "@" in found.get("from", "") else None
    summary = parse_subject(found["subject"]).summary if "subject" in found else None
    return start, author, summary


def _trimmed(lines: Lines) -> Lines:
    """Without blank lines at either end."""
    filled = [index for index, line in enumerate(lines) if line.text.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else ()
