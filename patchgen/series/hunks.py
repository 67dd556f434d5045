"""What a unified diff is made of: files, their hunks, and what is wrong with its shape."""

import enum
from dataclasses import dataclass

from patchgen.series.text import Line, Lines


class Fault(enum.Enum):
    """What is wrong with the shape of a diff."""

    LINES_LOST = "lines-lost"
    COUNT_MISMATCH = "hunk-count-mismatch"


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
    def pre_image(self) -> tuple[Line, ...]:
        """Context and removed lines without their mark: what the file must hold."""
        return _image(self.lines, "-")

    @property
    def post_image(self) -> tuple[Line, ...]:
        """Context and added lines without their mark: what the file holds afterwards."""
        return _image(self.lines, "+")


@dataclass(frozen=True, slots=True)
class FileDiff:
    """All hunks for one file. A path is None where the file does not exist on that side."""

    old_path: str | None
    new_path: str | None
    hunks: tuple[Hunk, ...]
    line: int
    new_mode: str | None = None
    binary: bool = False
    moved: bool = False

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
    """A scanned diff: its files in order, and everything odd about its shape."""

    files: tuple[FileDiff, ...]
    irregularities: tuple[Irregularity, ...]


def _image(lines: Lines, side: str) -> tuple[Line, ...]:
    return tuple(
        Line(line.number, line.text[1:]) for line in lines if line.text[:1] in (" ", "", side)
    )
