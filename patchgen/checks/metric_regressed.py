"""metric-regressed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.running.compare import unit_of
from patchgen.running.plan import MetricRule
from patchgen.running.step import StepRun


@check(TestedPatch, Severity.ERROR)
def metric_regressed(tested: TestedPatch) -> Iterator[Problem]:
    """A metric is worse than at the base, by more than the tree tolerates.

    Why: tests can pass while things get slower or dearer. The base tree's patchgen.toml says which
    metrics count, which way is better and how much may be lost. A patch is blamed for scenarios
    that were not worse before it.

    Bad:
        # metric: ticks-lost 2 ticks
        (and 0 ticks at the base)

    Good:
        # metric: ticks-lost 0 ticks
    """
    for rule in tested.rules:
        already = _worse(rule, tested.before, tested.base)
        worse = {
            name: value
            for name, value in _worse(rule, tested.run, tested.base).items()
            if name not in already
        }
        if worse:
            name, (value, base) = next(iter(worse.items()))
            unit = unit_of([tested.run], rule.name)
            more = f"; {len(worse) - 1} more scenarios are worse" if len(worse) > 1 else ""
            yield Problem(
                f'{rule.name} is {value:g} {unit} in "{name}", {base:g} at the base{more}',
                Location(tested.patch.file, tested.patch.subject_line, tested.patch.position),
                f"better is {rule.better}, tolerated are {rule.tolerance:g}",
            )


def _worse(rule: MetricRule, run: StepRun, base: StepRun) -> dict[str, tuple[float, float]]:
    """The scenarios in which the metric has regressed: its value there, and the base's."""
    known = base.metrics.get(rule.name, {})
    return {
        name: (value, known[name])
        for name, value in run.metrics.get(rule.name, {}).items()
        if name in known and rule.worse(value, known[name])
    }
