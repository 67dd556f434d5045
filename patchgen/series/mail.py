"""One mail: its headers decoded, its body as lines that know where they stood in the file."""

import email.parser
import email.utils
import re
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from itertools import pairwise

from patchgen.series.subject import Subject, parse_subject
from patchgen.series.text import Line, Lines, from_bytes, numbered, to_bytes

_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_SOFT_BREAK = re.compile(rb"=[ \t]*$")


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an address."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was read. ``subject_line`` is the line of its Subject header.

    ``body`` has the bytes of its transfer encoding, which is what git applies; for reading,
    `in_charset` decodes it. Message ids are kept without their angle brackets; ``answers`` are
    those that In-Reply-To and References name, the nearest first. ``date`` is as it was written.
    ``headless`` is a diff that was not mailed at all and has no message.
    """

    file: str
    author: Identity
    subject: Subject
    subject_line: int
    body: tuple[Line, ...]
    charset: str | None = None
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    date: str = ""
    headless: bool = False

    @property
    def text(self) -> Lines:
        """The body in its charset, as prose is read."""
        return in_charset(self.body, self.charset)


def parse_identity(text: str) -> Identity:
    """``Name <address>`` taken apart."""
    return Identity(*email.utils.parseaddr(text))


def parse_mail(data: bytes, file: str, first_line: int = 1) -> Mail:
    """Parse one mail; ``first_line`` is where it begins in ``file``.

    A leading ``From `` separator is allowed. The transfer encoding is undone; the charset of the
    body is kept with it, as git converts the message but not the diff.
    """
    data = data.replace(b"\r\n", b"\n")
    head, _, body = data.partition(b"\n\n")
    headers = head.split(b"\n")
    if headers[0].startswith(b"From "):
        head = head.partition(b"\n")[2]
    message = email.parser.BytesHeaderParser().parsebytes(head + b"\n\n")
    subject_line = next(
        (number for number, line in enumerate(headers) if line.lower().startswith(b"subject:")), 0
    )
    text = _first_text(message, body, first_line + len(headers) + 1)
    return Mail(
        file,
        parse_identity(_header(message, "From")),
        parse_subject(_header(message, "Subject")),
        first_line + subject_line,
        _body(*text),
        text[0].get_content_charset(),
        next(iter(_ids(message, "Message-ID")), None),
        tuple(dict.fromkeys([*_ids(message, "In-Reply-To"), *_ids(message, "References")[::-1]])),
        _header(message, "Date"),
    )


def in_charset(lines: Lines, charset: str | None) -> Lines:
    """Decode lines from a charset other than UTF-8; what cannot be decoded stays as it is."""
    if charset in (None, "utf-8", "us-ascii"):
        return lines
    try:
        return tuple(Line(line.number, to_bytes(line.text).decode(charset)) for line in lines)
    except (LookupError, UnicodeError):
        return lines


def _header(message: Message, name: str) -> str:
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text = from_bytes(to_bytes(raw))
    if "=?" in text:
        with suppress(LookupError, UnicodeError, ValueError):
            text = str(make_header(decode_header(text)))
    return " ".join(text.split())


def _ids(message: Message, name: str) -> list[str]:
    return _MESSAGE_ID.findall(_header(message, name))


def _first_text(message: Message, body: bytes, first_line: int) -> tuple[Message, bytes, int]:
    """The first plain text part of a multipart mail, such as one that is signed; any other as is.

    A part is its headers, its body, and the line on which the body begins.
    """
    boundary = message.get_boundary()
    if message.get_content_maintype() != "multipart" or boundary is None:
        return message, body, first_line
    lines = body.split(b"\n")
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    marks = [index for index, line in enumerate(lines) if line.rstrip() in (mark, mark + b"--")]
    for start, end in pairwise(marks):
        head, _, rest = b"\n".join(lines[start + 1 : end]).partition(b"\n\n")
        part = email.parser.BytesHeaderParser().parsebytes(head + b"\n\n")
        line = first_line + start + head.count(b"\n") + 3
        found = _first_text(part, rest + b"\n", line)
        if found[0].get_content_type() == "text/plain":
            return found
    return message, body, first_line


def _body(message: Message, body: bytes, first_line: int) -> tuple[Line, ...]:
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return _quoted_printable(body, first_line)
    if encoding == "base64":
        decoded = _base64(body).replace(b"\r\n", b"\n")
        return tuple(Line(first_line, line.text) for line in numbered(from_bytes(decoded)))
    return numbered(from_bytes(body), first_line)


def _quoted_printable(body: bytes, first_line: int) -> tuple[Line, ...]:
    import quopri

    lines: list[Line] = []
    pending, start = b"", None
    for number, raw in enumerate(body.removesuffix(b"\n").split(b"\n"), first_line):
        start = number if start is None else start
        soft = _SOFT_BREAK.search(raw)
        pending += quopri.decodestring(raw[: soft.start()] if soft else raw)
        if not soft:
            lines.append(Line(start, from_bytes(pending)))
            pending, start = b"", None
    if start is not None:
        lines.append(Line(start, from_bytes(pending)))
    return tuple(lines)


def _base64(body: bytes) -> bytes:
    import base64
    import binascii

    try:
        return base64.b64decode(body)
    except (ValueError, binascii.Error):
        return body
