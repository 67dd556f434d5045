"""Finding out why patches do not apply; where all do, this costs nothing."""

from patchgen.series.model import Series
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, NoBase

_MOST = 20


def diagnosis_stage(
    series: Series,
    base: Base | NoBase,
    applied: AppliedSeries | None,
    facts: Facts,
    progress: Progress,
) -> None:
    """Hand on why each patch that git refused was refused."""
    if applied is None or isinstance(base, NoBase):
        return
    if not applied.refusals:
        return
    from patchgen.trees.diagnosis.diagnose import diagnose

    for refusal in applied.refusals[_MOST:]:
        facts.skip("too many patches do not apply", f"diagnosis: patch {refusal.patch.position}")
    for refusal in applied.refusals[:_MOST]:
        progress(f"finding out why patch {refusal.patch.position} does not apply")
        facts.subjects.append(diagnose(refusal, series, base))
