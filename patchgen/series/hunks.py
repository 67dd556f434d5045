"""The strict scanner of unified diffs.

git, GNU patch and unidiff believe a hunk's header: when it counts fewer lines than its body has,
the rest of the body is dropped in silence. This scanner reads the header the same way and then
looks on, so that what the others drop is known. It is stricter than git, never looser.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.quoting import unquoted
from patchgen.series.text import Line, Lines

_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: ?(.*))?", re.ASCII)
_MODE = re.compile(r"(old mode|new mode|new file mode|deleted file mode) (\d{6})")
_MOVE = re.compile(r"(rename from|rename to|copy from|copy to) (.*)")
_INDEX = re.compile(r"index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: \d{6})?$|(?:dis)?similarity index ")
_BODY_MARKS = (" ", "+", "-", "\\")
SIGNATURE = "-- "


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


def scan(lines: Lines) -> Diff:
    """Scan the part of a mail from its marker line on; text around the diffs is passed over."""
    return _Scanner(lines).scan()


def starts_file(lines: Lines, index: int) -> bool:
    """Whether a file's diff begins here: a git header, or a ---/+++ pair before a hunk."""
    text = lines[index].text
    if text.startswith("diff --git "):
        return True
    return (
        text.startswith("--- ")
        and index + 2 < len(lines)
        and lines[index + 1].text.startswith("+++ ")
        and lines[index + 2].text.startswith("@@ ")
    )


class _Scanner:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.at = 0
        self.files: list[FileDiff] = []
        self.irregularities: list[Irregularity] = []

    def scan(self) -> Diff:
        while self.at < len(self.lines):
            if starts_file(self.lines, self.at):
                self.files.append(self._file())
            else:
                self.at += 1
        return Diff(tuple(self.files), tuple(self.irregularities))

    def _file(self) -> FileDiff:
        start = self.lines[self.at]
        head = FileHead(start.text)
        if start.text.startswith("diff --git "):
            self.at += 1
        while self.at < len(self.lines) and not self._hunk_starts():
            if starts_file(self.lines, self.at) and not head.awaits(self.lines[self.at].text):
                break
            if not head.take(self.lines[self.at].text):
                break
            self.at += 1
        hunks = tuple(self._hunks(start.text.startswith("diff --git ")))
        return FileDiff(
            head.old_path,
            head.new_path,
            hunks,
            start.number,
            head.new_mode,
            head.binary,
            head.moved,
        )

    def _hunk_starts(self) -> bool:
        return self.lines[self.at].text.startswith("@@ ")

    def _hunks(self, by_git: bool) -> Iterator[Hunk]:
        while self.at < len(self.lines) and self._hunk_starts():
            header = self.lines[self.at]
            match = _HEADER.fullmatch(header.text)
            self.at += 1
            end = self._body_end(int(match[2] or 1) if match else 0, by_git)
            if not match:
                self._complain(
                    Fault.COUNT_MISMATCH, header, f'hunk header cannot be read: "{header.text}"'
                )
                self.at = end
                continue
            old, new = int(match[2] or 1), int(match[4] or 1)
            stop = self._counted_end(old, new, end)
            self._judge(header, old, new, stop, end)
            body = self.lines[self.at : stop if stop is not None else end]
            self.at = max(end, stop or end)
            yield Hunk(
                int(match[1]), old, int(match[3]), new, match[5] or "", tuple(body), header.number
            )

    def _body_end(self, old: int, by_git: bool) -> int:
        """Where the body ends by its looks: at the next header, the signature or foreign text.

        ``old`` is how many old lines the header counts. In a diff written ``by_git`` every file
        has a ``diff --git`` line, so ``--- `` and ``+++ `` are lines of the body there.
        """
        index = self.at
        end = index
        while index < len(self.lines):
            text = self.lines[index].text
            if text and text[0] not in _BODY_MARKS:
                break
            if self._is_signature(index, old > 0):
                break
            if starts_file(self.lines, index) and not (by_git and text.startswith("--- ")):
                break
            old -= text[:1] in (" ", "-", "")
            index += 1
            if text:
                end = index
        return end

    def _is_signature(self, index: int, counted: bool) -> bool:
        """The ``-- `` that ends a mail, with or without its blank: text that is no diff follows.

        A removed line whose content is ``- `` looks the same; that one has more of its hunk, or
        another hunk, below. Where nothing is below, it is a removed line if the header
        ``counted`` one more.
        """
        if self.lines[index].text not in (SIGNATURE, SIGNATURE.rstrip()):
            return False
        below = next((line.text for line in self.lines[index + 1 :] if line.text), "")
        return not below.startswith((*_BODY_MARKS, "@@ ", "diff ")) and not (counted and not below)

    def _counted_end(self, old: int, new: int, end: int) -> int | None:
        """Where the header's counts are used up, or None when the body cannot satisfy them.

        The blank lines after the body's ``end`` can be emptied context lines.
        """
        index = self.at
        blank_end = self._blank_end(end)
        while old or new:
            if index >= blank_end:
                return None
            mark = self.lines[index].text[:1]
            old -= mark in (" ", "-", "")
            new -= mark in (" ", "+", "")
            if old < 0 or new < 0:
                return None
            index += 1
        while index < len(self.lines) and self.lines[index].text.startswith("\\"):
            index += 1
        return index

    def _blank_end(self, end: int) -> int:
        while end < len(self.lines) and not self.lines[end].text:
            end += 1
        return end

    def _judge(self, header: Line, old: int, new: int, stop: int | None, end: int) -> None:
        has_old = sum(line.text[:1] in (" ", "-", "") for line in self.lines[self.at : end])
        has_new = sum(line.text[:1] in (" ", "+", "") for line in self.lines[self.at : end])
        claim = f"hunk header counts {old} old and {new} new lines, the body has {has_old} and"
        if stop is None:
            self._complain(Fault.COUNT_MISMATCH, header, f"{claim} {has_new}")
        elif stop < end:
            lost = next(line for line in self.lines[stop:end] if line.text)
            self._complain(Fault.LINES_LOST, lost, f"{claim} {has_new}; the rest is lost")

    def _complain(self, fault: Fault, line: Line, message: str) -> None:
        self.irregularities.append(Irregularity(fault, line.number, message))


class FileHead:
    """The lines between ``diff --git`` and the first hunk."""

    def __init__(self, first: str) -> None:
        self.old_path, self.new_path = _git_paths(first)
        self.new_mode: str | None = None
        self.binary = False
        self.moved = False
        self._minus = self._plus = False

    def awaits(self, text: str) -> bool:
        """Whether a ``--- `` line still belongs to this file."""
        return text.startswith("--- ") and not self._minus

    def take(self, text: str) -> bool:
        """Read one header line; False when it is none."""
        if text.startswith("--- "):
            self._minus, self.old_path = True, _path(text[4:], self.old_path)
        elif text.startswith("+++ "):
            self._plus, self.new_path = True, _path(text[4:], self.new_path)
        elif match := _MODE.fullmatch(text):
            self._mode(match[1], match[2])
        elif match := _MOVE.fullmatch(text):
            self.moved = True
            if match[1].endswith("from"):
                self.old_path = unquoted(match[2])
            else:
                self.new_path = unquoted(match[2])
        elif text.startswith(("GIT binary patch", "Binary files ")):
            self.binary = True
        else:
            return _INDEX.match(text) is not None
        return True

    def _mode(self, kind: str, mode: str) -> None:
        if kind == "new file mode":
            self.old_path, self.new_mode = None, mode
        elif kind == "deleted file mode":
            self.new_path = None
        elif kind == "new mode":
            self.new_mode = mode


def _git_paths(header: str) -> tuple[str | None, str | None]:
    """The names in ``diff --git a/x b/x``; with blanks in them both halves must be the same."""
    rest = header.removeprefix("diff --git ")
    if rest == header:
        return None, None
    if rest.startswith('"'):
        closing = re.match(r'"((?:[^"\\]|\\.)*)" (.*)', rest)
        if closing:
            return _stripped(unquoted(f'"{closing[1]}"')), _stripped(unquoted(closing[2]))
    for match in re.finditer(r" ", rest):
        left, right = rest[: match.start()], unquoted(rest[match.end() :])
        if _stripped(left) == _stripped(right):
            return _stripped(left), _stripped(right)
    left, _, right = rest.partition(" ")
    return _stripped(left), _stripped(unquoted(right))


def _path(text: str, known: str | None) -> str | None:
    name = unquoted(text.split("\t")[0])
    if name == "/dev/null":
        return None
    return known if known and _stripped(name) == known else _stripped(name)


def _stripped(name: str) -> str:
    """Without the first component, ``a/`` or ``b/``: what ``-p1`` removes."""
    return name.partition("/")[2] or name
