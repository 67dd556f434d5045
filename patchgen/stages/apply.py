"""Reading and applying: the stages that every verification has."""

from patchgen.checks.subjects import (
    ABOUT_MESSAGES,
    ABOUT_POSTINGS,
    CountedPatch,
    PostedDiffstat,
    PostedSeries,
)
from patchgen.report import Stage, Step
from patchgen.series.claims import wrong_rows
from patchgen.series.diff.diffstat import Diffstat
from patchgen.series.model import Patch, Series
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries, LaterPatch, apply_series
from patchgen.trees.base import Base, NoBase
from patchgen.trees.changes import git_counts

_NAMED = 3
"""How many mails that were left out for one reason are named; the others are counted."""


def read_stage(series: Series, base: Base | NoBase, facts: Facts) -> None:
    """Hand the series on, and what git counts in each patch."""
    facts.stages.append(Stage("read", _what_was_read(series)))
    reasons: dict[str, list[str]] = {}
    for mail in series.left_out:
        reasons.setdefault(mail.reason, []).append(mail.place)
    for reason, places in reasons.items():
        facts.skip(reason, *(f"read: {place}" for place in places[:_NAMED]))
        if (more := len(places) - _NAMED) > 0:
            facts.skip(reason, f"read: {more} more mail{'' if more == 1 else 's'}")
    if any(patch.mail.headless for patch in series.patches):
        facts.skip("a diff without a message", *ABOUT_MESSAGES)
    if series.part:
        facts.skip(series.part, *ABOUT_POSTINGS)
    elif series.posted:
        facts.subjects.append(PostedSeries(series))
    facts.subjects += [series, *series.patches]
    facts.subjects += [_posted(patch, patch.diffstat) for patch in series.patches if patch.diffstat]
    cut_off = [index for index, patch in enumerate(series.patches) if patch.cut_off]
    counts = git_counts(base.repository, [patch.rest for patch in series.patches], cut_off)
    facts.subjects += map(CountedPatch, series.patches, counts)


def _what_was_read(series: Series) -> str:
    letter = "a cover letter and " if series.cover else ""
    count = len(series.patches)
    read = f"{letter}{count} patch{'es' if count > 1 else ''}"
    if len(series.versions) > 1:
        read += f" of version {series.version}"
        others = [str(one) for one in series.versions if one != series.version]
        read += f" (there {'are' if len(others) > 1 else 'is'} also {', '.join(others)})"
    return read


def _posted(patch: Patch, table: Diffstat) -> PostedDiffstat:
    wrong = patch.counts is not None and any(wrong_rows(table, patch.counts, "the diff"))
    return PostedDiffstat(patch.file, patch.position, table, wrong, patch.counts)


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
    steps = tuple(Step(step.patch.position, "applied") for step in applied.steps)
    if applied.refusal:
        steps += (Step(applied.refusal.patch.position, "refused"), *map(_later, applied.later))
    facts.stages.append(Stage("apply", f"{done} of {total} patches apply to {base.name}", steps))
    for one in applied.later:
        if one.waits_for:
            reason = f"it changes a file of patch {one.waits_for}, which is not applied"
            facts.skip(reason, f"apply: patch {one.patch.position}")
    return applied


def _later(one: LaterPatch) -> Step:
    """What became of a patch after the one that was refused."""
    if one.refusal:
        return Step(one.patch.position, "refused")
    if one.waits_for:
        return Step(one.patch.position, "not tried", f"changes a file of patch {one.waits_for}")
    return Step(one.patch.position, "would apply", "changes none of the files of refused patches")
