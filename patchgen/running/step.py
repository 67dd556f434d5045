"""What came of running a step, wherever it ran."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from patchgen.running.console import Splat
from patchgen.running.ktap import TestRun


@dataclass(frozen=True)
class StepRun:
    """What came of running the tests of one step: 0 is the base.

    ``end`` says in words how the program ended if it did not end well: by a signal, at a
    limit; None if it exited, whatever its exit code. ``splats`` is what a kernel reported
    meanwhile.
    """

    number: int
    tests: TestRun
    end: str | None
    output: str
    splats: tuple[Splat, ...] = ()

    @cached_property
    def metrics(self) -> dict[str, dict[str, float]]:
        """Everything measured: by metric, then by the full name of the case."""
        found: dict[str, dict[str, float]] = {}
        for case in self.tests.cases:
            for metric in case.metrics:
                found.setdefault(metric.name, {})[case.name] = metric.value
        return found


def below(name: str, run: StepRun) -> StepRun:
    """The run with ``name`` before the names of all its cases."""
    tests = run.tests
    cases = tuple(replace(case, name=f"{name}/{case.name}") for case in tests.cases)
    started = f"{name}/{tests.started}" if tests.started else name
    splats = tuple(replace(one, case=f"{name}/{one.case}") for one in run.splats)
    tests = replace(tests, cases=cases, started="" if tests.complete else started)
    return replace(run, tests=tests, splats=splats)


def together(runs: Iterable[StepRun]) -> StepRun:
    """Runs of the same step as one; at least one."""
    all_runs = tuple(runs)
    tests = TestRun(
        tuple(case for run in all_runs for case in run.tests.cases),
        tuple(fault for run in all_runs for fault in run.tests.faults),
        all(run.tests.complete for run in all_runs),
        next((run.tests.started for run in all_runs if not run.tests.complete), ""),
    )
    return StepRun(
        all_runs[0].number,
        tests,
        next((run.end for run in all_runs if run.end), None),
        "".join(run.output for run in all_runs),
        tuple(splat for run in all_runs for splat in run.splats),
    )
