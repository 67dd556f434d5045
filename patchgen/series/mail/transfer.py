"""Transfer encodings undone line by line, as git's mailinfo undoes them.

git reads each line on its own and passes over what makes no sense; the complaints say where a
line was not what its encoding allows.
"""

import binascii
import re

_ESCAPE = re.compile(rb"=(?:([0-9A-Fa-f]{2})|(\n.*|$))", re.DOTALL)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]*={0,2}\s*")
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\n|$)[^\n]{0,2}")


def from_quoted_printable(line: bytes) -> bytes:
    """Undo quoted-printable as ``decode_q_segment()`` does; ``=`` before anything else is kept.

    A line ends at a NUL, and at a ``=`` that is its last byte.
    """
    if b"\0" in line:
        line = line[: line.index(b"\0")]
    if b"=" not in line:
        return line
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()) if match[1] else b"", line)


def from_base64(line: bytes) -> bytes:
    """Undo base64 as ``decode_b_segment()`` does: bytes outside the alphabet do not exist."""
    if b"\0" in line:
        line = line[: line.index(b"\0")]
    letters = _NOT_BASE64.sub(b"", line)
    over = len(letters) % 4
    return binascii.a2b_base64(letters[:-1] if over == 1 else letters + b"==="[: (4 - over) % 4])


def quoted_printable_fault(line: bytes) -> bytes | None:
    """What stands in the line that is no quoted-printable, or None."""
    match = _NO_ESCAPE.search(line) if b"=" in line else None
    return match[0] if match else None


def is_base64(line: bytes) -> bool:
    """Whether a line is whole base64: letters in fours, padding at the end."""
    return _BASE64_LINE.fullmatch(line) is not None and len(line.strip()) % 4 == 0
