"""Watching a running command: what the kernel limits for one process, over all of them."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from patchgen.process import Watch

_PAGE = os.sysconf("SC_PAGE_SIZE")
_BLOCK = 512
_SHARE = 20
"""Looking at a directory may take one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a command and all it starts may have: bytes of memory, processes, bytes on disk.

    ``directories`` may grow by ``disk`` bytes, all together.
    """

    memory: int
    processes: int
    disk: int
    directories: tuple[Path, ...] = ()


def watcher(allowance: Allowance) -> Watch:
    """A watch that says which part of the allowance a process and its descendants have used up."""
    before = _held(allowance.directories)
    due = time.monotonic()

    def watch(process: int) -> str | None:
        nonlocal due
        family = tuple(_family(process))
        if len(family) > allowance.processes:
            return f"was stopped with more than {allowance.processes} processes"
        if sum(pages for _, pages in family) * _PAGE > allowance.memory:
            return f"was stopped with more than {allowance.memory >> 20} MiB of memory"
        started = time.monotonic()
        if allowance.directories and started >= due:
            grown = _held(allowance.directories) - before
            due = started + _SHARE * (time.monotonic() - started)
            if grown > allowance.disk:
                return f"was stopped after writing more than {allowance.disk >> 20} MiB"
        return None

    return watch


def _family(process: int) -> Iterator[tuple[int, int]]:
    """A process and its descendants, each with its resident pages; from proc(5)."""
    children: dict[int, list[tuple[int, int]]] = {}
    for place in Path("/proc").glob("[1-9]*"):
        try:
            fields = (place / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has just ended
            continue
        children.setdefault(int(fields[1]), []).append((int(place.name), int(fields[21])))
    found = [(process, 0)]
    while found:
        one, pages = found.pop()
        yield one, pages
        found += children.get(one, ())


def _held(directories: Sequence[Path]) -> int:
    """How many bytes on disk the files below ``directories`` take."""
    total = 0
    pending = [str(directory) for directory in directories]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * _BLOCK
        except OSError:  # it has just been removed
            continue
    return total
