"""The tests of every step, as far as there is something to say about them."""

from collections.abc import Iterator

from patchgen.report import Report, ReportedCase, ReportedRun
from patchgen.reporting.html.elements import Element, element
from patchgen.reporting.html.pieces import badge, table
from patchgen.reporting.html.plots import step_name

_MOST = 200
"""So many test cases of a step are listed."""


def tests(report: Report) -> Iterator[Element]:
    """Per step the cases that fail, and those that are not as at the base; all are too many."""
    base = {case.name: case for case in report.runs[0].cases}
    for run in report.runs:
        name = step_name(run.number)
        good = sum(case.outcome == "passed" for case in run.cases)
        heading = element("h3", f"{name}: {good} of {len(run.cases)} passed")
        inner = element("div", *_told(run, base), class_="inner")
        yield element("details", element("summary", heading), inner)


def _told(run: ReportedRun, base: dict[str, ReportedCase]) -> Iterator[Element]:
    told = [case for case in run.cases if case.outcome == "failed" or case != base.get(case.name)]
    if not told:
        same = "" if run.number == 0 else ", and all are as at the base"
        yield element("p", f"No test fails{same}.")
        return
    rows = (
        element(
            "tr",
            element("td", badge(case.outcome)),
            element("td", case.name),
            element("td", "; ".join(_changes(case, base.get(case.name)))),
        )
        for case in told[:_MOST]
    )
    caption = f"{len(told)} tests of {step_name(run.number)} fail or are not as at the base"
    yield table(caption, ["outcome", "test", "base → here"], rows)
    if len(told) > _MOST:
        yield element("p", f"{len(told) - _MOST} more are in the JSON report.")


def _changes(case: ReportedCase, before: ReportedCase | None) -> Iterator[str]:
    """What is not as before: the outcome, and every metric that has another value."""
    if before is None:
        yield "not at the base"
        return
    if before.outcome != case.outcome:
        yield f"{before.outcome} → {case.outcome}"
    known = {name: value for name, value, _ in before.metrics}
    for name, value, unit in case.metrics:
        if known.get(name) != value:
            was = f"{known[name]:.10g}" if name in known else "nothing"
            yield f"{name} {was} → {value:.10g} {unit}".rstrip()
