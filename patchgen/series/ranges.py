"""Which patches of a series a diffstat could be about, if it is not about all of them."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from patchgen.series.diff.diffstat import Diffstat
from patchgen.series.model import Patch

_MOST = 3


def likely_parts(table: Diffstat, patches: Sequence[Patch]) -> tuple[tuple[int, int], ...]:
    """The longest runs of patches, as first and last, that could have ``table``; a few at most.

    Insertions less deletions are the sum of the patches' own, whatever happens in between.
    """
    if not table.rows or len(patches) < 2:
        return ()
    nets = [
        sum((change.added or 0) - (change.removed or 0) for change in patch.counts or ())
        for patch in patches
    ]
    total = [0, *accumulate(nets)]
    wanted = table.insertions - table.deletions
    runs = [
        (first, last)
        for first in range(1, len(patches) + 1)
        for last in range(first, len(patches) + 1)
        if total[last] - total[first - 1] == wanted and last - first + 1 < len(patches)
    ]
    runs.sort(key=lambda run: run[0] - run[1])
    return tuple(run for run, _ in zip(_listing(table, runs, patches), range(_MOST), strict=False))


def _listing(
    table: Diffstat, runs: Sequence[tuple[int, int]], patches: Sequence[Patch]
) -> Iterator[tuple[int, int]]:
    """Those runs that touch every file of the table."""
    for first, last in runs[:200]:
        paths = {
            path
            for patch in patches[first - 1 : last]
            for file in patch.diff.files
            for path in (file.old_path, file.new_path)
            if path
        }
        if all(any(row.names(path) for path in paths) for row in table.rows):
            yield first, last
