"""The C files of a series as they are after each of its patches."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from patchgen.series.model import Patch
from patchgen.series.text import to_bytes
from patchgen.source.file import CFile, without_comments
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base
from patchgen.trees.searching import LARGEST, read_files

_LONGEST = 1000
"""Characters in a line that a person may have written."""
_WORD = re.compile(r"[A-Za-z_]\w*")


def is_c(path: str | None) -> bool:
    """Whether a path is that of a C file."""
    return bool(path) and str(path).endswith((".c", ".h"))


def words(text: str) -> list[str]:
    """The words of a line, in order."""
    return _WORD.findall(text)


class AddedLine(NamedTuple):
    """A line that a patch adds to a file: what it says, and where it stands in the mail."""

    path: str
    text: str
    line: int


class History:
    """A series on its base: step 0 is the base, step n the tree after the nth patch.

    Nothing is read before it is asked for, and everything once.
    """

    def __init__(self, applied: AppliedSeries, base: Base) -> None:
        self.patches: Sequence[Patch] = tuple(step.patch for step in applied.steps)
        self.base = base
        self._applied = applied
        self._read: dict[str, CFile | None] = {}
        self._others: dict[str, CFile | None] = {}
        self.too_large: set[str] = set()

    @property
    def last(self) -> int:
        """The last step."""
        return len(self.patches)

    @cached_property
    def added(self) -> Sequence[Sequence[AddedLine]]:
        """The lines that each patch adds to C files."""
        return [lines for lines, _ in self._lines]

    @cached_property
    def other(self) -> Sequence[Sequence[AddedLine]]:
        """The lines of C files that each patch shows without adding them."""
        return [lines for _, lines in self._lines]

    @cached_property
    def _lines(self) -> Sequence[tuple[list[AddedLine], list[AddedLine]]]:
        return [_changed(patch) for patch in self.patches]

    @cached_property
    def touched(self) -> frozenset[str]:
        """Every path that a patch creates, changes, deletes or renames."""
        return frozenset(
            path
            for patch in self.patches
            for file in patch.diff.files
            for path in (file.old_path, file.new_path)
            if path
        )

    @cached_property
    def ids(self) -> Sequence[dict[str, str]]:
        """The blob ids of the touched files, step by step."""
        return self._applied.trees.blob_ids()

    def load(self, paths: Iterable[str]) -> None:
        """Read files, touched ones in all their versions, with one process for each kind."""
        paths = {*paths}
        ids = {ids[path]: path for ids in self.ids for path in paths & ids.keys()}
        wanted = [name for name in ids if name not in self._read]
        blobs = self._applied.read(wanted)
        for name in wanted:
            data = blobs.get(name)
            if data is not None and len(data) > LARGEST:
                self.too_large.add(ids[name])
                data = None
            self._read[name] = CFile(ids[name], data) if data is not None else None
        others = {path for path in paths if path not in self.touched} - self._others.keys()
        found = read_files(self.base, others)
        for path in others:
            self._others[path] = CFile(path, found[path]) if path in found else None

    def file(self, path: str, step: int) -> CFile | None:
        """A file as it is at a step; None where there is none, or one that is too large."""
        if path not in self.touched:
            if path not in self._others:
                self.load((path,))
            return self._others[path]
        name = self.ids[step].get(path)
        if name is None:
            return None
        if name not in self._read:
            self.load((path,))
        return self._read[name]

    def place(self, step: int, file: CFile, number: int) -> int | None:
        """The line of the mail in which the patch of a step adds what a line of a file says."""
        text = file.line_text(number).split()
        lines = (one for one in self.added[step - 1] if one.path == file.path)
        return next((one.line for one in lines if one.text.split() == text), None)

    def mentions(self, step: int, path: str, word: str) -> int | None:
        """The first line of the mail in which the patch of a step adds a word to a file."""
        lines = (one for one in self.added[step - 1] if one.path == path)
        return next((one.line for one in lines if word in words(one.text)), None)


def _changed(patch: Patch) -> tuple[list[AddedLine], list[AddedLine]]:
    """The lines of C files that a patch adds, and those that it shows without adding them."""
    added: list[AddedLine] = []
    other: list[AddedLine] = []
    for file in patch.diff.files:
        if not is_c(path := file.path):
            continue
        for hunk in file.hunks:
            for number, line in hunk.lines:
                if line[:1] in ("+", "-", " ") and len(line) <= _LONGEST:
                    text = line[1:] if line.isascii() else to_bytes(line[1:]).decode("latin-1")
                    found = added if line[0] == "+" else other
                    found.append(AddedLine(path, without_comments(text), number))
    return added, other
