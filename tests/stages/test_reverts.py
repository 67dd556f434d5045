"""With a base, what comes and goes is known of hunks that do not stand where they say, too."""

from pathlib import Path

from patchgen.series.composed.reverts import Reverts, find_reverts
from patchgen.stages.facts import Facts
from patchgen.stages.reverts import reverts_stage
from patchgen.trees.apply import apply_series
from patchgen.trees.base import open_tree
from patchgen.trees.landing import find_landings
from tests.series.comings import Made, found, whole
from tests.series.generated import SCALE

SERIES = 40 * SCALE


def test_hunks_are_followed_from_where_they_landed(tmp_path: Path) -> None:
    unclear = 0
    for seed in range(SERIES):
        made = Made(seed)
        folder = tmp_path / str(seed)
        series = made.series(folder, offsets=True)
        scratch = tmp_path / f"{seed}.scratch"
        scratch.mkdir()
        applied = apply_series(series, open_tree(scratch, str(folder), "base", None))
        assert not applied.refusal
        facts = Facts()
        reverts_stage(series, find_landings(applied), facts)
        (reverts,) = facts.subjects
        assert isinstance(reverts, Reverts)
        assert not facts.skipped
        assert found(reverts) == made.expected, seed
        assert whole(reverts) == made.whole, seed
        alone = find_reverts(series.patches)
        unclear += bool(alone.doubts) or found(alone) != made.expected
    assert unclear > SERIES / 2
