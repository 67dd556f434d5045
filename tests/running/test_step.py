"""Several runs of a step as one."""

from patchgen.running.console import splats_in
from patchgen.running.ktap import parse_ktap
from patchgen.running.step import StepRun, below, together

WHOLE = "KTAP version 1\n1..1\n# metric: exits 3\nok 1 ticks\n"
HALF = "KTAP version 1\n1..2\n# case: ticks\nBUG: kernel NULL pointer dereference\n"


def made(output: str, end: str | None = None) -> StepRun:
    return StepRun(2, parse_ktap(output), end, output, splats_in(output))


def test_cases_and_reports_are_named_by_the_boot_they_are_of() -> None:
    run = together([below("plain", made(WHOLE)), below("kvm.x=1", made(HALF, "was stopped"))])
    assert run.number == 2
    assert run.metrics == {"exits": {"plain/ticks": 3.0}}
    assert not run.tests.complete
    assert run.tests.started == "kvm.x=1/ticks"
    assert run.end == "was stopped"
    assert [splat.case for splat in run.splats] == ["kvm.x=1/ticks"]


def test_runs_that_end_well_end_well_together() -> None:
    run = together([below("a", made(WHOLE)), below("b", made(WHOLE))])
    assert run.tests.complete
    assert run.tests.started == ""
    assert run.end is None
    assert [case.name for case in run.tests.cases] == ["a/ticks", "b/ticks"]
