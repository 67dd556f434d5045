"""Rendering again what a repository keeps rendered."""

from pathlib import Path

from patchgen.reading.git_range import RangeSeries
from patchgen.rendering.apart import Bounds, render_kept
from patchgen.report import Stage
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.base import CommitBase


def rendered_stage(
    found: RangeSeries, workspace: Path, facts: Facts, progress: Progress, bounds: Bounds
) -> None:
    """Compare every series that the last commit keeps rendered with what its template renders."""
    tip = CommitBase(found.base.repository, found.tip, "the last commit")
    progress("rendering the kept series again")
    series = render_kept(found.user, tip, workspace / "rendered", bounds)
    if not series:
        return
    good = sum(not (one.differences or one.faults) for one in series)
    facts.stages.append(
        Stage("render", f"{good} of {len(series)} series in patchgen.toml up to date")
    )
    facts.subjects += series
