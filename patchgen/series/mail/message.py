"""One mail: its headers decoded, its body as lines that know where they stood in the file.

Everything is read as ``git am`` of git 2.39 reads it when nobody changed its settings. Where a
mail is broken git mostly goes on without a word; here that leaves a `Fault`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.mail.body import ADDRESSED, RECORDED, Body, Content, Fault, Part, read_body
from patchgen.series.mail.charset import is_ascii_superset, to_utf8
from patchgen.series.mail.headers import EncodedWordError, decode_words, is_header, unfolded
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.mail.subject import Subject, parse_subject
from patchgen.series.text import BLANKS, Line, Lines, from_bytes, to_bytes

_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_BLANKS = BLANKS.encode()
_RUN = re.compile(f"[{BLANKS}]+")
_READ = (*RECORDED, b"message-id", b"in-reply-to", b"references")
_DATE = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d[-/.]\d|\d{8}|@\d", re.IGNORECASE
)
LONGEST_LINE = 998
"""Bytes in a line of a mail, without its end: RFC 5322, 2.1.1."""
_FORMATTED = re.compile(rb"From ([0-9a-f]{40}(?:[0-9a-f]{24})?) Mon Sep 17 00:00:00 2001\n")
_LONG_LINE = re.compile(rb"[^\n]{%d,}" % (LONGEST_LINE + 1))


@dataclass(frozen=True, slots=True)
class Transport:
    """What the mail looked like before anything was decoded.

    ``returns`` counts the lines of the body that end in CR and LF, of which git-am drops the CR;
    ``first_return`` is the first of them, and ``returns_in_head`` says that headers end so, too;
    where they do not, ``return_lines`` are the numbers of all of them.
    ``long_lines`` are the numbers and lengths of lines that are too long for a mail, and
    ``commit`` is the id in the first line of what git-format-patch wrote.
    """

    returns: int = 0
    first_return: int = 0
    returns_in_head: bool = False
    long_lines: tuple[tuple[int, int], ...] = ()
    commit: str = ""
    return_lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was read. ``subject_line`` is the line of its Subject header.

    ``body`` has the bytes of its transfer encoding, which is what git applies; for reading,
    `text` has them decoded. ``parts`` say how the lines were sent, and ``open_ends`` which of them
    had no newline. Message ids are kept without their angle brackets; ``answers`` are those that
    In-Reply-To and References name, the nearest first. ``date`` is as it was written, and so are
    To and Cc in ``addressed``. ``headless`` is a diff that was not mailed and has no message.
    """

    file: str
    author: Identity
    subject: Subject
    subject_line: int
    body: tuple[Line, ...]
    parts: tuple[Part, ...] = ()
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    date: str = ""
    headless: bool = False
    open_ends: frozenset[int] = frozenset()
    faults: tuple[Fault, ...] = ()
    transport: Transport = Transport()
    addressed: str = ""

    @property
    def recipients(self) -> tuple[Identity, ...]:
        """To whom the mail goes."""
        from email.utils import getaddresses  # a tenth of all imports, for one check

        pairs = getaddresses([self.addressed])
        return tuple(Identity(name, address) for name, address in pairs if "@" in address)

    @property
    def text(self) -> Lines:
        """The plain text of the body in its charset, as prose is read."""
        if all(not part.charset for part in self.parts) and len(self.parts) <= 1:
            return self.body
        plain = [part for part in self.parts if part.content_type == "text/plain"]
        return tuple(
            in_charset(line, part.charset) or line
            for part in plain or self.parts
            for line in self.body[part.start : part.stop]
        )


def in_charset(line: Line, charset: str) -> Line | None:
    """The line converted from ``charset``; None when it is not in it."""
    if not charset or (line.text.isascii() and is_ascii_superset(charset)):
        return line
    data = to_utf8(to_bytes(line.text), charset)
    return None if data is None else Line(line.number, from_bytes(data))


def parse_mail(data: bytes, file: str, first_line: int = 1) -> Mail:
    """Parse one mail; ``first_line`` is where it begins in ``file``.

    A leading ``From `` separator is allowed. The transfer encoding is undone; the charset of the
    body is kept with it, as git converts the message but not the diff. Cover letters are for
    people: their parts are those of any mailer.
    """
    sent, data = data, data.replace(b"\r\n", b"\n")
    start = len(data) - len(data.lstrip(_BLANKS))
    head, end = _head(data, start)
    number = first_line + data.count(b"\n", 0, start)
    content = Content()
    for header in unfolded(enumerate(head, number)):
        if header.name in RECORDED:
            content.named.pop(header.name, None)
        content.read(header)
    if b"subject" in content.named:
        subject = parse_subject(header_text(content.named[b"subject"].value))
        content.for_people = subject.number == 0
    body_line = first_line + data.count(b"\n", 0, end)
    if head and end == len(data) and not data.endswith(b"\n\n"):
        content.fault(body_line, "the mail ends within its headers")
    parted = data.endswith(b"\n\n", 0, end)
    body = read_body(data[end:], body_line, content, parted=parted)
    return _mail(file, first_line, content, body, _transport(sent, data, end, first_line))


def _head(data: bytes, start: int) -> tuple[list[bytes], int]:
    """The header lines from ``start`` on, and where the body begins."""
    head: list[bytes] = []
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        line = data[start:end]
        if not (head and line[:1] in (b" ", b"\t")) and not is_header(line):
            return head, start if line.strip(_BLANKS) else min(end + 1, len(data))
        head.append(line)
        start = end + 1
    return head, len(data)


def _mail(file: str, first_line: int, content: Content, body: Body, transport: Transport) -> Mail:
    named = content.named
    texts = {name: header_text(named[name].value) if name in named else "" for name in _READ}
    faults: list[Fault] = []
    author = parse_identity(texts[b"from"])
    if b"from" in named and not author.email:
        message = f'no address in "From: {texts[b"from"]}"'
        faults.append(Fault(named[b"from"].line, message, refused=True, author=True))
    if b"date" in named and not may_be_date(texts[b"date"]):
        message = f'no date in "Date: {texts[b"date"]}"'
        faults.append(Fault(named[b"date"].line, message, refused=True))
    subject = named.get(b"subject")
    answers = [*_ids(texts[b"in-reply-to"]), *reversed(list(_ids(texts[b"references"])))]
    return Mail(
        file,
        author,
        parse_subject(texts[b"subject"]),
        subject.line if subject else first_line,
        body.lines,
        body.parts,
        next(_ids(texts[b"message-id"]), None),
        tuple(dict.fromkeys(answers)),
        texts[b"date"],
        open_ends=body.open_ends,
        faults=(*faults, *body.faults),
        transport=transport,
        addressed=", ".join(_words(named[name].value) for name in ADDRESSED if name in named),
    )


def _words(value: bytes) -> str:
    try:
        return header_text(decode_words(value))
    except EncodedWordError:
        return header_text(value)


def may_be_date(text: str) -> bool:
    """Whether git may find day, month and year in ``text``, or seconds; it dies where it cannot.

    ``parse_date_basic()`` in its date.c reads much more than dates of mails. What is no date here
    has neither the name of a month nor numbers that could be one.
    """
    return not text or _DATE.search(text) is not None


def header_text(value: bytes) -> str:
    """The value of a header with single blanks."""
    return _RUN.sub(" ", from_bytes(value)).strip(BLANKS)


def _ids(text: str) -> Iterator[str]:
    return iter(_MESSAGE_ID.findall(text))


def _transport(sent: bytes, data: bytes, end: int, first_line: int) -> Transport:
    long_lines = tuple(
        (first_line + data.count(b"\n", 0, match.start()), match.end() - match.start())
        for match in _LONG_LINE.finditer(data)
    )
    postmark = _FORMATTED.match(data)
    commit = postmark[1].decode("ascii") if postmark else ""
    if len(sent) == len(data):
        return Transport(long_lines=long_lines, commit=commit)
    head_lines = data.count(b"\n", 0, end)
    lines = sent.split(b"\n")
    returns = [index for index, line in enumerate(lines[:-1]) if line.endswith(b"\r")]
    in_body = [index for index in returns if index >= head_lines]
    in_head = len(in_body) < len(returns)
    return Transport(
        len(in_body),
        first_line + in_body[0] if in_body else 0,
        in_head,
        long_lines,
        commit,
        frozenset() if in_head else frozenset(first_line + index for index in in_body),
    )
