"""Whether the base tree brings checkers to ask; all that this takes is loaded only then."""

from collections.abc import Sequence
from pathlib import Path

from patchgen.checkers.names import SCRIPTS
from patchgen.series.model import Series
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, NoBase
from patchgen.trees.searching import read_files


def scripts_stage(
    base: Base | NoBase,
    applied: AppliedSeries | None,
    series: Series,
    wishes: Wishes,
    options: Sequence[str],
    workspace: Path,
    facts: Facts,
    progress: Progress,
) -> None:
    """Run those that are wished for, if there are some; ``options`` are checkpatch's."""
    if not wishes.checkers or applied is None or isinstance(base, NoBase):
        return
    if not read_files(base, [SCRIPTS[name] for name in wishes.checkers]):
        facts.skip("the base tree has none of the kernel's", "scripts")
        return
    from patchgen.stages.checkers import checkers_stage

    checkers_stage(base, applied, series, wishes, options, workspace, facts, progress)
