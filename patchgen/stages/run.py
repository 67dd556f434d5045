"""Running the tests of every step that builds, and holding the series' claims against them."""

from collections.abc import Sequence
from pathlib import Path

from patchgen.building.outcome import StepBuild
from patchgen.checks.subjects import ClaimedSeries, TestedPatch
from patchgen.promises import Claim
from patchgen.report import MeasuredRow, ReportedCase, ReportedClaim, ReportedRun, Stage, Step
from patchgen.running.compare import ranges, unit_of, unmet
from patchgen.running.host import StepRun, run_tests
from patchgen.running.ktap import Outcome
from patchgen.running.plan import run_plan
from patchgen.series.model import Patch
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.trees.base import Base

_CRASHES = "crashes"


class StepRunner:
    """Runs the test program that the base tree names, where it names one and the user wants it."""

    def __init__(self, base: Base, objects: Path, wishes: Wishes, walls: bool) -> None:
        self._plan = run_plan(base.manifest or {})
        self._objects = objects
        self._walls = walls
        self._reason = "" if wishes.run else "turned off with --no-run"
        if self._plan is None:
            self._reason = "the base tree has no tests"
        self._base: StepRun | None = None
        self._tested: list[TestedPatch] = []
        self._not_run: list[int] = []

    def run(self, build: StepBuild, patch: Patch | None, progress: Progress) -> None:
        """Run the tests of a step, just built; without a patch it is the base."""
        if self._reason or self._plan is None:
            return
        program = self._objects / self._plan.program
        if not build.succeeded or not program.is_file():
            self._not_run.append(build.number)
            return
        progress(f"running the tests of {'the base' if patch is None else f'patch {build.number}'}")
        done = run_tests(build.number, program, self._plan.limits, self._walls)
        if patch is None:
            self._base = done
            if done.end or not done.tests.complete:
                self._reason = f"the base tree's tests {done.end or 'do not finish'}"
        elif self._base is not None:
            before = self._tested[-1].run if self._tested else self._base
            rules = self._plan.rules
            self._tested.append(TestedPatch(patch, done, before, self._base, rules))

    def report(self, claims: Sequence[Claim], facts: Facts) -> None:
        """Hand on what was learned, with the claims that hold and those that do not."""
        if self._base is None and not self._reason:
            self._reason = "the base tree does not build"
        if self._reason or self._base is None or self._plan is None:
            facts.skip(self._reason, "run")
            facts.claims += [
                _not_checked(claim, claim.not_checked or "not run") for claim in claims
            ]
            return
        runs = [self._base, *(tested.run for tested in self._tested)]
        for number in self._not_run:
            facts.skip(f"patch {number} does not build", f"run: patch {number}")
        facts.subjects += self._tested
        facts.stages.append(_stage(runs, self._walls))
        facts.runs += [_reported(run) for run in runs]
        facts.table += [
            MeasuredRow(row.title, unit_of(runs, row.metric), tuple(ranges(runs, row)))
            for row in self._plan.rows
        ]
        for claim in claims:
            if claim.expectation is None:
                facts.claims.append(_not_checked(claim, claim.not_checked))
                continue
            facts.subjects.append(ClaimedSeries(claim, self._base, tuple(self._tested)))
            facts.claims.append(self._verdict(claim, self._base))
        if claims:
            held = sum(claim.outcome == "held" for claim in facts.claims)
            checked = sum(claim.outcome != "not checked" for claim in facts.claims)
            summary = f"{held} of {checked} checked claims of the cover letter hold"
            facts.stages.append(Stage("claims", summary))

    def _verdict(self, claim: Claim, base: StepRun) -> ReportedClaim:
        due = [one.run for one in self._tested if one.patch.position >= claim.first_step]
        found = [unmet(claim, run, base) for run in due]
        detail = f"from step {claim.first_step} on"
        if any(wrong for wrong in found):
            return ReportedClaim(claim.says, "broken", detail)
        if not due or None in found or any(_outcome(run) == _CRASHES for run in due):
            return ReportedClaim(claim.says, "not checked", "not all steps were measured")
        return ReportedClaim(claim.says, "held", detail)


def _not_checked(claim: Claim, reason: str) -> ReportedClaim:
    return ReportedClaim(claim.says, "not checked", reason)


def _stage(runs: Sequence[StepRun], walls: bool) -> Stage:
    steps = tuple(Step(run.number, _outcome(run), _detail(run)) for run in runs)
    good = sum(step.outcome == "passes" for step in steps)
    where = "in a sandbox" if walls else "without a sandbox"
    return Stage("run", f"the tests of {good} of {len(runs)} trees pass, {where}", steps)


def _outcome(run: StepRun) -> str:
    if run.end or not run.tests.complete:
        return _CRASHES
    failed = any(case.outcome is Outcome.FAILED for case in run.tests.cases)
    return "fails" if failed else "passes"


def _detail(run: StepRun) -> str:
    counts = {
        outcome: sum(case.outcome is outcome for case in run.tests.cases) for outcome in Outcome
    }
    return ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)


def _reported(run: StepRun) -> ReportedRun:
    cases = (
        ReportedCase(
            case.name,
            case.outcome.value,
            tuple((metric.name, metric.value, metric.unit) for metric in case.metrics),
        )
        for case in run.tests.cases
    )
    return ReportedRun(run.number, tuple(cases))
