"""A patch written as the mail that a checker wants to read."""

from dataclasses import dataclass

from patchgen.series.model import Patch
from patchgen.series.text import Line, joined, to_bytes


@dataclass(frozen=True, slots=True)
class PlainMail:
    """A patch decoded, with the headers that count, and where its lines stood in the file."""

    patch: Patch
    lines: tuple[Line, ...]

    @property
    def data(self) -> bytes:
        """All of it as bytes."""
        return to_bytes(joined(self.lines))

    def line(self, number: int) -> int | None:
        """The line of the user's file that is line ``number`` here, counted from 1."""
        return self.lines[number - 1].number if 0 < number <= len(self.lines) else None


def plain_mail(patch: Patch) -> PlainMail:
    """The patch without encodings and without anything that git-am drops before it."""
    at = patch.subject_line
    head = (
        Line(at, f"From: {patch.author}"),
        Line(at, f"Date: {patch.date}"),
        Line(at, f"Subject: [PATCH] {patch.subject.summary}"),
        Line(at, ""),
    )
    return PlainMail(patch, (*head, *patch.message, *patch.rest))
