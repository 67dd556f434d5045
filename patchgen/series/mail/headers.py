"""The head of a mail or of one of its parts: header lines unfolded, encoded words decoded."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from patchgen.series.mail.charset import to_utf8
from patchgen.series.mail.transfer import from_base64, from_quoted_printable

_HEADER = re.compile(rb"[!-9;-~]*:|>?From ")
_BLANKS = b" \t\n\r"


class Header(NamedTuple):
    """A header as it was sent: the line it begins on, its name in small letters, its value."""

    line: int
    name: bytes
    value: bytes


def is_header(line: bytes) -> bool:
    """Whether a line can be a header, a mailbox separator included, for ``is_rfc2822_header()``."""
    return _HEADER.match(line) is not None


def unfolded(lines: Iterable[tuple[int, bytes]]) -> Iterator[Header]:
    """The headers in ``lines``, which are all of the head; a line's end is not part of it."""
    start, pieces = 0, list[bytes]()
    for number, line in lines:
        if pieces and line[:1] in (b" ", b"\t"):
            pieces.append((b" " + line[1:]).rstrip(_BLANKS))
            continue
        if pieces:
            yield _header(start, pieces)
        start, pieces = number, [line.rstrip(_BLANKS)]
    if pieces:
        yield _header(start, pieces)


def _header(line: int, pieces: list[bytes]) -> Header:
    name, _, value = b"".join(pieces).partition(b":")
    return Header(line, name.lower(), value.lstrip(_BLANKS))


class EncodedWordError(ValueError):
    """An encoded word that git cannot read; git-am refuses the mail."""


def decode_words(value: bytes) -> bytes:
    """A header's value with the encoded words of RFC 2047 in UTF-8.

    As ``decode_header()`` in git's mailinfo.c: blanks between two words vanish. Raises
    EncodedWordError for what it refuses.
    """
    if b"=?" not in value:
        return value
    found: list[bytes] = []
    at = 0
    while (start := value.find(b"=?", at)) >= 0:
        between = value[at:start]
        if between.strip(_BLANKS) or not at:
            found.append(between)
        end_of_charset = value.find(b"?", start + 2)
        coding = value[end_of_charset + 1 : end_of_charset + 3]
        end = value.find(b"?=", end_of_charset + 3)
        if end_of_charset < 0 or coding.lower() not in (b"q?", b"b?") or end < 0:
            raise EncodedWordError(_shown(value[start:]))
        data = value[end_of_charset + 3 : end]
        decode = from_base64 if coding.lower() == b"b?" else _from_q
        charset = value[start + 2 : end_of_charset].decode("latin-1")
        text = to_utf8(decode(data), charset)
        if text is None:
            raise EncodedWordError(_shown(value[start : end + 2]))
        found.append(text)
        at = end + 2
    return b"".join(found) + value[at:]


def _from_q(data: bytes) -> bytes:
    return from_quoted_printable(data.replace(b"_", b" "))


def _shown(word: bytes) -> str:
    text = word.decode("utf-8", "surrogateescape")
    return text if len(text) <= 60 else f"{text[:57]}..."


def attribute(value: bytes, name: bytes) -> bytes | None:
    """The value of ``name=`` in a header, as ``slurp_attr()`` in mailinfo.c finds it.

    That takes the first occurrence wherever it stands and knows nothing of RFC 2231, so
    ``name*=`` is not found.
    """
    at = value.lower().find(name + b"=")
    if at < 0:
        return None
    rest = value[at + len(name) + 1 :]
    ends = rb'"' if rest.startswith(b'"') else rb"[; \t]"
    return re.split(ends, rest.removeprefix(b'"'), maxsplit=1)[0]
