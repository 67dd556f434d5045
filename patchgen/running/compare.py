"""The runs of all steps next to each other."""

from collections.abc import Iterator, Sequence

from patchgen.promises import Claim
from patchgen.running.ktap import Case, Outcome
from patchgen.running.plan import TableRow
from patchgen.running.step import StepRun


def cases_by_name(run: StepRun) -> dict[str, Case]:
    """The cases of a run."""
    return {case.name: case for case in run.tests.cases}


def unmet(claim: Claim, run: StepRun, base: StepRun) -> dict[str, tuple[float, float]] | None:
    """The scenarios in which a claim that can be checked does not hold: measured, and the base's.

    None when the run measures nothing of what the claim is about.
    """
    known = base.metrics.get(claim.metric, {})
    values = _measured(claim, run)
    if not values or claim.expectation is None:
        return None
    return {
        name: (value, known.get(name, value))
        for name, value in values.items()
        if not claim.expectation.met(value, known.get(name, value))
    }


def out_of_reach(claim: Claim, runs: Sequence[StepRun]) -> str:
    """Why these runs say nothing of what a claim is about, whatever it says; empty if they do.

    The first is the base's. Tests on another machine, or of another tree, have other scenarios,
    and measure other things there. A metric that is missing where a claim does not hold of the
    base is another matter: the series may have to bring it.
    """
    meant = [case for run in runs for case in run.tests.cases if claim.scenarios.hold(case.name)]
    if not meant:
        return "what was run has no such scenarios"
    if all(case.outcome is Outcome.SKIPPED for case in meant):
        return f"its scenarios were skipped: {meant[0].reason}".removesuffix(": ")
    if claim.first_step == 0 and not _measured(claim, runs[0]):
        return f"nothing measures {claim.metric} there"
    return ""


def _measured(claim: Claim, run: StepRun) -> dict[str, float]:
    measured = run.metrics.get(claim.metric, {}).items()
    return {name: value for name, value in measured if claim.scenarios.hold(name)}


def unit_of(runs: Sequence[StepRun], metric: str) -> str:
    """The unit in which a metric is given, empty when nothing measured it."""
    units = (
        found.unit
        for run in runs
        for case in run.tests.cases
        for found in case.metrics
        if found.name == metric
    )
    return next(units, "")


def ranges(runs: Sequence[StepRun], row: TableRow) -> Iterator[str]:
    """A row's cell for every run: a value, ``low..high``, or that it is as at the base.

    The first run is the base's.
    """
    base: dict[str, float] | None = None
    for run in runs:
        values = {
            name: value
            for name, value in run.metrics.get(row.metric, {}).items()
            if row.scenarios.hold(name)
        }
        if not values:
            yield "-"
        elif len(set(values.values())) == 1:
            yield f"{next(iter(values.values())):g}"
        elif values == base:
            yield "as base"
        else:
            yield f"{min(values.values()):g}..{max(values.values()):g}"
        base = values if base is None else base
