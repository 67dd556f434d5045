"""The strict scanner of unified diffs.

git, GNU patch and unidiff believe a hunk's header: when it counts fewer lines than its body has,
the rest of the body is dropped in silence. This scanner reads the header the same way and then
looks on, so that what the others drop is known. It is stricter than git, never looser.
"""

import re
from collections.abc import Iterator

from patchgen.series.diff.diffstat import find_diffstats
from patchgen.series.diff.file_head import FileHead
from patchgen.series.diff.hunks import BinaryHunk, Diff, Fault, FileDiff, Hunk, Irregularity
from patchgen.series.text import Line, Lines

_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: ?(.*))?", re.ASCII)
_BODY_MARKS = (" ", "+", "-", "\\")
_COMBINED = ("diff --cc ", "diff --combined ")
_BINARY = re.compile(r"(literal|delta) (?:(\d{1,18})|.*)", re.ASCII)
_STRAY = re.compile(
    r"similarity index \d{1,3}%|(?:old|new|new file|deleted file) mode [0-7]{6}|GIT binary patch"
)
"""Lines of a head that git passes over where no ``diff --git`` stands above them."""
_BASE_85 = re.compile(r"[A-Za-z][^ ]*$")
_BASE = re.compile(r"(?:base-commit|change-id|prerequisite-[a-z]+-id|base-tree): ")
_ARMOUR = "-----BEGIN PGP SIGNATURE-----"
SIGNATURE = "-- "
MARKER = "---"


def scan(lines: Lines) -> Diff:
    """Scan the part of a mail from its marker line on; text around the diffs is passed over."""
    return _Scanner(lines).scan()


def starts_file(lines: Lines, index: int) -> bool:
    """Whether a file's diff begins here: a git header, or a ---/+++ pair before a hunk."""
    text = lines[index].text
    if text.startswith(("diff --git ", *_COMBINED)):
        return True
    return (
        text.startswith("--- ")
        and index + 2 < len(lines)
        and lines[index + 1].text.startswith("+++ ")
        and lines[index + 2].text.startswith("@@ ")
    )


def _number(digits: str) -> int:
    """A number of any length; beyond what git can count it does not matter which."""
    digits = digits.lstrip("0")
    return int(digits[:20] or "0") if len(digits) <= 20 else 10**20


class _Scanner:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.at = 0
        self.files: list[FileDiff] = []
        self.irregularities: list[Irregularity] = []
        self.outside: list[list[Line]] = [[]]
        self._blank_from, self._filled = 0, -1

    def scan(self) -> Diff:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.text.startswith(_COMBINED):
                self._combined(line)
            elif starts_file(self.lines, self.at):
                self.files.append(self._file())
                self.outside.append([])
            else:
                if _HEADER.fullmatch(line.text) or _STRAY.fullmatch(line.text):
                    self._complain(Fault.HEADER, line, f'no file is named above "{line.text}"')
                self.outside[-1].append(line)
                self.at += 1
        outside = tuple(tuple(lines) for lines in self.outside)
        return Diff(tuple(self.files), tuple(self.irregularities), outside)

    def _combined(self, line: Line) -> None:
        """git passes over what it cannot apply, up to the next file."""
        self._complain(Fault.COMBINED, line, f'git cannot apply a combined diff: "{line.text}"')
        self.at += 1
        while self.at < len(self.lines) and not starts_file(self.lines, self.at):
            self.at += 1

    def _file(self) -> FileDiff:
        start = self.lines[self.at]
        head = FileHead(start.text)
        if by_git := head.names is not None:
            self.at += 1
        while self.at < len(self.lines) and not self._hunk_starts():
            line = self.lines[self.at]
            if starts_file(self.lines, self.at) and not head.awaits(line.text):
                break
            known = len(head.faults)
            if not head.take(line.text):
                break
            for fault in head.faults[known:]:
                self._complain(Fault.HEADER, line, fault)
            self.at += 1
            if head.binary:
                break
        known = len(head.faults)
        head.close()
        for fault in head.faults[known:]:
            self._complain(Fault.HEADER, start, fault)
        if name := head.unprefixed:
            self._complain(Fault.PREFIX, start, name)
        binary_hunks = tuple(self._binary_hunks()) if head.binary else ()
        return head.file(tuple(self._hunks(by_git)), binary_hunks, start.number)

    def _binary_hunks(self) -> Iterator[BinaryHunk]:
        """The data below ``GIT binary patch``, each half ended by a blank line."""
        while self.at < len(self.lines) and (match := _BINARY.fullmatch(self.lines[self.at].text)):
            header = self.lines[self.at]
            self.at += 1
            first = self.at
            while self.at < len(self.lines) and _BASE_85.match(self.lines[self.at].text):
                self.at += 1
            data = tuple(self.lines[first : self.at])
            closed = self.at < len(self.lines) and not self.lines[self.at].text
            size = int(match[2]) if match[2] else None
            yield BinaryHunk(match[1], size, data, header.number, closed)
            self.at += closed

    def _hunk_starts(self) -> bool:
        return self.lines[self.at].text.startswith("@@ ")

    def _hunks(self, by_git: bool) -> Iterator[Hunk]:
        while self.at < len(self.lines) and self._hunk_starts():
            header = self.lines[self.at]
            match = _HEADER.fullmatch(header.text)
            self.at += 1
            end = self._body_end(_number(match[2] or "1") if match else 0, by_git)
            if not match:
                self._complain(
                    Fault.COUNT_MISMATCH, header, f'hunk header cannot be read: "{header.text}"'
                )
                self.at = end
                continue
            old, new = _number(match[2] or "1"), _number(match[4] or "1")
            stop = self._counted_end(old, new, end)
            if stop is not None and self._ends_message(stop, end):
                end = stop
            self._judge(header, old, new, stop, end)
            body = self.lines[self.at : stop if stop is not None else end]
            self.at = max(end, stop or end)
            starts = _number(match[1]), _number(match[3])
            heading = match[5] or ""
            yield Hunk(starts[0], old, starts[1], new, heading, tuple(body), header.number)

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
            if text.startswith("--"):
                if self._is_signature(index, old > 0):
                    break
                if not (by_git and text.startswith("--- ")) and starts_file(self.lines, index):
                    break
            old -= text[:1] in (" ", "-", "")
            index += 1
            if text:
                end = index
        return end

    def _is_signature(self, index: int, counted: bool) -> bool:
        """The ``-- `` that ends a mail, with or without its blank: text that is no diff follows.

        A removed line whose content is ``- `` looks the same; that one has more of its hunk, or
        another hunk, below. Where nothing is below, or the base, which git writes above its
        signature, it is a removed line if the header ``counted`` one more.
        """
        text = self.lines[index].text
        if text == _ARMOUR:
            return True
        if text.removesuffix("\r") not in (SIGNATURE, SIGNATURE.rstrip()):
            return False
        below = self._next_filled(index + 1)
        if counted and (not below or _BASE.match(below)):
            return False
        return not below.startswith((*_BODY_MARKS, "@@ ", "diff "))

    def _next_filled(self, index: int) -> str:
        """The next line that is not blank; what was found is kept, so that many calls are cheap."""
        if not (self._blank_from <= index <= self._filled):
            self._blank_from = self._filled = index
            while self._filled < len(self.lines) and not self.lines[self._filled].text:
                self._filled += 1
        return self.lines[self._filled].text if self._filled < len(self.lines) else ""

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

    def _ends_message(self, start: int, end: int) -> bool:
        """Whether what stands below a whole hunk is a marker line and no diff.

        With a diffstat below it the diff is one in a message, which goes on there; b4 puts the
        base below the last hunk that way.
        """
        start = self._blank_end(start)
        if start >= end or self.lines[start].text != MARKER:
            return False
        stop = start + 1
        while stop < len(self.lines) and not self.lines[stop].text.startswith("@@ "):
            if _BASE.match(self.lines[stop].text):
                return True
            if starts_file(self.lines, stop):
                break
            stop += 1
        return bool(find_diffstats(self.lines[start:stop]))

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
