"""Patches in files of the scratch repository, so that one git process can be given many."""

import re
from collections.abc import Sequence
from hashlib import sha256

from patchgen.trees.repository import Repository

_FOLDER = "patches"
_REMEMBERED = re.compile(rb'^(?:---|\+\+\+) (?!"?[^/\s]*/)|120000', re.MULTILINE)


def is_forgotten(diff: bytes) -> bool:
    """Whether git-apply takes the next diff the same way after this one as without it.

    What its process remembers from one file to the next are links, and how many components to
    strip once a diff without any directory told it (``guess_p_value()`` in git's apply.c).
    """
    return _REMEMBERED.search(diff) is None


def patch_files(repository: Repository, diffs: Sequence[bytes]) -> list[str]:
    """Have diffs in files, each in one of its own for as long as it is the same; their names."""
    folder = repository.git_dir / _FOLDER
    folder.mkdir(exist_ok=True)
    there = {path.name for path in folder.iterdir()}
    names = [sha256(diff).hexdigest() for diff in diffs]
    for name, diff in zip(names, diffs, strict=True):
        if name not in there:
            there.add(name)
            (folder / name).write_bytes(diff)
    return [f"{_FOLDER}/{name}" for name in names]
