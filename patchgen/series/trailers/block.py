"""Trailers: the `Signed-off-by: A U Thor <author@example.com>` lines that end a message."""

import re
from dataclasses import dataclass

from patchgen.series.text import Lines, paragraphs

SIGN_OFF = "Signed-off-by"
CO_DEVELOPER = "Co-developed-by"
_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\s*:\s*(\S.*)")
_COMPANION = re.compile(r"\[[^\]]*\]?$|\(cherry picked from commit |#")


@dataclass(frozen=True, slots=True)
class Trailer:
    """A ``token: value`` line and where it stands; folded values are joined."""

    token: str
    value: str
    line: int

    def __str__(self) -> str:
        return f"{self.token}: {self.value}"

    def named(self, token: str) -> bool:
        """Whether the token is this one; git compares tokens without regard to case."""
        return self.token.lower() == token.lower()


def is_trailer(text: str) -> bool:
    """Whether a line has the form ``token: value``."""
    return _TRAILER.fullmatch(text) is not None


def parse_trailers(message: Lines) -> tuple[Trailer, ...]:
    """The trailers at the end of a commit message, from which the summary was taken off.

    A paragraph counts by git-interpret-trailers' rule: all its lines are trailers, or there is a
    sign-off and at least a quarter of them are. Kernel people separate groups by blank lines, so
    every such paragraph at the end counts. Lines that accompany trailers there, folded ones and
    ``[name: what I changed]``, are no trailers and do no harm, not even in a paragraph of theirs.
    """
    found: list[Trailer] = []
    for run in reversed(paragraphs(message)):
        group, others = _split(run)
        signed = any(trailer.token == SIGN_OFF for trailer in group)  # as git writes it
        if not group and not others:
            continue
        if not group or (others and not (signed and 3 * len(group) >= others)):
            break
        found[:0] = group
    return tuple(found)


def _split(lines: Lines) -> tuple[list[Trailer], int]:
    """The trailers in a paragraph, and how many lines are something else."""
    group: list[Trailer] = []
    others = 0
    for line in lines:
        if match := _TRAILER.fullmatch(line.text):
            group.append(Trailer(match[1], match[2].rstrip(), line.number))
        elif group and line.text[0] in " \t":
            last = group[-1]
            group[-1] = Trailer(last.token, f"{last.value} {line.text.strip()}", last.line)
        elif not _COMPANION.match(line.text):
            others += 1
    return group, others
