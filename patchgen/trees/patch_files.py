"""Patches in files of the scratch repository, so that one git process can be given many."""

import re
from collections.abc import Sequence

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
    """Write diffs to files, which replace earlier ones, and return their names for git."""
    folder = repository.git_dir / _FOLDER
    folder.mkdir(exist_ok=True)
    names = []
    for number, diff in enumerate(diffs):
        (folder / str(number)).write_bytes(diff)
        names.append(f"{_FOLDER}/{number}")
    return names
