"""The body of a mail as git reads it: its parts one after the other, decoded line by line.

This follows ``handle_body()`` of git 2.39's mailinfo.c with the settings that git-am has when
nobody set any: no scissors, quoted CRs kept (``--quoted-cr=warn``), lines of format=flowed put
together again, and the text of all parts of a multipart, whatever its type, joined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from patchgen.series.mail.headers import (
    EncodedWordError,
    Header,
    attribute,
    decode_words,
    is_header,
    unfolded,
)
from patchgen.series.mail.transfer import (
    from_base64,
    from_quoted_printable,
    is_base64,
    quoted_printable_fault,
)
from patchgen.series.text import Line, from_bytes

MOST_BOUNDARIES = 4
"""Multiparts in multiparts; ``MAX_BOUNDARIES`` of git less the place it never uses."""

_TYPE = re.compile(rb"[^\s;]+")
RECORDED = (b"from", b"subject", b"date")
"""The headers that git records."""
DECODED = (*RECORDED, b"content-type", b"content-transfer-encoding", b"message-id")
"""Those in which it reads encoded words."""
ADDRESSED = (b"to", b"cc")
"""The headers that say to whom the mail goes; all of them count."""
_KNOWN_ENCODINGS = (b"", *b"7bit 7-bit 8bit 8-bit binary base64 quoted-printable".split())


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a mail is not what it says it is; ``refused`` when git-am dies of it.

    It is about the ``author`` when no address is there.
    """

    line: int
    message: str
    refused: bool = False
    author: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the body's lines, ``body[start:stop]``, with the same headers.

    ``line`` is where its content begins in the file, ``encoding`` one of "base64",
    "quoted-printable" and "".
    """

    content_type: str
    charset: str
    encoding: str
    flowed: bool
    line: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body. ``open_ends`` are the indexes of lines that had no newline."""

    lines: tuple[Line, ...]
    open_ends: frozenset[int]
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]


def decoded(header: Header) -> tuple[bytes, list[Fault]]:
    """A header's value with encoded words in UTF-8, and why git-am refuses it, if it does.

    Like every string in C it ends at a NUL.
    """
    value = header.value.partition(b"\0")[0]
    try:
        value = decode_words(value)
    except EncodedWordError as error:
        message = f'encoded word cannot be read: "{error}"'
        return value, [Fault(header.line, message, refused=True)]
    if b"\0" in value and header.name in RECORDED:
        message = f"NUL in the {header.name.decode().capitalize()} header"
        return value, [Fault(header.line, message, refused=True)]
    return value, []


@dataclass(slots=True)
class Content:
    """What the headers of a mail, then those of its parts, say of the lines that follow.

    ``for_people`` is set where git never sees the mail; it is read as it was meant.
    """

    boundaries: list[bytes] = field(default_factory=list)
    content_type: str = "text/plain"
    charset: str = ""
    encoding: str = ""
    flowed: bool = False
    delsp: bool = False
    faults: list[Fault] = field(default_factory=list)
    type_line: int = 0
    named: dict[bytes, Header] = field(default_factory=dict)
    for_people: bool = False

    def read(self, header: Header) -> None:
        """Take one header into account; a part's fill in for those that the mail has not."""
        if header.name in RECORDED and header.name in self.named:
            return
        value = header.value
        if header.name in ADDRESSED and (before := self.named.pop(header.name, None)):
            value = before.value + b", " + value
        if header.name in DECODED:
            value, faults = decoded(header)
            self.faults += faults
        self.named.setdefault(header.name, header._replace(value=value))
        if header.name == b"content-type":
            self._read_type(header.line, value)
        elif header.name == b"content-transfer-encoding":
            self._read_encoding(header.line, value)

    def _read_type(self, line: int, value: bytes) -> None:
        match = _TYPE.match(value)
        self.content_type = from_bytes(match[0]).lower() if match else "text/plain"
        self.type_line = line
        self.flowed = (attribute(value, b"format") or b"").lower() == b"flowed"
        self.delsp = (attribute(value, b"delsp") or b"").lower() == b"yes"
        self.charset = from_bytes(attribute(value, b"charset") or b"")
        boundary = attribute(value, b"boundary")
        if boundary is not None and len(self.boundaries) == MOST_BOUNDARIES:
            self.fault(line, "too many parts within parts", refused=True)
        elif boundary is not None:
            self.boundaries.append(b"--" + boundary)
        elif self.content_type.startswith("multipart/"):
            self.fault(line, f'"{self.content_type}" without a boundary that git can read')

    def _read_encoding(self, line: int, value: bytes) -> None:
        low = value.lower()
        known = (name for name in ("base64", "quoted-printable") if name.encode() in low)
        self.encoding = next(known, "")
        if low.strip() not in _KNOWN_ENCODINGS:
            self.fault(line, f'transfer encoding "{from_bytes(value)}" is not known')

    def next_part(self) -> None:
        """Forget what does not hold for the next part; format=flowed does until it has a type."""
        self.encoding = self.charset = ""
        self.content_type = "text/plain"

    def fault(self, line: int, message: str, *, refused: bool = False) -> None:
        """Note a fault."""
        self.faults.append(Fault(line, message, refused))


def read_body(data: bytes, first_line: int, content: Content, *, parted: bool = True) -> Body:
    """Decode the body ``data``, which begins on ``first_line`` of the file.

    Where no blank line ``parted`` it from the headers, git takes blanks from the end of its first
    line; in a multipart it passes over that line.
    """
    reader = _Reader(data, first_line, content)
    if not parted and reader.physical:
        reader.physical[0] = reader.physical[0].rstrip(b" \t\n\r")
        reader.at = 1 if content.boundaries else 0
    return reader.read()


class _Reader:
    def __init__(self, data: bytes, first_line: int, content: Content) -> None:
        self.physical = data.split(b"\n")
        self.ended = not self.physical[-1]
        if self.ended:
            self.physical.pop()
        self.first_line = first_line
        self.at = 0
        self.content = content
        self.lines: list[Line] = []
        self.open_ends: list[int] = []
        self.parts: list[Part] = []
        self.started = first_line
        self.partial, self.partial_line = bytearray(), 0

    def read(self) -> Body:
        if self.content.boundaries:
            self._read_parts()
        elif not self.content.encoding and not self.content.flowed:
            self._read_plainly()
        else:
            self._read_lines()
        self._close_part()
        return Body(
            tuple(self.lines),
            frozenset(self.open_ends),
            tuple(self.parts),
            tuple(self.content.faults),
        )

    def _read_plainly(self) -> None:
        if not self.physical:
            return
        texts = from_bytes(b"\n".join(self.physical)).split("\n")
        self.lines = [Line(number, text) for number, text in enumerate(texts, self.first_line)]
        if not self.ended:
            self.open_ends.append(len(self.lines) - 1)

    def _read_parts(self) -> None:
        line = self._next_boundary()
        if line is None:
            mark = from_bytes(self.content.boundaries[-1])
            self.content.fault(self.content.type_line, f'no line with the boundary "{mark}"')
        elif self._enter(line):
            self._read_lines()

    def _next_boundary(self) -> bytes | None:
        while (line := self._take()) is not None:
            if self._is_boundary(line):
                return line
        return None

    def _is_boundary(self, line: bytes) -> bool:
        return bool(self.content.boundaries) and line.startswith(self.content.boundaries[-1])

    def _enter(self, line: bytes) -> bool:
        """Pass the boundary in ``line`` and the headers below it; False at the end of all.

        Where parts end, git puts a blank line; where several end at once, one.
        """
        blank = b"\n"
        while line[len(self.content.boundaries[-1]) :].startswith(b"--"):
            self.content.boundaries.pop()
            if blank:
                self._put(self._number(), blank)
            blank = b""
            found = self._next_boundary()
            if found is None:
                return False
            line = found
        self._close_part()
        self.content.next_part()
        for header in unfolded(self._head()):
            self.content.read(header)
        self.started = self._number() + 1
        return True

    def _head(self) -> Iterator[tuple[int, bytes]]:
        """The header lines of a part, and the line that ends them, which is lost."""
        first = True
        while (line := self._take()) is not None:
            folded = not first and line[:1] in (b" ", b"\t")
            if not folded and not is_header(line):
                return
            first = False
            yield self._number(), line

    def _read_lines(self) -> None:
        line, first = self._first(), bool(self.content.boundaries)
        while line is not None:
            self._decode(line, first)
            line, first = self._take(), False
            if line is not None and self._is_boundary(line):
                self._flush()
                if not self._enter(line):
                    return
                line, first = self._first(), True
        self._flush()
        if self.content.boundaries:
            mark = from_bytes(self.content.boundaries[-1])
            self.content.fault(self._number(), f'the mail ends before the boundary "{mark}--"')

    def _first(self) -> bytes | None:
        """The first line of a part; to git, a boundary right below headers is text."""
        while (line := self._take()) is not None and self._is_boundary(line):
            if not self.content.for_people:
                message = f'git takes "{from_bytes(line)}" right below headers for text'
                self.content.fault(self._number(), message)
                return line
            if not self._enter(line):
                return None
        return line

    def _take(self) -> bytes | None:
        if self.at >= len(self.physical):
            return None
        self.at += 1
        return self.physical[self.at - 1]

    def _number(self) -> int:
        """The number of the line that was taken last."""
        return self.first_line + self.at - 1

    def _decode(self, raw: bytes, first: bool) -> None:
        """Undo the transfer encoding of a line; the ``first`` of a part always has a newline."""
        number, encoding = self._number(), self.content.encoding
        ended = self.ended or first or self.at < len(self.physical)
        line = raw + b"\n" if ended else raw
        if not encoding:
            self._unflow(number, bytearray(line))
            return
        self._judge(raw)
        decoded = from_base64(line) if encoding == "base64" else from_quoted_printable(line)
        whole, self.partial = self.partial, bytearray()
        if whole:
            number = self.partial_line
        for piece in _split(decoded):
            whole += piece
            if piece.endswith(b"\n"):
                self._unflow(number, whole)
                whole = bytearray()
                number = self._number()
        if whole:
            self._save(number, whole)

    def _judge(self, raw: bytes) -> None:
        if self.content.encoding == "base64":
            if not is_base64(raw):
                self.content.fault(self._number(), f'not base64: "{_shown(raw)}"')
        elif wrong := quoted_printable_fault(raw):
            self.content.fault(self._number(), f'not quoted-printable: "{_shown(wrong)}"')

    def _unflow(self, number: int, line: bytearray) -> None:
        """Pass a line on; one of format=flowed that goes on in the next is kept until then.

        Buffers are grown in place: a mail that never ends its line takes no more than its size.
        """
        if not self.content.flowed:
            self._put(number, line)
            return
        end = len(line)
        if line.endswith(b"\n"):
            end -= 2 if line.endswith(b"\r\n") else 1
        if line.startswith(b"-- ") and end == len(b"-- "):
            self._flush()
            self._put(number, line)
            return
        if end and line.startswith(b" "):
            del line[0]
            end -= 1
        if end and line[end - 1 : end] == b" ":
            del line[end - self.content.delsp :]
            self._save(number, line)
            return
        if self.partial:
            number, self.partial, line = self.partial_line, bytearray(), self.partial + line
        self._put(number, line)

    def _save(self, number: int, piece: bytearray) -> None:
        if self.partial:
            self.partial += piece
        else:
            self.partial, self.partial_line = piece, number

    def _flush(self) -> None:
        if self.partial:
            self._put(self.partial_line, self.partial)
            self.partial = bytearray()

    def _put(self, number: int, line: bytes | bytearray) -> None:
        if not line.endswith(b"\n"):
            self.open_ends.append(len(self.lines))
        self.lines.append(Line(number, from_bytes(bytes(line.removesuffix(b"\n")))))

    def _close_part(self) -> None:
        start = self.parts[-1].stop if self.parts else 0
        content = self.content
        if start == len(self.lines):
            return
        self.parts.append(
            Part(
                content.content_type,
                content.charset,
                content.encoding,
                content.flowed,
                self.started,
                start,
                len(self.lines),
            )
        )


def _split(data: bytes) -> list[bytes]:
    pieces = data.split(b"\n")
    last = pieces.pop()
    return [piece + b"\n" for piece in pieces] + ([last] if last else [])


def _shown(raw: bytes) -> str:
    text = from_bytes(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."
