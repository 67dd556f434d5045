"""The only door to subprocess."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PIPE = subprocess.PIPE


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that ran to its end, or was stopped at its time limit."""

    status: int
    output: bytes
    timed_out: bool = False


def run(
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
) -> Completed:
    """Run ``argv`` in ``cwd`` with exactly ``env``; standard error goes into the output.

    ``timeout`` is in seconds; at the limit the whole process group is killed. Raises
    FileNotFoundError when there is no such program.
    """
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output, _ = process.communicate()
        return Completed(process.returncode, output, timed_out=True)
    except BaseException:
        os.killpg(process.pid, 9)
        process.wait()
        raise
    return Completed(process.returncode, output)


def tool_environment() -> dict[str, str]:
    """The environment for compilers and make: this one without git's and make's own variables."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") and name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O")
    }
    return inherited | {"LC_ALL": "C"}
