"""Holding the cover letter against the tree."""

from collections.abc import Iterator

from patchgen.checks.subjects import CoveredSeries
from patchgen.report import Stage
from patchgen.series.claims import agrees
from patchgen.series.diffstat import Diffstat, FileChange
from patchgen.series.model import Series
from patchgen.stages.facts import Facts
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.changes import WAYS_TO_DIFF, tree_changes

_DIFFSTAT, _SHORTLOG = "cover-diffstat-mismatch", "shortlog-mismatch"


def cover_stage(series: Series, applied: AppliedSeries | None, facts: Facts) -> None:
    """Find out what the series does to the base tree, and hand it on with the letter."""
    if series.cover is None:
        facts.skip("the series has no cover letter", _DIFFSTAT, _SHORTLOG)
        return
    if series.part:
        facts.skip(series.part, _DIFFSTAT, _SHORTLOG)
        return
    table = series.cover.diffstat
    if table is None:
        facts.skip("the cover letter has no diffstat", _DIFFSTAT)
    if series.cover.shortlog is None:
        facts.skip("the cover letter has no shortlog", _SHORTLOG)
    changes = None
    if table and applied and not applied.refusal:
        changes = tuple(_net_changes(applied, table))
        facts.stages.append(Stage("cover", _verdict(table, changes)))
    elif table:
        reason = "the series does not apply" if applied else "no base tree"
        facts.skip(f"{reason}: only the table's own arithmetic was checked", _DIFFSTAT)
    facts.subjects.append(CoveredSeries(series, series.cover, changes))


def _net_changes(applied: AppliedSeries, table: Diffstat) -> Iterator[tuple[FileChange, ...]]:
    """git's default diff of base and tip, then other ways of diffing until one agrees."""
    for options in WAYS_TO_DIFF:
        found = tree_changes(applied.repository, applied.base_tree, applied.tip, *options)
        yield found
        if agrees(table, found):
            return


def _verdict(table: Diffstat, tried: tuple[tuple[FileChange, ...], ...]) -> str:
    last = tried[-1]
    if not agrees(table, last):
        return "the diffstat is not that of the patches"
    how = ", diffed in another way than git's default" if len(tried) > 1 else ""
    return (
        f"diffstat and patches agree: {_count(len(last), 'file')}, "
        f"{_count(sum(change.added or 0 for change in last), 'insertion')}, "
        f"{_count(sum(change.removed or 0 for change in last), 'deletion')}{how}"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
