"""What a unified diff is made of: files, their hunks, and what is wrong with its shape."""

import enum
from dataclasses import dataclass

from patchgen.series.text import Line, Lines


class Fault(enum.Enum):
    """What is wrong with the shape of a diff."""

    LINES_LOST = "lines-lost"
    COUNT_MISMATCH = "hunk-count-mismatch"
    HEADER = "diff-header-mismatch"
    COMBINED = "diff-combined"
    PREFIX = "path-prefix-missing"
    WHITESPACE = "whitespace-damaged"


@dataclass(frozen=True, slots=True)
class Irregularity:
    """A fault, the line to look at, and what the header says and the body has."""

    fault: Fault
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk as git reads it: ``lines`` are the body lines that its header counts."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    heading: str
    lines: tuple[Line, ...]
    line: int

    @property
    def added(self) -> int:
        """Lines the hunk adds."""
        return sum(line.text.startswith("+") for line in self.lines)

    @property
    def removed(self) -> int:
        """Lines the hunk removes."""
        return sum(line.text.startswith("-") for line in self.lines)

    @property
    def old_offset(self) -> int:
        """How many lines stand above the hunk in the old file, by its header."""
        return self.old_start - bool(self.old_count)

    @property
    def new_offset(self) -> int:
        """How many lines stand above the hunk in the new file, by its header."""
        return self.new_start - bool(self.new_count)

    @property
    def old_ends_file(self) -> bool:
        """Whether the old file ends in the hunk, without a newline."""
        return self._ends_file("-")

    @property
    def new_ends_file(self) -> bool:
        """Whether the new file ends in the hunk, without a newline."""
        return self._ends_file("+")

    def _ends_file(self, side: str) -> bool:
        pairs = zip(self.lines, self.lines[1:], strict=False)
        return any(
            mark.text[:1] == "\\" and line.text[:1] in (" ", "", side) for line, mark in pairs
        )

    @property
    def pre_image(self) -> tuple[Line, ...]:
        """Context and removed lines without their mark: what the file must hold."""
        return _image(self.lines, "-")

    @property
    def post_image(self) -> tuple[Line, ...]:
        """Context and added lines without their mark: what the file holds afterwards."""
        return _image(self.lines, "+")


@dataclass(frozen=True, slots=True)
class BinaryHunk:
    """One half of a binary patch: ``method`` is ``literal`` or ``delta``.

    ``size`` is how many bytes it says the data has when inflated, None if that cannot be read.
    ``lines`` are the lines of base 85 below it, ``closed`` is whether a blank line ends them.
    """

    method: str
    size: int | None
    lines: tuple[Line, ...]
    line: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class FileDiff:
    """All hunks for one file. A path is None where the file does not exist on that side.

    ``new_mode`` is the mode of a new file, or the one a file changes to; ``old_mode`` is what the
    diff says the file had. ``old_id`` and ``new_id`` are the blob ids of the index line, as short
    as they stand there, ``similarity`` the percentage of a rename, copy or rewrite. A binary diff
    without data has no ``binary_hunks``; the second one leads back.
    """

    old_path: str | None
    new_path: str | None
    hunks: tuple[Hunk, ...]
    line: int
    new_mode: str | None = None
    binary: bool = False
    renamed: bool = False
    copied: bool = False
    old_mode: str | None = None
    old_id: str | None = None
    new_id: str | None = None
    similarity: int | None = None
    binary_hunks: tuple[BinaryHunk, ...] = ()
    by_git: bool = True

    @property
    def moved(self) -> bool:
        """Whether the file is a renamed or copied one."""
        return self.renamed or self.copied

    @property
    def created(self) -> bool:
        """Whether the file does not exist before."""
        return self.old_path is None

    @property
    def deleted(self) -> bool:
        """Whether the file does not exist afterwards."""
        return self.new_path is None

    @property
    def path(self) -> str:
        """The path by which git speaks of the file: the new one, or the old one of a deletion."""
        return self.new_path or self.old_path or ""

    @property
    def added(self) -> int:
        """Lines added over all hunks."""
        return sum(hunk.added for hunk in self.hunks)

    @property
    def removed(self) -> int:
        """Lines removed over all hunks."""
        return sum(hunk.removed for hunk in self.hunks)


@dataclass(frozen=True, slots=True)
class Diff:
    """A scanned diff: its files in order, and everything odd about its shape.

    ``outside`` are the lines that belong to no file: those above the first, then those below each.
    """

    files: tuple[FileDiff, ...]
    irregularities: tuple[Irregularity, ...]
    outside: tuple[tuple[Line, ...], ...] = ()


def _image(lines: Lines, side: str) -> tuple[Line, ...]:
    return tuple(
        Line(line.number, line.text[1:]) for line in lines if line.text[:1] in (" ", "", side)
    )
