"""Giving git many blobs at once: a pack of them, as gitformat-pack describes it."""

import hashlib
import struct
import zlib
from collections.abc import Collection, Mapping

from patchgen.trees.repository import Repository

_BLOB = 3


def blob_id(data: bytes, like: str) -> str:
    """The id that git gives to a blob, in the format that the id ``like`` has."""
    return _hash(b"blob %d\0" % len(data) + data, like).hexdigest()


def write_blobs(
    repository: Repository, blobs: Collection[bytes], environment: Mapping[str, str], like: str
) -> None:
    """Write blobs into a pack where ``environment`` says; git itself computes their ids."""
    pack = [b"PACK" + struct.pack(">II", 2, len(blobs))]
    for data in blobs:
        pack += (_head(len(data)), zlib.compress(data, 0))
    digest = _hash(b"", like)
    for part in pack:
        digest.update(part)
    stdin = b"".join([*pack, digest.digest()])
    repository.run("index-pack", "--threads=1", "--stdin", env=environment, stdin=stdin)


def _hash(data: bytes, like: str) -> "hashlib._Hash":
    made = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return made(data, usedforsecurity=False)


def _head(size: int) -> bytes:
    """The type and the size, seven bits to a byte but for the first, which has the type, too."""
    head = bytearray()
    byte, size = _BLOB << 4 | size & 15, size >> 4
    while size:
        head.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    head.append(byte)
    return bytes(head)
