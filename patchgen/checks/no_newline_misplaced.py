"""no-newline-misplaced"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch

_SIDES = {"-": ("old",), "+": ("new",)}
_SHORTEST = len("\\ No newlin")
"""git wants at least twelve bytes, the newline included; other languages have other words."""


@check(Patch, Severity.ERROR)
def no_newline_misplaced(patch: Patch) -> Iterator[Problem]:
    """ "\\ No newline at end of file" stands where the file does not end.

    Why: git takes the newline from the line above it, wherever that is, and so joins two lines
    in silence.

    Bad:
        +int a;
        \\ No newline at end of file
        +int b;

    Good:
        +int a;
        +int b;
        \\ No newline at end of file
    """
    for file in patch.diff.files:
        for line, reason in _misplaced(file):
            yield Problem(
                reason,
                Location(patch.file, line, patch.position),
                "generate the patch again with git format-patch instead of editing it",
            )


def _misplaced(file: FileDiff) -> Iterator[tuple[int, str]]:
    ended: dict[str, int] = {}
    for hunk in file.hunks:
        above = "\\"
        for number, text in hunk.lines:
            if text[:1] != "\\":
                for side in _SIDES.get(text[:1], ("old", "new")):
                    if marker := ended.pop(side, None):
                        yield marker, f"the {side} file has no newline here, and goes on below"
            elif above == "\\":
                yield number, f'no line of the file stands above "{text}"'
            elif len(text) < _SHORTEST:
                yield number, f'"{text}" is too short for git'
            else:
                ended |= dict.fromkeys(_SIDES.get(above, ("old", "new")), number)
            above = text[:1]
