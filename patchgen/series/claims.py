"""Holding a diffstat against what a diff really does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchgen.series.diffstat import POSTED_WIDTHS, Diffstat, FileChange, Row, bars, totals


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A line of a diffstat that is not true, and why."""

    line: int
    message: str


def agrees(table: Diffstat, changes: Sequence[FileChange]) -> bool:
    """Whether rows and summary say just what ``changes`` do, bars aside."""
    return next(_wrong_rows(table, changes, "diff"), None) is None and table.totals == _true_totals(
        changes
    )


def contradictions(
    table: Diffstat, changes: Sequence[FileChange], what: str
) -> Iterator[Contradiction]:
    """Every line of ``table`` that does not say what ``changes`` do.

    ``what`` names the side of reality in messages: "the diff", "the patches". Bars are held
    against git's own at all widths people post.
    """
    wrong = list(_wrong_rows(table, changes, what))
    yield from wrong
    if table.totals != _true_totals(changes):
        yield Contradiction(
            table.line,
            f'diffstat says "{table.totals}", {what} {_have(what)} "{_true_totals(changes)}"',
        )
    if not wrong:
        yield from _wrong_bars(table, changes)


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


def _have(what: str) -> str:
    return "have" if what.endswith("s") else "has"


def _true_totals(changes: Sequence[FileChange]) -> str:
    return totals(
        len(changes),
        sum(change.added or 0 for change in changes),
        sum(change.removed or 0 for change in changes),
    )


def _pairs(
    table: Diffstat, changes: Sequence[FileChange]
) -> tuple[list[tuple[Row, FileChange | None]], list[FileChange]]:
    """Each row with its file, and the files without a row."""
    left = list(changes)
    pairs: list[tuple[Row, FileChange | None]] = []
    for row in table.rows:
        match = next((change for change in left if row.names(change.path)), None)
        if match:
            left.remove(match)
        pairs.append((row, match))
    return pairs, left


def _wrong_rows(
    table: Diffstat, changes: Sequence[FileChange], what: str
) -> Iterator[Contradiction]:
    if not table.rows:
        return
    pairs, unlisted = _pairs(table, changes)
    for row, change in pairs:
        if change is None:
            yield Contradiction(
                row.line, f'diffstat lists "{row.name}", {what} {_do(what)} not touch it'
            )
        elif row.changes != change.changes:
            yield Contradiction(
                row.line,
                f'diffstat says {_changes(row.changes)} in "{change.path}", {what} {_have(what)} '
                f"{_number(change.changes)}",
            )
    for change in unlisted:
        yield Contradiction(
            table.line, f'diffstat does not list "{change.path}", {what} {_change(what)} it'
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
    pairs, _ = _pairs(table, changes)
    matched = [change for _, change in pairs if change is not None]
    drawn = [(row.plus, row.minus) for row, _ in pairs]
    candidates = [bars(matched, width) for width in POSTED_WIDTHS]
    best = max(candidates, key=lambda bar: sum(a == b for a, b in zip(bar, drawn, strict=True)))
    for (row, _), right in zip(pairs, best, strict=True):
        if not row.bar_in_order:
            message = f'diffstat draws "-" before "+" for "{row.name}", git never does'
            yield Contradiction(row.line, message)
        elif (row.plus, row.minus) != right:
            yield Contradiction(
                row.line,
                f'diffstat draws {row.plus} "+" and {row.minus} "-" for "{row.name}", git draws '
                f"{right[0]} and {right[1]}",
            )
