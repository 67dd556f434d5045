"""Which line of one version of a file is which line of another, as a patience diff has it.

Lines that both sides hold just once are anchors; those whose order differs are left out, and
what stands between two anchors is matched from both ends. A similar function next to the right
one does not take its place that way, since its heading is another.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> dict[int, int]:
    """The index in ``new`` of every line of ``old`` that is still there."""
    found: dict[int, int] = {}
    open_ranges = [(0, len(old), 0, len(new))]
    while open_ranges:
        first, last, other, end = open_ranges.pop()
        while first < last and other < end and old[first] == new[other]:
            found[first] = other
            first, other = first + 1, other + 1
        while first < last and other < end and old[last - 1] == new[end - 1]:
            last, end = last - 1, end - 1
            found[last] = end
        if first == last or other == end:
            continue
        anchors = list(_anchors(old[first:last], new[other:end]))
        if not anchors:
            continue
        before = (first, other)
        for left, right in anchors:
            found[first + left] = other + right
            open_ranges.append((before[0], first + left, before[1], other + right))
            before = (first + left + 1, other + right + 1)
        open_ranges.append((before[0], last, before[1], end))
    return found


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Pairs of lines that both sides hold once: the longest run of them in the same order."""
    left, right = Counter(old), Counter(new)
    places = {line: index for index, line in enumerate(new) if right[line] == 1}
    pairs = [
        (index, places[line])
        for index, line in enumerate(old)
        if left[line] == 1 and line in places
    ]
    tops: list[int] = []
    piles: list[int] = []
    below: list[int] = []
    for number, (_, at) in enumerate(pairs):
        pile = bisect_left(tops, at)
        below.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(at)
            piles.append(number)
        else:
            tops[pile] = at
            piles[pile] = number
    chosen: list[int] = []
    number = piles[-1] if piles else -1
    while number >= 0:
        chosen.append(number)
        number = below[number]
    return (pairs[number] for number in reversed(chosen))
