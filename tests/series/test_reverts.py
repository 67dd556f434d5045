"""Lines that come and go, followed through generated series.

What git's own diffs of such files look like to patchgen is held against what was done.
"""

from pathlib import Path

from patchgen.series.composed.reverts import find_reverts
from tests.series.comings import Made, found, whole
from tests.series.generated import SCALE

SERIES = 40 * SCALE


def test_lines_that_go_again_are_found_and_no_others(tmp_path: Path) -> None:
    found_some = 0
    for seed in range(SERIES):
        made = Made(seed)
        reverts = find_reverts(made.series(tmp_path / str(seed)).patches)
        assert not reverts.doubts
        assert found(reverts) == made.expected, seed
        assert whole(reverts) == made.whole, seed
        found_some += bool(reverts.found)
    assert found_some > SERIES / 5
