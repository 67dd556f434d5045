"""Paths that git takes into a tree: the rules of ``verify_path()`` in its read-cache.c."""

import re

_HFS_IGNORES = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_DOT_GIT = re.compile(r"(?:\.git|git~1)(?:[ .]*(?::.*)?)", re.IGNORECASE | re.DOTALL)
_GITMODULES = re.compile(
    r"(?:\.gitmodules|gitmod~[1-4])(?:[ .]*(?::.*)?)", re.IGNORECASE | re.DOTALL
)
_SYMLINK = "120000"


def unsafe(path: str, mode: str | None = None) -> str | None:
    """Why git refuses ``path`` for a file of this mode, or None when it is safe.

    The rules for case, NTFS and HFS+ hold everywhere: a patch is applied on all of them.
    """
    if "\0" in path:
        return "has a NUL in it"
    if path.startswith("/"):
        return "is absolute"
    for part in path.split("/"):
        plain = _HFS_IGNORES.sub("", part)
        if part == "..":
            return "leaves the tree"
        if part in ("", "."):
            return "is not plainly written"
        if _DOT_GIT.fullmatch(plain):
            return "enters .git"
        if mode == _SYMLINK and _GITMODULES.fullmatch(plain):
            return "makes .gitmodules a symbolic link"
    return None
