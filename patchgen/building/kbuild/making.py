"""Running make on a kernel, confined."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patchgen.building.kbuild.toolchain import Toolchain
from patchgen.process import Completed
from patchgen.sandbox import PLAIN, Limits, Sandbox, run_confined

JOBS = os.cpu_count() or 1
"""How many processes work side by side."""
_QUIETLY = ("--output-sync=target", "--no-print-directory", "--keep-going")
_GIB = 1 << 30
_CACHED = "2G"
_LIMITS = Limits(
    seconds=1800.0,
    memory=4 * _GIB * max(1, JOBS // 8),
    processes=max(256, 16 * JOBS),
    disk=8 * _GIB,
    output=256 << 20,
)


def in_turn(targets: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The targets for one make after the other: first the directories, then the rest.

    In older kernels, v5.2 for one, the same make would make a directory for
    itself and for the image at the same time, and two compilers would write the same object.
    """
    folders = tuple(one for one in targets if one.endswith("/"))
    others = tuple(one for one in targets if not one.endswith("/"))
    return tuple(filter(None, (folders, others)))


@dataclass(frozen=True, slots=True)
class KernelMake:
    """make in a source directory that it cannot write to, for a build directory.

    ``cache`` is for ccache, if it is among the tools: nothing that a series brings can reach the
    user's own.
    """

    source: Path
    objects: Path
    tools: Toolchain
    walls: bool
    cache: Path

    def run(self, *targets: str) -> Completed:
        """Make ``targets``, those that can be made at the same time together."""
        status, output, stopped = 0, b"", None
        for some in in_turn(targets):
            done = self._run(some)
            status, output, stopped = status or done.status, output + done.output, done.stopped
            if stopped:
                break
        return Completed(status, output, stopped)

    def _run(self, targets: Sequence[str]) -> Completed:
        words = ["make", f"O={self.objects}", *self.tools.settings, *targets]
        return self.confined([*words, f"-j{JOBS}", *_QUIETLY])

    def confined(self, words: Sequence[str]) -> Completed:
        """Run what belongs to the build as make is run."""
        writable: tuple[Path, ...] = (self.objects,)
        environment = PLAIN | {"PATH": os.environ.get("PATH", os.defpath)}
        if self.tools.has_ccache:
            self.cache.mkdir(exist_ok=True)
            writable = (self.objects, self.cache)
            environment |= {"CCACHE_DIR": str(self.cache), "CCACHE_MAXSIZE": _CACHED}
            environment["HOME"] = str(self.cache)  # where it would look for settings
        else:
            environment |= {"CCACHE_DISABLE": "1"}
        sandbox = Sandbox(self.source, self.tools.places, writable, _LIMITS)
        return run_confined(words, sandbox, self.walls, environment)
