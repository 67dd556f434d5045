"""Where in a file a run of lines stands, and where it stands nearly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NEAR_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The most similar place: its index in the file, and the first line of the run that differs.

    ``found`` is the file's line there, None where the file ends.
    """

    position: int
    difference: int
    found: str | None


def exact_places(run: Sequence[str], lines: Sequence[str]) -> Iterator[int]:
    """Every index at which ``lines`` holds ``run``; an empty run stands nowhere."""
    if not run:
        return
    size, first, wanted = len(run), run[0], list(run)
    for index in range(len(lines) - size + 1):
        if lines[index] == first and list(lines[index : index + size]) == wanted:
            yield index


def nearest(run: Sequence[str], lines: Sequence[str], expected: int = 0) -> NearMiss | None:
    """The place where most lines of ``run`` stand, or None when fewer than half do anywhere.

    Among equals the one closest to the index ``expected`` is taken.
    """
    best, best_rank = None, (0, 0)
    for position in range(len(lines)):
        score = sum(a == b for a, b in zip(run, lines[position:], strict=False))
        rank = (score, -abs(position - expected))
        if score and rank > best_rank:
            best, best_rank = position, rank
    if best is None or best_rank[0] < len(run) * _NEAR_ENOUGH:
        return None
    for offset, wanted in enumerate(run):
        found = lines[best + offset] if best + offset < len(lines) else None
        if found != wanted:
            return NearMiss(best, offset, found)
    return None
