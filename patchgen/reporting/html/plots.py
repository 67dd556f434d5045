"""Metrics as small plots next to each other, one for each row of the table, all by step."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from patchgen.report import MeasuredRow, Report
from patchgen.reporting.html.elements import Element, element
from patchgen.reporting.html.pieces import table

_WIDTH, _HEIGHT = 280, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 244, 26, 118
_MOST_LABELS = 5
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})(?:\.\.({_NUMBER}))?")


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    low: float
    high: float


def metrics(report: Report) -> Element:
    """The plots, and the same numbers as a table."""
    heads = [step_name(run.number) for run in report.runs]
    plots = element("div", *(_plot(row, heads) for row in report.table), class_="plots")
    rows = (
        element(
            "tr",
            element("th", row.title + (f" [{row.unit}]" if row.unit else ""), scope="row"),
            *(element("td", value, class_="number") for value in row.values),
        )
        for row in report.table
    )
    return element("div", plots, table("The same, in numbers", ["metric", *heads], rows))


def step_name(number: int) -> str:
    """``base``, or the patch after which something was looked at."""
    return "base" if number == 0 else f"patch {number}"


def _cells(row: MeasuredRow) -> list[_Cell | None]:
    """Where each value lies; None where nothing was measured."""
    cells: list[_Cell | None] = []
    for text in row.values:
        match = _RANGE.fullmatch(text)
        if text == "as base" and cells and cells[0]:
            cells.append(_Cell(text, cells[0].low, cells[0].high))
        elif match:
            low = float(match[1])
            cells.append(_Cell(text, low, float(match[2]) if match[2] else low))
        else:
            cells.append(None)
    return cells


def _plot(row: MeasuredRow, heads: Sequence[str]) -> Element:
    cells = _cells(row)
    known = [cell for cell in cells if cell]
    top = max([*(cell.high for cell in known), 0.0]) or 1.0
    bottom = min([*(cell.low for cell in known), 0.0])
    gap = (_RIGHT - _LEFT) / max(len(cells) - 1, 1)
    labelled = len(cells) <= _MOST_LABELS

    def down(value: float) -> float:
        return _BOTTOM - (value - bottom) / (top - bottom) * (_BOTTOM - _TOP)

    marks: list[Element] = [
        element("line", x1=_LEFT - 24, x2=_RIGHT + 24, y1=_at(down(0)), y2=_at(down(0)),
                class_="axis"),
        *_joins(cells, gap, down),
    ]  # fmt: skip
    for index, cell in enumerate(cells):
        x = _at(_LEFT + index * gap)
        if labelled or index in (0, len(cells) - 1):
            name = heads[index].removeprefix("patch ") if labelled else heads[index]
            marks.append(
                element("text", name, x=x, y=_HEIGHT - 8, text_anchor="middle", class_="tick")
            )
        if cell is None:
            continue
        if cell.low != cell.high:
            ends = {"y1": _at(down(cell.low)), "y2": _at(down(cell.high))}
            marks.append(element("line", x1=x, x2=x, class_="span", **ends))
        else:
            marks.append(element("circle", cx=x, cy=_at(down(cell.low)), r=4, class_="point"))
        if labelled:
            y = _at(down(cell.high) - 9)
            marks.append(element("text", cell.text, x=x, y=y, text_anchor="middle"))
    said = ", ".join(f"{head}: {text}" for head, text in zip(heads, row.values, strict=False))
    unit = f" [{row.unit}]" if row.unit else ""
    svg = element(
        "svg", *marks, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img",
        aria_label=f"{row.title}{unit}: {said}",
    )  # fmt: skip
    return element("figure", element("figcaption", row.title + unit), svg)


def _joins(
    cells: Sequence[_Cell | None], gap: float, down: Callable[[float], float]
) -> list[Element]:
    """Lines between the middles of neighbours; where something is missing there is none."""
    joins = []
    for index, (one, other) in enumerate(pairwise(cells)):
        if one and other:
            ends = {
                "x1": _at(_LEFT + index * gap),
                "y1": _at(down((one.low + one.high) / 2)),
                "x2": _at(_LEFT + (index + 1) * gap),
                "y2": _at(down((other.low + other.high) / 2)),
            }
            joins.append(element("line", class_="join", **ends))
    return joins


def _at(value: float) -> str:
    return f"{value:.1f}"
