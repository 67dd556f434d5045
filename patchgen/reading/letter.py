"""Cover letters kept outside the series: a mail, or the text of one pasted into a document."""

import re
from pathlib import Path

from patchgen.errors import InputError
from patchgen.reading.assemble import cover_letter
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.mail.message import Mail, parse_mail
from patchgen.series.mail.subject import parse_subject
from patchgen.series.model import CoverLetter
from patchgen.series.text import Line, from_bytes, numbered

_MARKDOWN = re.compile(r"\s*(?:#+\s+|>\s+|\*\*)?(.*?)(?:\*\*)?\s*")
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*):\s+(.*)")
_FENCE = re.compile(r"\s*(?:```|~~~)\w*\s*")


def read_letter(path: Path, file: str) -> CoverLetter:
    """Read a cover letter from ``path``, shown to the user as ``file``.

    A mail is read as one. In anything else the subject is the first line with a ``[PATCH …]``
    prefix, whatever heading marks stand before it; header lines follow it, code fences are
    dropped, and the rest is the letter. Raises InputError when there is no such line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read cover letter {file}: {error.strerror}", "is the name right?"
        ) from error
    mail = parse_mail(data, file)
    if mail.subject.number is None and not mail.subject.summary:
        mail = _pasted(numbered(from_bytes(data)), file)
    return cover_letter(mail, mail.text)


def _pasted(lines: tuple[Line, ...], file: str) -> Mail:
    for index, line in enumerate(lines):
        match = _MARKDOWN.fullmatch(line.text)
        text = re.sub(r"^subject:\s*", "", match[1] if match else "", flags=re.IGNORECASE)
        subject = parse_subject(text)
        if subject.prefix and subject.summary and text.startswith("["):
            author, body = _headers(lines[index + 1 :])
            kept = tuple(rest for rest in body if not _FENCE.fullmatch(rest.text))
            return Mail(file, author, subject, line.number, kept)
    raise InputError(
        f'no cover letter in {file}: no line reads "[PATCH 0/N] title"',
        "give the file that format-patch wrote as 0000-cover-letter.patch, or a copy of its text",
    )


def _headers(lines: tuple[Line, ...]) -> tuple[Identity, tuple[Line, ...]]:
    """The author, and what comes after the header lines."""
    author = Identity("", "")
    for index, line in enumerate(lines):
        match = _MARKDOWN.fullmatch(line.text)
        header = _HEADER.fullmatch(match[1]) if match else None
        if not header:
            return author, lines[index:]
        if header[1].lower() == "from":
            author = parse_identity(header[2])
    return author, ()
