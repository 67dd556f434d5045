"""Patches that say which upstream commit they are a copy of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from patchgen.series.model import Patch, Series
from patchgen.series.text import Line

_UPSTREAM = re.compile(
    r"\s*(?:\[ ?)?(?:commit ([0-9a-f]{12,64}) upstream\b|upstream commit:? ([0-9a-f]{12,64})\b).*",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"^\s*\[(?! ?upstream\b)[^\]]*[:\s]|\b(?:back-?port|adapt|adjust|conflict|modified|differ)",
    re.IGNORECASE,
)
_MARK = re.compile(r"^(?:(?:upstream|backport|fromgit|fromlist):\s*|\[(?:upstream|backport)\]\s*)+")


@dataclass(frozen=True, slots=True)
class Backport:
    """A patch, the id of the upstream commit, and the line that names it.

    ``explained`` says that the message speaks of what was changed.
    """

    patch: Patch
    upstream: str
    line: int
    explained: bool

    @property
    def title(self) -> str:
        """The patch's title without marks like ``BACKPORT:``."""
        summary = self.patch.subject.summary
        mark = _MARK.match(summary.lower())
        return summary[mark.end() :] if mark else summary


def backports(series: Series) -> Iterator[Backport]:
    """The patches with a line that stable-kernel-rules.rst prescribes for copies, once each."""
    for patch in series.patches:
        for line in patch.message:
            if match := _UPSTREAM.fullmatch(line.text):
                explained = any(_explains(other) for other in patch.message if other is not line)
                commit = (match[1] or match[2]).lower()
                yield Backport(patch, commit, line.number, explained)
                break


def _explains(line: Line) -> bool:
    return _CHANGED.search(line.text) is not None


def changed_lines(lines: Iterable[Line]) -> Counter[str]:
    """The lines that a diff takes out and adds, without white space, however often each.

    Where they stand, in which file, and what is around them does not count: on an older kernel
    all of that is another.
    """
    return Counter(
        text[0] + "".join(text[1:].split()) for _, text in lines if text[:1] in ("-", "+")
    )
