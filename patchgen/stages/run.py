"""Running the tests of every step that builds, and holding the series' claims against them."""

from collections.abc import Sequence
from pathlib import Path

from patchgen.building.outcome import StepBuild
from patchgen.checks.subjects import ClaimedSeries, TestedPatch
from patchgen.promises import Claim
from patchgen.report import MeasuredRow, ReportedCase, ReportedClaim, ReportedRun, Stage, Step
from patchgen.running.compare import out_of_reach, ranges, unit_of, unmet
from patchgen.running.host import run_tests
from patchgen.running.ktap import Outcome
from patchgen.running.plan import RunPlan, run_plan
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits
from patchgen.series.model import Patch
from patchgen.stages.boot import BootTests
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.trees.base import Base

_CRASHES = "crashes"


class HostTests:
    """The test program that the base tree names, run on this machine.

    ``reason`` says why it is not, empty when it is; ``plan`` how its results are read.
    """

    doing = "running the tests of"
    done = "the tests of {} of {} trees pass"

    def __init__(self, base: Base, objects: Path, wishes: Wishes, walls: bool) -> None:
        plan = run_plan(base.manifest or {})
        self.reason = "" if wishes.run else "turned off with --no-run"
        if plan is None:
            self.reason = "the base tree has no tests"
        self.plan = plan or RunPlan("", Limits(), (), ())
        self._objects = objects
        self._walls = walls

    def left_out(self, _: int) -> str | None:
        """Why a step is not run; all are."""
        return None

    def run(self, number: int) -> StepRun | None:
        """The run of a step that was just built; None if it has no such program."""
        program = self._objects / self.plan.program
        if not program.is_file():
            return None
        return run_tests(number, program, self.plan.limits, self._walls)


class StepRunner:
    """Runs the tests of each step that builds, on this machine or in a booted kernel."""

    def __init__(self, tests: HostTests | BootTests, walls: bool) -> None:
        self._tests = tests
        self._walls = walls
        self._reason = tests.reason
        self._base: StepRun | None = None
        self._tested: list[TestedPatch] = []
        self._not_run: dict[int, str] = {}

    def run(self, build: StepBuild, patch: Patch | None, progress: Progress) -> None:
        """Run the tests of a step, just built; without a patch it is the base."""
        if self._reason:
            return
        left_out = self._tests.left_out(build.number)
        if left_out or not build.succeeded:
            self._not_run[build.number] = left_out or f"patch {build.number} does not build"
            return
        what = "the base" if patch is None else f"patch {build.number}"
        progress(f"{self._tests.doing} {what}")
        done = self._tests.run(build.number)
        if done is None:
            self._not_run[build.number] = f"patch {build.number} makes nothing to run"
            if patch is None:
                self._reason = self._tests.reason or "the base tree makes nothing to run"
        elif patch is None:
            self._base = done
            if done.end or not done.tests.complete:
                self._reason = f"the base tree's tests: {done.end or done.tests.faults[0]}"
        elif self._base is not None:
            before = self._tested[-1].run if self._tested else self._base
            rules = self._tests.plan.rules
            self._tested.append(TestedPatch(patch, done, before, self._base, rules))

    def report(self, claims: Sequence[Claim], facts: Facts) -> None:
        """Hand on what was learned, with the claims that hold and those that do not."""
        if self._base is None and not self._reason:
            self._reason = "the base tree does not build"
        if self._reason or self._base is None:
            facts.skip(self._reason, "run")
            facts.claims += [
                _not_checked(claim, claim.not_checked or "not run") for claim in claims
            ]
            return
        runs = [self._base, *(tested.run for tested in self._tested)]
        for number, reason in self._not_run.items():
            facts.skip(reason, f"run: patch {number}")
        facts.subjects += self._tested
        facts.stages.append(_stage(runs, self._tests.done, self._walls))
        facts.runs += [_reported(run) for run in runs]
        facts.table += [
            MeasuredRow(row.title, unit_of(runs, row.metric), tuple(ranges(runs, row)))
            for row in self._tests.plan.rows
        ]
        for claim in claims:
            reason = claim.not_checked or out_of_reach(claim, runs)
            if reason:
                facts.claims.append(_not_checked(claim, reason))
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


def _stage(runs: Sequence[StepRun], done: str, walls: bool) -> Stage:
    steps = tuple(Step(run.number, _outcome(run), _detail(run)) for run in runs)
    good = sum(step.outcome == "passes" for step in steps)
    where = "in a sandbox" if walls else "without a sandbox"
    return Stage("run", f"{done.format(good, len(runs))}, {where}", steps)


def _outcome(run: StepRun) -> str:
    if run.end or not run.tests.complete or any(one.trouble.is_fatal for one in run.splats):
        return _CRASHES
    failed = any(case.outcome is Outcome.FAILED for case in run.tests.cases)
    return "fails" if failed else "passes"


def _detail(run: StepRun) -> str:
    counts = {
        outcome: sum(case.outcome is outcome for case in run.tests.cases) for outcome in Outcome
    }
    parts = [f"{count} {outcome.value}" for outcome, count in counts.items() if count]
    if run.splats:
        count = len(run.splats)
        parts.append(f"{count} report{'' if count == 1 else 's'} of the kernel")
    return ", ".join(parts)


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
