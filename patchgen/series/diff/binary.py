"""Binary patches: whether the data below ``GIT binary patch`` is what it says it is.

The layout is that of ``parse_binary_hunk()`` in git's apply.c: lines of base 85, each with its
length in front, that hold a deflated file (``literal``) or the way to one (``delta``).
"""

import hashlib
import zlib
from base64 import b85decode
from collections.abc import Iterator

from patchgen.series.diff.hunks import BinaryHunk

_FULL_IDS = {40: "sha1", 64: "sha256"}


def is_full_id(blob: str | None) -> bool:
    """Whether an id is complete, as git wants it before it applies a binary patch."""
    return blob is not None and len(blob) in _FULL_IDS


def damage(hunk: BinaryHunk, blob: str | None) -> tuple[int, str] | None:
    """Where and how the data is damaged, or None: line, and what is wrong there.

    ``blob`` is the id of the file that a literal must hold. The data is inflated piece by piece
    and not kept, so that a small patch cannot fill the memory.
    """
    if hunk.size is None:
        return hunk.line, f"{hunk.method} does not say how many bytes"
    inflating = zlib.decompressobj()
    made = hashlib.new(_FULL_IDS.get(len(blob or ""), "sha1"), usedforsecurity=False)
    made.update(b"blob %d\0" % hunk.size)
    size = 0
    for number, data in _decoded(hunk):
        if data is None:
            return number, "a line is not base 85"
        try:
            piece = inflating.decompress(data)
        except zlib.error:
            return number, "the data cannot be inflated"
        made.update(piece)
        size += len(piece)
    if not inflating.eof:
        return hunk.line, "the data ends early"
    if size != hunk.size:
        return hunk.line, f"{hunk.method} says {hunk.size} bytes, the data has {size}"
    if not hunk.closed:
        return hunk.line, "no blank line ends the data"
    known = is_full_id(blob) and blob != "0" * len(blob or "")
    if hunk.method == "literal" and known and made.hexdigest() != blob:
        return hunk.line, f"the data is not that of blob {blob}"
    return None


def _decoded(hunk: BinaryHunk) -> Iterator[tuple[int, bytes | None]]:
    for line in hunk.lines:
        yield line.number, _line(line.text)


def _line(text: str) -> bytes | None:
    """The bytes of one line; at most three are filler."""
    length = ord(text[0]) - (ord("A") - 1 if text[0] <= "Z" else ord("a") - 27)
    groups, odd = divmod(len(text) - 1, 5)
    if odd or not 4 * groups - 4 < length <= 4 * groups:
        return None
    try:
        return b85decode(text[1:])[:length]
    except ValueError:
        return None
