"""Reading and applying: the stages that every verification has."""

from patchgen.checks.subjects import CountedPatch
from patchgen.report import Stage, Step
from patchgen.series.model import Series
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries, apply_series
from patchgen.trees.base import Base, NoBase
from patchgen.trees.changes import git_counts


def read_stage(series: Series, base: Base | NoBase, facts: Facts) -> None:
    """Hand the series on, and what git counts in each patch."""
    letter = "a cover letter and " if series.cover else ""
    count = len(series.patches)
    facts.stages.append(Stage("read", f"{letter}{count} patch{'es' if count > 1 else ''}"))
    for place in series.left_out:
        facts.skip("neither a patch nor a cover letter", f"read: {place}")
    facts.subjects += [series, *series.patches]
    counts = git_counts(base.repository, [patch.rest for patch in series.patches])
    facts.subjects += map(CountedPatch, series.patches, counts)


def apply_stage(
    series: Series, base: Base | NoBase, facts: Facts, progress: Progress
) -> AppliedSeries | None:
    """Apply the series if there is a base to apply it to."""
    if isinstance(base, NoBase):
        facts.skip(base.reason, "apply", "build", "run")
        return None
    total = len(series.patches)
    progress(f"applying {total} patches")
    applied = apply_series(series, base)
    facts.subjects.append(applied)
    done = len(applied.steps)
    outcomes = ["applied"] * done + ["refused", *["not tried"] * total][: total - done]
    steps = tuple(
        Step(patch.position, outcome)
        for patch, outcome in zip(series.patches, outcomes, strict=True)
    )
    facts.stages.append(Stage("apply", f"{done} of {total} patches apply to {base.name}", steps))
    for patch in series.patches[done + 1 :]:
        facts.skip(f"patch {done + 1} does not apply", f"apply: patch {patch.position}")
    return applied
