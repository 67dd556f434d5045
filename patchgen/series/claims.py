"""Holding a diffstat against what a diff really does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchgen.series.diff.diffstat import (
    POSTED_WIDTHS,
    Diffstat,
    FileChange,
    Row,
    bars,
    shown_name,
    totals,
)

_LEAST_ROOM = 6
"""The width of a bar that git never goes below, from ``show_stats()`` in its diff.c."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A line of a diffstat that is not true, and why; ``path`` if it is about one file."""

    line: int
    message: str
    path: str | None = None


def agrees(table: Diffstat, changes: Sequence[FileChange]) -> bool:
    """Whether rows and summary say just what ``changes`` do, bars aside."""
    return next(wrong_rows(table, changes, "diff"), None) is None and table.totals == true_totals(
        changes
    )


def contradictions(
    table: Diffstat, changes: Sequence[FileChange], what: str
) -> Iterator[Contradiction]:
    """Every line of ``table`` that does not say what ``changes`` do.

    ``what`` names the side of reality in messages: "the diff", "the patches". Bars with a mark
    for every change are held against git's; for others see `wrong_scale`. What `arithmetic` says
    of a table whose rows are right is not said again.
    """
    wrong = list(wrong_rows(table, changes, what))
    yield from wrong
    own = {fault.line for fault in arithmetic(table)} if not wrong else set()
    if table.totals != true_totals(changes) and table.line not in own:
        yield wrong_totals(table, changes, what)
    if not wrong and not _scaled(table):
        yield from (fault for fault in _wrong_bars(table, changes) if fault.line not in own)


def wrong_scale(table: Diffstat, changes: Sequence[FileChange]) -> Iterator[Contradiction]:
    """Bars that are too short to have a mark for every change, and not as git shortens them.

    They are held against git's at all widths people post. Nothing is said of rows that are not
    those of ``changes``, nor of bars that contradict their own numbers.
    """
    if _scaled(table) and not any(arithmetic(table)) and not any(wrong_rows(table, changes, "")):
        yield from _wrong_bars(table, changes)


def _scaled(table: Diffstat) -> bool:
    """Whether bars are shortened, which git does only to more marks than it always has room for."""
    biggest = max((row.changes or 0 for row in table.rows), default=0)
    short = any(row.plus + row.minus < (row.changes or 0) for row in table.rows)
    return short and biggest > _LEAST_ROOM


def wrong_totals(table: Diffstat, changes: Sequence[FileChange], what: str) -> Contradiction:
    """That the summary line does not say what ``changes`` do in all."""
    return Contradiction(
        table.line,
        f'diffstat says "{table.totals}", {what} {_have(what)} "{true_totals(changes)}"',
    )


def arithmetic(table: Diffstat) -> Iterator[Contradiction]:
    """Where a table contradicts itself: needs no diff."""
    if not table.rows:
        return
    if len(table.rows) != table.files:
        yield Contradiction(
            table.line, f"diffstat says {table.files} files changed, it lists {len(table.rows)}"
        )
    listed = sum(row.changes or 0 for row in table.rows)
    counted = table.insertions + table.deletions
    if listed != counted:
        yield Contradiction(
            table.line,
            f"diffstat says {counted} insertions and deletions, its rows add up to {listed}",
        )
    yield from _bars_against_numbers(table)


def _bars_against_numbers(table: Diffstat) -> Iterator[Contradiction]:
    """git draws as many marks as there are changes, or fewer in all rows if they are too many."""
    if not table.drawn_by_git:
        return
    biggest = max((row.changes or 0 for row in table.rows), default=0)
    longest = max((row.plus + row.minus for row in table.rows), default=0)
    for row in table.rows:
        bar, count = row.plus + row.minus, row.changes or 0
        scaled = longest < biggest and bar and bar <= count
        if not row.bar_in_order:
            message = f'diffstat draws "-" before "+" for "{row.name}", git never does'
            yield Contradiction(row.line, message)
        elif bar != count and not scaled:
            yield Contradiction(
                row.line, f'diffstat says {_changes(count)} in "{row.name}", its bar has {bar}'
            )


def _have(what: str) -> str:
    return "have" if what.endswith("s") else "has"


def true_totals(changes: Sequence[FileChange]) -> str:
    """The summary line that git prints for ``changes``."""
    return totals(
        len(changes),
        sum(change.added or 0 for change in changes),
        sum(change.removed or 0 for change in changes),
    )


def paired(
    table: Diffstat, changes: Sequence[FileChange]
) -> tuple[list[tuple[Row, FileChange | None]], list[FileChange]]:
    """Each row with its file, and the files without a row."""
    left = list(changes)
    pairs: list[tuple[Row, FileChange | None]] = []
    for row in table.rows:
        match = next((change for change in left if _says(row, change)), None)
        if match:
            left.remove(match)
        pairs.append((row, match))
    return pairs, left


def _says(row: Row, change: FileChange) -> bool:
    """Whether the row can stand for the change, whatever braces and arrows are in its paths."""
    if row.names(change.path):
        return True
    return change.old_path is not None and row.name == shown_name(change)


def wrong_rows(
    table: Diffstat, changes: Sequence[FileChange], what: str
) -> Iterator[Contradiction]:
    """Rows with a wrong number, files that are not touched, and files that are not listed."""
    if not table.rows:
        return
    pairs, unlisted = paired(table, changes)
    for row, change in pairs:
        if change is None:
            yield Contradiction(
                row.line, f'diffstat lists "{row.name}", {what} {_do(what)} not touch it', row.path
            )
        elif row.changes is None and change.changes == 0:
            continue  # a binary file that is only moved: its kind is not in the diff
        elif row.changes != change.changes:
            yield Contradiction(
                row.line,
                f'diffstat says {_changes(row.changes)} in "{change.path}", {what} {_have(what)} '
                f"{_number(change.changes)}",
                change.path,
            )
    for change in unlisted:
        yield Contradiction(
            table.line,
            f'diffstat does not list "{change.path}", {what} {_change(what)} it',
            change.path,
        )


def _do(what: str) -> str:
    return "do" if what.endswith("s") else "does"


def _change(what: str) -> str:
    return "change" if what.endswith("s") else "changes"


def _number(count: int | None) -> str:
    return "a binary change" if count is None else str(count)


def _changes(count: int | None) -> str:
    return "a binary change" if count is None else f"{count} change{'' if count == 1 else 's'}"


def _wrong_bars(table: Diffstat, changes: Sequence[FileChange]) -> Iterator[Contradiction]:
    if not table.drawn_by_git:
        return
    pairs, _ = paired(table, changes)
    matched = [change for _, change in pairs if change is not None]
    notes = [row.note for row, _ in pairs]
    drawn = [(row.plus, row.minus) for row, _ in pairs]
    candidates: list[tuple[tuple[int, int], ...]] = []
    for width in POSTED_WIDTHS:
        candidates.append(bars(matched, width, notes))
        if list(candidates[-1]) == drawn:
            return
    best = max(candidates, key=lambda bar: sum(a == b for a, b in zip(bar, drawn, strict=True)))
    for (row, _), right in zip(pairs, best, strict=True):
        if (row.plus, row.minus) != right:
            yield Contradiction(
                row.line,
                f'diffstat draws {row.plus} "+" and {row.minus} "-" for "{row.name}", git draws '
                f"{right[0]} and {right[1]}",
            )
