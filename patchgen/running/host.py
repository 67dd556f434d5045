"""Running a step's test program on this machine: within limits, in a sandbox if there is one."""

import shutil
import signal
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from patchgen.process import Completed, run
from patchgen.running.ktap import TestRun, parse_ktap

_OUTPUT_LIMIT = 64 << 20
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
_NOTHING_SHARED = ("--unshare-all", "--die-with-parent", "--new-session")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a test program may use: seconds, and bytes of memory."""

    seconds: float = 60.0
    memory: int = 1 << 30


@dataclass(frozen=True)
class StepRun:
    """What came of running the tests of one step: 0 is the base.

    ``end`` says in words how the program ended if it did not end well: by a signal, at the time
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


@cache
def sandboxed() -> bool:
    """Whether programs run in a sandbox: bubblewrap is installed and may make one here."""
    if shutil.which("bwrap") is None:
        return False
    probe = ["bwrap", *_NOTHING_SHARED, "--ro-bind", "/", "/", "true"]
    return run(probe, Path("/"), _ENVIRONMENT, timeout=10).status == 0


def run_tests(number: int, program: Path, limits: Limits) -> StepRun:
    """Run ``program``, which speaks KTAP, in its own directory and with no network or home."""
    done = run(_command(program, limits), program.parent, _ENVIRONMENT, limits.seconds)
    output = done.output[:_OUTPUT_LIMIT].decode("utf-8", "replace")
    return StepRun(number, parse_ktap(output), _end(done, limits), output)


def _command(program: Path, limits: Limits) -> list[str]:
    absolute = program.resolve()
    limited = ["sh", "-c", 'ulimit -v "$0"; exec "$@"', str(limits.memory >> 10), str(absolute)]
    if not sandboxed():
        return limited
    folder = str(absolute.parent)
    return [
        "bwrap",
        *_NOTHING_SHARED,
        *("--ro-bind", "/usr", "/usr"),
        *("--symlink", "usr/lib", "/lib"),
        *("--symlink", "usr/lib64", "/lib64"),
        *("--symlink", "usr/bin", "/bin"),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
        *("--ro-bind", folder, folder),
        *("--chdir", folder),
        *limited,
    ]


def _end(done: Completed, limits: Limits) -> str | None:
    if done.timed_out:
        return f"was stopped after {limits.seconds:.0f} seconds"
    status = done.status - 128 if done.status > 128 else -done.status
    if done.status < 0 or done.status > 128:
        try:
            return f"was killed by {signal.Signals(status).name}"
        except ValueError:
            return f"ended with status {done.status}"
    return None
