"""Whether to build and run; all that this takes is loaded where it is wanted only."""

from collections.abc import Sequence
from pathlib import Path

from patchgen.series.model import Series
from patchgen.settings.matrix import MatrixEntry
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, NoBase


def build_stage(
    series: Series,
    base: Base | NoBase,
    applied: AppliedSeries | None,
    wishes: Wishes,
    matrix: Sequence[MatrixEntry],
    workspace: Path,
    facts: Facts,
    progress: Progress,
) -> None:
    """Build and run, where the tree says how and the user wants it."""
    if isinstance(base, NoBase) or applied is None:
        return
    if wishes.build is False:
        facts.skip(wishes.not_built_because, "build", "run")
        return
    from patchgen.stages.steps import build_steps

    build_steps(series, base, applied, wishes, matrix, workspace, facts, progress)
