"""Anchored patches: patches whose hunks say what they stand next to instead of line numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.errors import TemplateError
from patchgen.series.diff.file_head import FileHead
from patchgen.series.diff.scanner import SIGNATURE
from patchgen.series.text import Line, Lines, joined

_HUNK = re.compile(r"@@(?: -[\d,]+ \+[\d,]+ @@)?(?: (?P<heading>.*?))?\s*")
_BODY = (" ", "+", "-", "\\")


@dataclass(frozen=True, slots=True)
class AnchoredHunk:
    """Lines to find and what to make of them; with a heading, within that section only."""

    heading: str | None
    lines: Lines
    line: int

    def image(self, side: str) -> tuple[str, ...]:
        """The pre-image (side ``-``) or post-image (side ``+``), each line with its newline.

        A line that ``\\ No newline at end of file`` follows has none.
        """
        texts: list[str] = []
        kept = False
        for line in self.lines:
            mark = line.text[:1] or " "
            if mark == "\\":
                if kept:
                    texts[-1] = texts[-1].removesuffix("\n")
                continue
            kept = mark in (" ", side)
            if kept:
                texts.append(line.text[1:] + "\n")
        return tuple(texts)

    def line_of(self, index: int) -> int:
        """The template line of the pre-image's line ``index``."""
        numbers = [line.number for line in self.lines if (line.text[:1] or " ") in (" ", "-")]
        return numbers[index]


@dataclass(frozen=True, slots=True)
class AnchoredFile:
    """The hunks for one file; a path is None on the side on which the file does not exist."""

    old_path: str | None
    new_path: str | None
    new_mode: str | None
    hunks: tuple[AnchoredHunk, ...]
    line: int


@dataclass(frozen=True, slots=True)
class PatchTemplate:
    """A rendered patch template: what becomes the commit message, the notes, and the diff."""

    summary: str
    message: str
    notes: str
    files: tuple[AnchoredFile, ...]


def parse_patch_template(lines: Lines, place: str) -> PatchTemplate:
    """Take a rendered template apart; ``place`` is its name for errors.

    Raises TemplateError when there is no summary, no marker line or no diff.
    """
    if not lines or lines[0].text.strip() in ("", "---"):
        raise TemplateError(f"{place}:1: no summary", "the first line becomes the subject")
    marker = next((index for index, line in enumerate(lines) if line.text == "---"), None)
    if marker is None:
        raise TemplateError(f"{place}: no marker line", 'end the commit message with "---"')
    files = tuple(_Parser(lines[marker + 1 :], place).files())
    if not files:
        raise TemplateError(f"{place}: no diff below the marker line", "a patch must change a file")
    first = next(index for index in range(len(lines)) if lines[index].number >= files[0].line)
    message = joined(lines[:marker]).rstrip("\n") + "\n"
    notes = joined(lines[marker + 1 : max(first, marker + 1)])
    return PatchTemplate(lines[0].text.strip(), message, _without_diffstat(notes), files)


def _without_diffstat(notes: str) -> str:
    """A real patch has its diffstat there; ours is computed."""
    kept = [
        line
        for line in notes.split("\n")
        if not re.match(r" \S.* \|\s+(\d|Bin)| \d+ files? changed| (create|delete) mode ", line)
    ]
    return "\n".join(kept).strip("\n")


class _Parser:
    def __init__(self, lines: Lines, place: str) -> None:
        self.lines = lines
        self.place = place
        self.at = 0

    def files(self) -> Iterator[AnchoredFile]:
        while self.at < len(self.lines):
            if self._starts_file():
                yield self._file()
            elif self.lines[self.at].text == SIGNATURE:
                return
            else:
                self.at += 1

    def _text(self, offset: int = 0) -> str:
        index = self.at + offset
        return self.lines[index].text if index < len(self.lines) else ""

    def _starts_file(self) -> bool:
        pair = self._text().startswith("--- ") and self._text(1).startswith("+++ ")
        return self._text().startswith("diff --git ") or (pair and self._text(2).startswith("@@"))

    def _file(self) -> AnchoredFile:
        start = self.lines[self.at]
        head = FileHead(start.text)
        if start.text.startswith("diff --git "):
            self.at += 1
        while self.at < len(self.lines) and head.take(self._text()):
            self.at += 1
        if head.binary:
            raise TemplateError(
                f"{self.place}:{start.number}: binary diffs cannot be anchored",
                "keep binary files out of templates",
            )
        hunks = tuple(self._hunks())
        return AnchoredFile(head.old_path, head.new_path, head.new_mode, hunks, start.number)

    def _hunks(self) -> Iterator[AnchoredHunk]:
        while match := _HUNK.fullmatch(self._text()):
            header = self.lines[self.at]
            self.at += 1
            body = self._body()
            if not any(line.text[:1] in ("+", "-") for line in body):
                raise TemplateError(
                    f"{self.place}:{header.number}: the hunk changes nothing",
                    "give lines that begin with + or -",
                )
            yield AnchoredHunk(match["heading"], body, header.number)

    def _body(self) -> tuple[Line, ...]:
        start = end = self.at
        while self.at < len(self.lines) and not self._starts_file():
            text = self._text()
            if (text and text[0] not in _BODY) or (text == SIGNATURE and self._is_last()):
                break
            self.at += 1
            end = self.at if text else end
        return tuple(self.lines[start:end])

    def _is_last(self) -> bool:
        """Whether text that belongs to no hunk follows, as it does below a mail's signature."""
        below = self._text(1)
        return bool(below) and not below.startswith((*_BODY, "@@", "diff "))
