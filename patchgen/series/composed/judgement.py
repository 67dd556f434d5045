"""Judging a cover letter's diffstat: what is wrong with it, and what cannot be decided."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from patchgen.series.claims import (
    Contradiction,
    agrees,
    contradictions,
    paired,
    true_totals,
    wrong_rows,
    wrong_totals,
)
from patchgen.series.composed.bounds import Bounds
from patchgen.series.composed.composition import Doubt
from patchgen.series.diff.diffstat import Diffstat, FileChange, Row
from patchgen.series.model import Patch

Changes = tuple[FileChange, ...]
_PATCHES = "the patches"
_LEAST, _SHARE = 2, 8
"""How many lines less than in the sparse file git can find in the real one, at least or a share."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is not known of a series without its base, see `Composition`; and its patches' sum."""

    doubts: tuple[Doubt, ...]
    unseen: frozenset[str]
    touched: Mapping[str, int]
    one_sided: frozenset[str] = frozenset()
    sum: Changes = ()
    bounds: Mapping[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a table, and which of its lines cannot be held against anything.

    ``changes`` are those that come nearest to the table. ``sum`` says that it is the sum of the
    patches, ``part`` that it is that of the patches from one to another, counted from 1.
    """

    changes: Changes
    contradictions: tuple[Contradiction, ...] = ()
    doubts: tuple[Contradiction, ...] = ()
    sum: bool = False
    part: tuple[int, int] | None = None


def judge(table: Diffstat, ways: Sequence[Changes], limits: Limits | None = None) -> Judgement:
    """Hold ``table`` against what the series does, diffed in several ways.

    With ``limits``, the ways are of a composed series: what a base tree could still explain is a
    doubt then.
    """
    for changes in ways:
        if agrees(table, changes):
            return Judgement(changes, tuple(contradictions(table, changes, _PATCHES)))
    nearest = min(
        ways, key=lambda changes: distance(table, changes, limits.unseen if limits else ())
    )
    if limits is None:
        return Judgement(nearest, tuple(contradictions(table, nearest, _PATCHES)))
    wrong: list[Contradiction] = []
    doubtful: list[Contradiction] = []
    for found in wrong_rows(table, nearest, _PATCHES):
        reason = _doubt(found, table, nearest, ways, limits)
        if reason:
            doubtful.append(Contradiction(found.line, f"{found.message}: {reason}"))
        else:
            wrong.append(found)
    if table.rows and not wrong and not doubtful:
        wrong += contradictions(table, nearest, _PATCHES)
    elif table.totals != true_totals(nearest):
        wrong += _judged_totals(table, nearest, limits, wrong, doubtful)
    return Judgement(nearest, tuple(wrong), tuple(doubtful))


def distance(table: Diffstat, changes: Changes, unseen: Collection[str] = ()) -> int:
    """How much of ``table`` is not what ``changes`` do; files that are ``unseen`` aside."""
    rows = sum(wrong.path not in unseen for wrong in wrong_rows(table, changes, _PATCHES))
    return 2 * rows + (table.totals != true_totals(changes))


def _doubt(
    wrong: Contradiction,
    table: Diffstat,
    changes: Changes,
    ways: Sequence[Changes],
    limits: Limits,
) -> str | None:
    """Why a wrong row could be right after all."""
    pairs, _ = paired(table, changes)
    row, change = next(
        ((row, change) for row, change in pairs if row.line == wrong.line), (None, None)
    )
    if (limits.unseen or limits.doubts) and wrong.path in limits.one_sided:
        return "what it was renamed from or to is not all in the patches"
    if row is None:
        return None
    if change is None:
        if any(row.names(path) for path in limits.unseen):
            return "not all of the file is in the patches"
        return next((doubt.reason for doubt in limits.doubts if row.names(doubt.path)), None)
    if change.changes is None and limits.touched.get(change.path, 0) != 1:
        return "without the base tree it is not known what of it is binary"
    if row.changes is None or change.changes is None:
        return None
    counts = {other.changes for way in ways for other in way if other.path == change.path}
    if row.changes in counts:
        return "it is diffed in another way than the others"
    return _balanced(row, change, limits)


def _balanced(row: Row, change: FileChange, limits: Limits) -> str | None:
    """Lines that are alike can be matched in several ways, which adds to both sides alike.

    What git matches depends on how often a line is in the whole file, most with
    ``--diff-algorithm=histogram``, which can go as far as the sum of the patches.
    """
    if change.added is None or change.removed is None or row.changes is None:
        return None
    if limits.touched.get(change.path, 0) < 2:
        return None
    said, found = row.changes, change.added + change.removed
    least = abs(change.added - change.removed)
    most = max(found, next((one.changes or 0 for one in limits.sum if one.path == change.path), 0))
    if (said - found) % 2 or not found - _room(found) <= said <= most + _room(most) or said < least:
        return None
    if _impossible(row, said, limits.bounds.get(change.path)):
        return None
    if row.plus + row.minus == said and row.plus - row.minus != change.added - change.removed:
        return None
    if any(one.path == change.path and one.changes == said for one in limits.sum):
        return "without the base tree it cannot be told from the sum of the patches"
    return "without the base tree that is too small a difference to tell"


def _impossible(row: Row, said: int, known: Bounds | None) -> bool:
    """Whether no diff of the file can have so many changes; a row of a renamed one is another's."""
    if known is None or " => " in row.name or row.name.startswith("..."):
        return False
    return said < known.least or (known.most is not None and said > known.most)


def _room(lines: int) -> int:
    return max(_LEAST, lines // _SHARE)


def _judged_totals(
    table: Diffstat,
    changes: Changes,
    limits: Limits,
    wrong: Sequence[Contradiction],
    doubtful: list[Contradiction],
) -> Iterator[Contradiction]:
    """The summary line: insertions less deletions are known even where neither of them is."""
    binary = any(one.changes is None and limits.touched.get(one.path) != 1 for one in changes)
    if limits.doubts or limits.unseen or binary:
        return
    net = sum((change.added or 0) - (change.removed or 0) for change in changes)
    fits = table.files == len(changes) and table.insertions - table.deletions == net
    found = wrong_totals(table, changes, _PATCHES)
    if fits and not table.rows:
        overlap = any(limits.touched.get(change.path, 0) > 1 for change in changes)
        lines = sum(change.changes or 0 for change in changes)
        difference = abs(table.insertions + table.deletions - lines)
        if overlap and difference <= _room(lines):
            reason = "without the base tree that is too small a difference to tell"
            doubtful.append(Contradiction(found.line, f"{found.message}: {reason}"))
            return
    if not fits or (not wrong and not doubtful):
        yield found


def summed(patches: Iterable[Patch]) -> Changes | None:
    """What the patches do one after the other, file by file; None where they cannot be counted."""
    found: dict[str, FileChange] = {}
    for patch in patches:
        if patch.counts is None:
            return None
        for change in patch.counts:
            before = found.get(change.path)
            found[change.path] = _sum(before, change) if before else change
    return tuple(found.values())


def _sum(one: FileChange, other: FileChange) -> FileChange:
    if one.added is None or one.removed is None or other.added is None or other.removed is None:
        return FileChange(one.path, None, None)
    return FileChange(one.path, one.added + other.added, one.removed + other.removed)


def own_counts(changes: Changes, patches: Iterable[Patch], touched: Mapping[str, int]) -> Changes:
    """``changes`` with the patch's own counts for every file that one patch alone touches."""
    counts = {change.path: change for patch in patches for change in patch.counts or ()}
    return tuple(
        FileChange(change.path, own.added, own.removed, change.old_path)
        if (own := counts.get(change.path)) and touched.get(change.path) == 1
        else change
        for change in changes
    )
