"""Holding the cover letter against the series: against trees of it, or its own hunks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from patchgen.checks.subjects import CoveredSeries, PostedDiffstat
from patchgen.report import Stage
from patchgen.series.claims import agrees, arithmetic
from patchgen.series.composed.composition import compose
from patchgen.series.composed.judgement import (
    Changes,
    Judgement,
    Limits,
    distance,
    judge,
    own_counts,
    summed,
)
from patchgen.series.diff.diffstat import Diffstat
from patchgen.series.model import Patch, Series
from patchgen.series.ranges import likely_parts
from patchgen.stages.facts import Facts
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.changes import WAYS_TO_DIFF, tree_changes
from patchgen.trees.composed import write_composed
from patchgen.trees.repository import Repository

_DIFFSTAT, _SHORTLOG = "cover-diffstat-mismatch", "shortlog-mismatch"
Tables = tuple[Diffstat, ...]
Judged = tuple[Diffstat, Judgement]
_Diff = Callable[[int, int, tuple[str, ...]], Changes]


def cover_stage(
    series: Series, applied: AppliedSeries | None, repository: Repository, facts: Facts
) -> None:
    """Find out what the series does, and hand it on with the letter.

    Where it applies to a base tree, git is asked about the trees; elsewhere ``repository`` is
    given what the hunks show.
    """
    if series.cover is None:
        facts.skip("the series has no cover letter", _DIFFSTAT, _SHORTLOG)
        return
    if series.part:
        facts.skip(series.part, _DIFFSTAT, _SHORTLOG)
        return
    table = series.cover.diffstat
    if series.cover.shortlog is None:
        facts.skip("the cover letter has no shortlog", _SHORTLOG)
    if table is None:
        facts.skip("the cover letter has no diffstat", _DIFFSTAT)
        facts.subjects.append(CoveredSeries(series, series.cover, None))
        return
    tables = (table, *reversed(series.cover.other_diffstats))
    if applied and not applied.refusal:
        table, judgement = _on_trees(tables, series.patches, applied)
        known = ""
    else:
        table, judgement = _composed(tables, series.patches, repository)
        known = ", as far as the patches alone show"
    facts.stages.append(Stage("cover", _verdict(table, judgement) + known))
    facts.subjects.append(CoveredSeries(series, series.cover, judgement))
    known_wrong = any(wrong.path for wrong in judgement.contradictions)
    facts.subjects.append(
        PostedDiffstat(series.cover.file, 0, table, known_wrong, judgement.changes)
    )


def _on_trees(tables: Tables, patches: Sequence[Patch], applied: AppliedSeries) -> Judged:
    def diff(first: int, last: int, options: tuple[str, ...]) -> Changes:
        before, after = applied.steps[first - 1].before, applied.steps[last - 1].after
        return tuple(tree_changes(applied.repository, before, after, *options))

    ways = tuple(_ways(tables, lambda options: diff(1, len(patches), options)))
    table = _the_one(tables, ways)
    return table, _named(table, judge(table, ways), patches, diff)


def _composed(tables: Tables, patches: Sequence[Patch], repository: Repository) -> Judged:
    def diff(first: int, last: int, options: tuple[str, ...]) -> Changes:
        part = write_composed(repository, compose(patches[first - 1 : last]))
        return tuple(tree_changes(repository, part.before, part.after, *options))

    composition = compose(patches)
    trees = write_composed(repository, composition)
    added = summed(patches) or ()
    limits = Limits(
        trees.doubts,
        composition.unseen,
        composition.touched,
        composition.unseen | (composition.before.keys() ^ composition.after.keys()),
        added,
        composition.bounds,
    )
    ways = list(
        _ways(tables, lambda options: tree_changes(repository, trees.before, trees.after, *options))
    )
    if not any(agrees(table, ways[-1]) for table in tables):
        ways += [own_counts(changes, patches, composition.touched) for changes in ways]
    table = _the_one(tables, ways)
    return table, _named(table, judge(table, ways, limits), patches, diff)


def _the_one(tables: Tables, ways: Sequence[Changes]) -> Diffstat:
    """The table that is nearest to what the series does; the last one, if others are no nearer."""
    return min(tables, key=lambda table: min(distance(table, changes) for changes in ways))


def _ways(tables: Tables, diff: Callable[[tuple[str, ...]], Changes]) -> Iterator[Changes]:
    """git's default diff of base and tip, then other ways of diffing until one agrees."""
    for options in WAYS_TO_DIFF:
        found = tuple(diff(options))
        yield found
        if any(agrees(table, found) for table in tables):
            return


def _named(
    table: Diffstat, judgement: Judgement, patches: Sequence[Patch], diff: _Diff
) -> Judgement:
    """Say what a wrong table is the table of: the sum of the patches, or some of them."""
    if agrees(table, judgement.changes):
        return judgement
    added = summed(patches)
    if added and agrees(table, added) and (judgement.contradictions or len(judgement.doubts) > 1):
        return replace(judgement, sum=True)
    if not judgement.contradictions:
        return judgement
    for first, last in likely_parts(table, patches):
        if any(agrees(table, diff(first, last, options)) for options in WAYS_TO_DIFF[:4]):
            return replace(judgement, part=(first, last))
    return judgement


def _verdict(table: Diffstat, judgement: Judgement) -> str:
    changes = judgement.changes
    if judgement.sum:
        return "the diffstat is the sum of the patches"
    if judgement.part:
        return f"the diffstat is that of patches {judgement.part[0]} to {judgement.part[1]}"
    if judgement.contradictions:
        return "the diffstat is not that of the patches"
    if any(arithmetic(table)):
        return "the diffstat contradicts itself"
    if judgement.doubts:
        return f"nothing in the diffstat is wrong, {len(judgement.doubts)} lines are undecided"
    return (
        f"diffstat and patches agree: {_count(len(changes), 'file')}, "
        f"{_count(sum(change.added or 0 for change in changes), 'insertion')}, "
        f"{_count(sum(change.removed or 0 for change in changes), 'deletion')}"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
