"""Where the lines that a hunk was made on are now, by an earlier version of the file."""

from collections import Counter
from collections.abc import Iterable, Sequence

from patchgen.series.diff.alignment import align
from patchgen.series.diff.headings import agrees, begins, cut, is_heading, is_section, section_above
from patchgen.series.diff.hunks import Hunk


class History:
    """The version of a file that a patch was made on, and where its lines are in ours.

    ``shift`` is for a version like that one: so much further down the lines are in it.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], shift: int = 0) -> None:
        self._old = old
        self._new = new
        self._shift = shift
        self._places: dict[int, int] | None = None
        self._headings: list[str] | None = None

    def knows(self, hunk: Hunk) -> bool:
        """Whether the old version has the hunk's lines where the hunk says."""
        start, wanted = self._start(hunk), [line.text for line in hunk.pre_image]
        return bool(wanted) and list(self._old[start : start + len(wanted)]) == wanted

    def heading(self, hunk: Hunk, path: str) -> str:
        """The heading of the section the hunk was made in, whatever driver its header is by."""
        found = section_above(self._old, self._start(hunk), path)
        return found[1] if found else ""

    def leads_to(self, hunk: Hunk, index: int) -> bool:
        """Whether most lines of the hunk that are still known are those at ``index``."""
        if self._places is None:
            self._places = align(self._old, self._new)
        start, votes = self._start(hunk), Counter[int]()
        for offset in range(len(hunk.pre_image)):
            if (at := self._places.get(start + offset)) is not None:
                votes[at - offset] += 1
        return index in votes and votes[index] == max(votes.values())

    def renamed(self, hunk: Hunk, index: int, path: str) -> bool:
        """Whether the section around ``index`` is new by name, and next to a neighbour of old."""
        found = section_above(self._new, index, path)
        if found is None or self.had(found[1]):
            return False
        before = _neighbours(self._old, self._start(hunk), path)
        now = _neighbours(self._new, index, path)
        return before[0] == now[0] or before[1] == now[1]

    def had(self, heading: str) -> int:
        """How many sections of that name the old version had."""
        if self._headings is None:
            self._headings = [line for line in self._old if is_heading(line)]
        return sum(begins(line, heading) for line in self._headings)

    def _start(self, hunk: Hunk) -> int:
        return hunk.old_start - 1 + self._shift


def earlier_history(
    versions: Iterable[Sequence[str]], lines: Sequence[str], hunk: Hunk, path: str
) -> History | None:
    """What the first of some versions tells that has the hunk's lines in the section it names.

    It need not be the author's: there these lines were below the same heading. None where no
    version has them there, and where it has them in two sections of that name.
    """
    wanted = [line.text for line in hunk.pre_image]
    for old in versions if wanted and hunk.heading else ():
        places = [
            at
            for at in range(len(old) - len(wanted) + 1)
            if old[at] == wanted[0]
            and list(old[at : at + len(wanted)]) == wanted
            and agrees(old, path, hunk.heading, at)
        ]
        if places:
            says = hunk.old_start - 1
            start = min(places, key=lambda at: abs(at - says))
            sections = {section_above(old, at, path) for at in places}
            return History(old, lines, start - says) if len(sections) == 1 else None
    return None


def _neighbours(lines: Sequence[str], index: int, path: str) -> tuple[str, str]:
    """The headings of the sections before and after the one that ``index`` is in."""
    own = section_above(lines, index, path)
    above = section_above(lines, own[0], path) if own else None
    below = (line for line in lines[index:] if is_section(line, path))
    return above[1] if above else "", cut(next(below, ""))
