"""The only door to subprocess."""

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

PIPE = subprocess.PIPE
_LOOK = 0.1
_LINGER = 1.0

Watch = Callable[[int], str | None]
"""Asked now and then with the id of the process: why it has to be stopped, or None."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that ran to its end, or was ``stopped`` for a reason, such as its time limit."""

    status: int
    output: bytes
    stopped: str | None = None


def run(
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
    output_limit: int | None = None,
    watch: Watch | None = None,
) -> Completed:
    """Run ``argv`` in ``cwd`` with exactly ``env``; standard error goes into the output.

    ``timeout`` is in seconds and ``output_limit`` in bytes; at a limit, or when ``watch`` says
    so, the whole process group is killed. What the program leaves running is not waited for.
    Raises FileNotFoundError when there is no such program.
    """
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with cast(IO[bytes], process.stdout) as pipe:
        try:
            output, stopped = _follow(process, pipe, timeout, output_limit, watch)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            process.wait()
    return Completed(process.returncode, output, stopped)


def _follow(
    process: "subprocess.Popen[bytes]",
    pipe: IO[bytes],
    timeout: float | None,
    output_limit: int | None,
    watch: Watch | None,
) -> tuple[bytes, str | None]:
    """What the process prints, until it ends or has to be stopped and why."""
    deadline = None if timeout is None else time.monotonic() + timeout
    output = bytearray()
    looked = over = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            ready = selector.select(_LOOK)
            now = time.monotonic()
            if ready:
                chunk = os.read(pipe.fileno(), 1 << 16)
                if not chunk:
                    return bytes(output), _outlived(process, deadline, timeout)
                output += chunk
            if output_limit is not None and len(output) > output_limit:
                return bytes(
                    output[:output_limit]
                ), f"was stopped after {output_limit} bytes of output"
            if deadline is not None and now > deadline:
                return bytes(output), f"was stopped after {timeout:g} seconds"
            if process.poll() is None:
                over = now
            elif not ready or now - over > _LINGER:
                return bytes(output), None
            if watch and now - looked >= _LOOK:
                looked = now
                if reason := watch(process.pid):
                    return bytes(output), reason


def _outlived(
    process: "subprocess.Popen[bytes]", deadline: float | None, timeout: float | None
) -> str | None:
    """Wait for a process that has closed its output, within what is left of its time."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    try:
        process.wait(left)
    except subprocess.TimeoutExpired:
        return f"was stopped after {timeout:g} seconds"
    return None
