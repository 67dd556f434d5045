"""How many changes any diff of a composed file can have, whatever its unknown lines say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.composed.sparse import Added, Kept, Pieces, Source


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most lines that can be added and removed; None where nobody knows."""

    least: int
    most: int | None = None


def bounds(before: Pieces, after: Pieces) -> Bounds | None:
    """What any diff between the two counts, at least and at most; None where lines were moved.

    A diff keeps no more lines of one text than both sides have. Lines that stay are on both sides,
    so only those that are taken out in one place and put in in another can make it shorter than
    the hunks are; how many there are of a text is known of all of them.
    """
    sources = {piece.source for piece in (*before, *after) if isinstance(piece, Kept)}
    if len(sources) > 1 or any(isinstance(piece, Added) for piece in before):
        return None
    added = Counter(piece.text for piece in after if isinstance(piece, Added))
    removed: Counter[str] = Counter()
    for source in sources:
        if not any(isinstance(piece, Kept) for piece in before):
            return None
        for line in _gone(after, source):
            text = source.known.get(line)
            if text is None:
                return None
            removed[text] += 1
    least = added.total() + removed.total() - 2 * (added & removed).total()
    if not all(source.complete for source in sources):
        return Bounds(least)
    old = sum(source.length for source in sources)
    return Bounds(least, old + old - removed.total() + added.total())


def _gone(after: Pieces, source: Source) -> Iterator[int]:
    """The lines of the source that are not kept; those that are stand in their old order."""
    line = 0
    for piece in after:
        if isinstance(piece, Kept):
            yield from range(line, piece.start)
            line = piece.stop
    yield from range(line, source.length if line < source.length else line)
