"""Files of which only what patches show is known: the rest are lines that have no text.

A hunk names the line at which it stands and shows a few lines around it. Applied one after the
other, hunks tell how the file at the end is made of pieces of the file at the beginning and of
lines that were added, without anybody having seen either.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from patchgen.series.diff.hunks import Hunk
from patchgen.series.text import to_bytes

END = 1 << 62
"""The end of a file whose length nobody knows."""
_TAIL = 200
"""How many lines are put below the last one that is known to be there."""
_MOST = 100_000
"""Unknown lines written out in full; where there are more, only those near known ones are."""
_NEAR = 40


class MisfitError(Exception):
    """A hunk does not fit what earlier patches showed of the file."""


@dataclass(slots=True, eq=False)
class Source:
    """A file as it was before the series: the lines that are known, and its length if it is.

    ``number`` tells its unknown lines from those of other files.
    """

    number: int
    known: dict[int, str] = field(default_factory=dict)
    length: int = END

    @property
    def complete(self) -> bool:
        """Whether all of it is known."""
        return self.length == len(self.known)

    def learn(self, line: int, text: str) -> bool:
        """Note what ``line`` says; False when it is known to say something else."""
        return line < self.length and self.known.setdefault(line, text) == text


class Kept(NamedTuple):
    """Lines from ``start`` up to ``stop``, without it, of a file before the series."""

    source: Source
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """A line that the series added, with its newline if it has one, and its line in the mail."""

    text: str
    line: int


Piece = Kept | Added
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines next to each other that a hunk takes out, and those it puts in their place.

    ``line`` is the first of them in the mail.
    """

    removed: tuple[Piece, ...]
    added: tuple[Added, ...]
    line: int


@dataclass(slots=True)
class _Open:
    """A block that may go on."""

    removed: list[Piece] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    line: int = 0

    def closed(self) -> Iterator[Block]:
        """The block, if there is anything in it; then it is empty."""
        if self.line:
            yield Block(tuple(self.removed), tuple(self.added), self.line)
            self.removed, self.added, self.line = [], [], 0


def edited(
    pieces: Pieces, hunks: Iterable[Hunk], deleted: bool = False
) -> tuple[Pieces, tuple[Block, ...]]:
    """The file after ``hunks``, and what they change; when it is ``deleted``, they show all of it.

    Raises MisfitError when a hunk does not fit.
    """
    old = _Reader(pieces)
    new: list[Piece] = []
    blocks: list[Block] = []
    change = _Open()
    at = 0
    ended = deleted
    for hunk in hunks:
        start = hunk.old_start - (1 if hunk.old_count else 0)
        if start < at or ended != deleted:
            raise MisfitError
        _extend(new, old.pieces(start - at))
        at = start
        for mark, text, line in _body(hunk):
            if mark != " ":
                change.line = change.line or line
            if mark == "+":
                change.added.append(Added(text, line))
                new.append(change.added[-1])
            else:
                piece = old.line(text)
                at += 1
                if mark == " ":
                    blocks += change.closed()
                    _extend(new, (piece,))
                else:
                    change.removed.append(piece)
            ended = ended or not text.endswith("\n")
        blocks += change.closed()
    if ended:
        old.end()
    _extend(new, old.rest())
    return tuple(new), tuple(blocks)


def _body(hunk: Hunk) -> Iterator[tuple[str, str, int]]:
    """Each line's mark, its text, without a newline where git says there is none, its number."""
    lines = hunk.lines
    for index, line in enumerate(lines):
        mark = line.text[:1] or " "
        if mark == "\\":
            continue
        bare = index + 1 < len(lines) and lines[index + 1].text.startswith("\\")
        yield mark, line.text[1:] + ("" if bare else "\n"), line.number


def _extend(pieces: list[Piece], more: Iterable[Piece]) -> None:
    """Append, joining what stood next to each other before."""
    for piece in more:
        last = pieces[-1] if pieces else None
        if (
            isinstance(piece, Kept)
            and isinstance(last, Kept)
            and last.source is piece.source
            and last.stop == piece.start
        ):
            pieces[-1] = Kept(piece.source, last.start, piece.stop)
        else:
            pieces.append(piece)


class _Reader:
    """Takes pieces from the front."""

    def __init__(self, pieces: Pieces) -> None:
        self.waiting = list(reversed(pieces))

    def pieces(self, count: int) -> Iterator[Piece]:
        while count:
            if not self.waiting:
                raise MisfitError
            piece = self.waiting.pop()
            if isinstance(piece, Added):
                count -= 1
                yield piece
                continue
            taken = min(count, piece.stop - piece.start)
            middle = piece.start + taken
            if middle > piece.source.length:
                raise MisfitError
            if middle < piece.stop:
                self.waiting.append(Kept(piece.source, middle, piece.stop))
            if taken:
                yield Kept(piece.source, piece.start, middle)
            count -= taken

    def line(self, text: str) -> Piece:
        """One line, which says ``text``."""
        while self.waiting:
            piece = self.waiting.pop()
            if isinstance(piece, Added):
                if piece.text != text:
                    break
                return piece
            source, start, stop = piece
            if start == stop:
                continue
            if start + 1 < stop:
                self.waiting.append(Kept(source, start + 1, stop))
            if not source.learn(start, text):
                break
            return Kept(source, start, start + 1)
        raise MisfitError

    def end(self) -> None:
        """Note that nothing is left. Raises MisfitError when there is."""
        for piece in self.waiting:
            if isinstance(piece, Added) or piece.stop != END:
                raise MisfitError
            if any(line >= piece.start for line in piece.source.known):
                raise MisfitError
            piece.source.length = min(piece.source.length, piece.start)

    def rest(self) -> Iterator[Piece]:
        for piece in reversed(self.waiting):
            if isinstance(piece, Added) or piece.start < min(piece.stop, piece.source.length):
                yield piece


def written(files: Sequence[Pieces]) -> list[bytes]:
    """The content of files made of the same sources; a line that is not known has a text of its
    own, which is the same wherever the line is kept."""
    ends: dict[Source, set[int]] = {}
    for pieces in files:
        for piece in pieces:
            if isinstance(piece, Kept):
                found = ends.setdefault(piece.source, {0})
                found.add(piece.start)
                if piece.stop != END:
                    found.add(piece.stop)
    for source, found in ends.items():
        found.update(source.known)
        if source.length != END:
            found.add(source.length)
    lengths = {source: _length(source, found) for source, found in ends.items()}
    shown: dict[Source, Sequence[int]] = {source: range(lengths[source]) for source in ends}
    if sum(lengths.values()) > _MOST:
        near = max(1, min(_NEAR, _MOST // (1 + sum(map(len, ends.values())))))
        shown = {source: _around(ends[source], near, lengths[source]) for source in ends}
    return [to_bytes("".join(_texts(pieces, shown))) for pieces in files]


def _length(source: Source, ends: set[int]) -> int:
    return source.length if source.length != END else max(ends) + _TAIL


def _around(points: set[int], near: int, length: int) -> list[int]:
    """The lines not further than ``near`` from one of the points."""
    found: list[int] = []
    for point in sorted(points):
        start = max(point - near, found[-1] + 1 if found else 0)
        found += range(start, min(point + near, length))
    return found


def _texts(pieces: Pieces, shown: Mapping[Source, Sequence[int]]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Added):
            yield piece.text
            continue
        source, lines = piece.source, shown[piece.source]
        for line in lines[bisect_left(lines, piece.start) : bisect_left(lines, piece.stop)]:
            known = source.known.get(line)
            yield f"\x01{source.number}:{line:020}\n" if known is None else known
