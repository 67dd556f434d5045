"""The pipeline: what each stage says about each step, a row for every step."""

from collections.abc import Iterator

from patchgen.report import Report
from patchgen.reporting.examined import findings_at, not_examined, step_of
from patchgen.reporting.html.elements import Child, Element, element
from patchgen.reporting.html.pieces import badge, table

_STAGES = ("apply", "build", "run")


def pipeline(report: Report) -> Element:
    """What the stages say, and the strip of every step."""
    stages = [
        element("li", element("strong", f"{stage.name}: "), stage.summary)
        for stage in report.stages
    ]
    heads = ["step", "summary", *_columns(report), "findings"]
    strip = table("What came of each step", heads, _rows(report), "strip")
    return element("div", element("ul", *stages, class_="list"), strip)


def _columns(report: Report) -> tuple[str, ...]:
    """The stages we know of, and others that speak of steps, after the one they come after."""
    columns = [*_STAGES]
    before = ""
    for stage in report.stages:
        if stage.steps and stage.name not in columns:
            columns.insert(columns.index(before) + 1 if before in columns else 0, stage.name)
        before = stage.name
    return tuple(columns)


def _rows(report: Report) -> Iterator[Element]:
    columns = _columns(report)
    if any(step_of(report, stage, 0) for stage in columns):
        cells = (_cell(report, stage, 0) for stage in columns)
        name = element("td", report.base or "the base tree")
        yield element("tr", element("th", "base", scope="row"), name, *cells, element("td"))
    for patch in report.patches:
        link = element("a", patch.summary or "(no summary)", href=f"#patch-{patch.number}")
        cells = (_cell(report, stage, patch.number) for stage in columns)
        yield element(
            "tr",
            element("th", str(patch.number), scope="row"),
            element("td", link),
            *cells,
            element("td", *severities(report, patch.number)),
        )


def _cell(report: Report, stage: str, number: int) -> Element:
    step = step_of(report, stage, number)
    if step:
        detail = element("div", step.detail, class_="quiet") if step.detail else None
        return element("td", badge(step.outcome), detail)
    if number == 0:
        return element("td")
    reason = not_examined(report, stage, number) or "no result"
    return element("td", element("span", badge("not done"), title=reason))


def severities(report: Report, number: int) -> list[Child]:
    """A badge for each severity that patch ``number`` (0: letter and series) has findings of."""
    found = [str(finding.severity) for finding in findings_at(report, number)]
    badges: list[Child] = []
    for severity in ("error", "warning", "note"):
        if count := found.count(severity):
            badges += [badge(f"{count} {severity}{'' if count == 1 else 's'}", severity), " "]
    return badges
