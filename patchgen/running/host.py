"""Running a step's test program on this machine."""

import signal
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from patchgen.running.ktap import TestRun, parse_ktap
from patchgen.sandbox import Limits, Sandbox, run_confined


@dataclass(frozen=True)
class StepRun:
    """What came of running the tests of one step: 0 is the base.

    ``end`` says in words how the program ended if it did not end well: by a signal, at a
    limit; None if it exited, whatever its exit code.
    """

    number: int
    tests: TestRun
    end: str | None
    output: str

    @cached_property
    def metrics(self) -> dict[str, dict[str, float]]:
        """Everything measured: by metric, then by the full name of the case."""
        found: dict[str, dict[str, float]] = {}
        for case in self.tests.cases:
            for metric in case.metrics:
                found.setdefault(metric.name, {})[case.name] = metric.value
        return found


def run_tests(number: int, program: Path, limits: Limits, walls: bool) -> StepRun:
    """Run ``program``, which speaks KTAP, in its directory; within ``walls`` it cannot write."""
    absolute = program.resolve()
    sandbox = Sandbox(absolute.parent, limits=limits)
    done = run_confined([str(absolute)], sandbox, walls)
    output = done.output.decode("utf-8", "replace")
    return StepRun(number, parse_ktap(output), done.stopped or _signal(done.status), output)


def _signal(status: int) -> str | None:
    """In words, which signal ended a program; a shell's and bubblewrap's way to say it, too."""
    if 0 <= status <= 128:
        return None
    number = status - 128 if status > 128 else -status
    try:
        return f"was killed by {signal.Signals(number).name}"
    except ValueError:
        return f"ended with status {status}"
