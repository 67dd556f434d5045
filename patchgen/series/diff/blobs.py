"""The blobs that a diff shows whole, and whether the ids of its index line are theirs."""

import hashlib

from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.text import to_bytes

_SUBMODULE = "160000"
_COMMIT = b"Subproject commit "
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
_SHORTEST = 4


def is_null(blob: str) -> bool:
    """Whether an id stands for a file that does not exist."""
    return not blob.strip("0")


def is_empty(blob: str) -> bool:
    """Whether an id, maybe abbreviated, is that of the empty blob in SHA-1 or SHA-256."""
    return len(blob) >= _SHORTEST and any(empty.startswith(blob) for empty in _EMPTY)


def wrong_ids(file: FileDiff) -> tuple[str, ...]:
    """What cannot be right in the index line.

    A new file is shown whole, and so is a deleted one. Of other files nothing is known but that
    another content has another id.
    """
    if file.old_id is None or file.new_id is None or file.binary or not file.hunks:
        return ()
    if file.old_id == file.new_id:
        return (f"lines change, and the blob stays {file.new_id}",)
    found = []
    if file.created != is_null(file.old_id):
        found.append(f"old blob is {file.old_id}, the file {_is(file.created)} new")
    if file.deleted != is_null(file.new_id):
        found.append(f"new blob is {file.new_id}, the file {_is(file.deleted)} deleted")
    if found or len(file.hunks) > 1:
        return tuple(found)
    if file.created and not _shows(file, "+", file.new_id):
        found.append(f"new blob is said to be {file.new_id}, what is shown is another")
    if file.deleted and not _shows(file, "-", file.old_id):
        found.append(f"old blob is said to be {file.old_id}, what is shown is another")
    return tuple(found)


def _is(it: bool) -> str:
    return "is" if it else "is not"


def _shows(file: FileDiff, side: str, blob: str) -> bool:
    """Whether the only hunk is the blob, in SHA-1 or in SHA-256."""
    data = content(file.hunks[0], side)
    if _SUBMODULE in (file.old_mode, file.new_mode):
        return data.startswith(_COMMIT + blob.encode())
    named = b"blob %d\0" % len(data) + data
    ids = (hashlib.new(name, named, usedforsecurity=False) for name in ("sha1", "sha256"))
    return any(one.hexdigest().startswith(blob) for one in ids)


def content(hunk: Hunk, side: str) -> bytes:
    """What the file holds on this side of a hunk (``-`` old, ``+`` new) that shows it whole."""
    old = side == "-"
    image = hunk.pre_image if old else hunk.post_image
    text = "".join(f"{line.text}\n" for line in image)
    return to_bytes(text[:-1] if (hunk.old_ends_file if old else hunk.new_ends_file) else text)
