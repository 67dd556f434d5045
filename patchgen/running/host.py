"""Running a step's test program on this machine."""

from pathlib import Path

from patchgen.running.console import splats_in
from patchgen.running.ending import killed_by
from patchgen.running.ktap import parse_ktap
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits, Sandbox, run_confined


def run_tests(number: int, program: Path, limits: Limits, walls: bool) -> StepRun:
    """Run ``program``, which speaks KTAP, in its directory; within ``walls`` it cannot write.

    It may be a kernel, such as User Mode Linux: what that reports is understood, too.
    """
    absolute = program.resolve()
    sandbox = Sandbox(absolute.parent, limits=limits)
    done = run_confined([str(absolute)], sandbox, walls)
    output = done.output.decode("utf-8", "replace")
    end = done.stopped or killed_by(done.status)
    return StepRun(number, parse_ktap(output), end, output, splats_in(output))
