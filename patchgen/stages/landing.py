"""Finding out where the hunks of a series landed."""

from patchgen.report import Stage, Step
from patchgen.stages.facts import Facts
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.landing import LandedSeries, find_landings


def landing_stage(applied: AppliedSeries | None, facts: Facts) -> LandedSeries | None:
    """Hand on where git put every hunk of the patches that apply."""
    if applied is None or not applied.steps:
        return None
    landed = find_landings(applied)
    facts.subjects.append(landed)
    for patch, file in landed.unknown:
        facts.skip(
            f'where git put the hunks of "{file.path}" is not understood',
            f"landing: patch {patch.position}",
        )
    if any(file.hunks for file in landed.files):
        facts.stages.append(_stage(landed))
    return landed


def _stage(landed: LandedSeries) -> Stage:
    hunks = [hunk for file in landed.files for hunk in file.hunks]
    exact = sum(not hunk.place.offset for hunk in hunks)
    steps = tuple(
        Step(step.patch.position, "lands", _moved(landed, step.patch.position))
        for step in landed.applied.steps
    )
    count = f"{len(hunks)} hunk{'' if len(hunks) == 1 else 's'}"
    said = "line" if len(hunks) == 1 else "lines"
    return Stage("landing", f"{exact} of {count} at the {said} they name", steps)


def _moved(landed: LandedSeries, position: int) -> str:
    """Files and offsets of the hunks of a patch that moved."""
    found = [
        f"{file.file.old_path}:{hunk.place.index + 1} {hunk.place.offset:+}"
        for file in landed.files
        if file.patch.position == position
        for hunk in file.hunks
        if hunk.place.offset
    ]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more
