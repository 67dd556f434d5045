"""Patches that are no mails: what git-diff, git-show and quilt write."""

import re

from patchgen.errors import InputError
from patchgen.series.diff.scanner import starts_file
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.mail.message import Mail
from patchgen.series.mail.subject import Subject
from patchgen.series.text import Line, Lines, from_bytes, numbered

_HEADER = re.compile(
    rb"(?:>?From |(?:From|Subject|Date|Message-ID|To|Cc|Received|Return-Path|Delivered-To|"
    rb"MIME-Version|Content-Type):)",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"[!-9;-~]+:|[ \t]|>?From ")
_COMMIT = re.compile(r"commit [0-9a-f]{7,64}(?: \(.*\))?")
_AUTHOR = re.compile(r"Author:\s+(.*)")
_INDENT = "    "


def read_plain(data: bytes, file: str, first_line: int = 1) -> Mail | None:
    """The patch in ``data`` as if it had been mailed; None when it is a mail, or no patch at all.

    Of ``git show`` the author and the message are read, of a quilt patch the text above the diff.
    A diff with nothing but a diffstat above it has no message, and is marked ``headless``. Raises
    InputError for several commits in one file, as ``git log -p`` shows them: the order in which
    they apply is not written there.
    """
    data = data.replace(b"\r\n", b"\n")
    if _is_mail(data):
        return None
    lines = numbered(from_bytes(data), first_line)
    start = next((index for index, line in enumerate(lines) if line.text), 0)
    diff = next((index for index in range(len(lines)) if starts_file(lines, index)), None)
    if diff is None:
        return None
    if _COMMIT.fullmatch(lines[start].text):
        return _shown_commit(lines[start:], file)
    above = [line for line in lines[:diff] if line.text[:1].strip() and line.text != "---"]
    title, *_ = above or lines[diff:]
    if not above or title.text.startswith(("Index: ", "diff -")):
        return Mail(file, Identity("", ""), _subject(""), title.number, lines, headless=True)
    rest = tuple(line for line in lines if line.number > title.number)
    return Mail(file, Identity("", ""), _subject(title.text), title.number, rest)


def _is_mail(data: bytes) -> bool:
    """Whether the first lines are headers of a mail, with one among them that mails have."""
    named = False
    at = len(data) - len(data.lstrip(b"\n"))
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if end == at or not _FIELD.match(data, at, end):
            return named and end == at
        named = named or _HEADER.match(data, at, end) is not None
        at = end + 1
    return named


def _subject(summary: str) -> Subject:
    return Subject((), 1, None, None, " ".join(summary.split()))


def _shown_commit(lines: Lines, file: str) -> Mail:
    """``git show``: headers, a blank line, the message indented, and the diff."""
    commits = sum(_COMMIT.fullmatch(line.text) is not None for line in lines)
    if commits > 1:
        raise InputError(
            f"{file} shows {commits} commits, and not in which order they apply",
            "give the files that git format-patch writes, or BASE..TIP",
        )
    blank = next((index for index, line in enumerate(lines) if not line.text), len(lines))
    author = next((match[1] for line in lines[:blank] if (match := _AUTHOR.match(line.text))), "")
    rest = lines[blank + 1 :]
    end = next(
        (index for index, (_, text) in enumerate(rest) if text and not text.startswith(_INDENT)),
        len(rest),
    )
    message = [Line(number, text.removeprefix(_INDENT)) for number, text in rest[:end]]
    cut = next((index for index, line in enumerate(message) if not line.text), len(message))
    subject = _subject(" ".join(line.text for line in message[:cut]))
    number = message[0].number if message else lines[0].number
    body = (*message[cut:], *rest[end:])
    return Mail(file, parse_identity(author), subject, number, body)
