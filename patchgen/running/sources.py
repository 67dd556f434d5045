"""From the functions of a trace to lines of the source, where the kernel was built with those."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

from patchgen.running.console import Frame, located
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits, Sandbox, run_confined

_SYMBOL = re.compile(r"([\da-f]+) ([\da-f]+) [tTwW] (\S+)")
_LIMITS = Limits(seconds=60.0, memory=4 << 30)
_NO_INFORMATION = (
    "the kernel has no debug information; --config with CONFIG_DEBUG_INFO=y gives it lines"
)


class Decoder:
    """Decodes traces by the kernel that lies below ``objects`` when it is asked.

    ``reason`` says why the last trace has no lines, empty as long as all have.
    """

    def __init__(self, objects: Path, walls: bool) -> None:
        self._image = objects / "vmlinux"
        self._walls = walls
        self.reason = ""

    def decode(self, run: StepRun) -> StepRun:
        """The run with ``file:line`` in the traces of its splats."""
        frames = {frame for splat in run.splats for frame in splat.trace if frame.size}
        if not frames:
            return run
        if shutil.which("addr2line") is None or shutil.which("nm") is None:
            self.reason = "addr2line is not installed"
            return run
        sources = self._sources(frames)
        if not sources:
            self.reason = _NO_INFORMATION
            return run
        return replace(run, splats=tuple(located(splat, sources) for splat in run.splats))

    def _sources(self, frames: set[Frame]) -> dict[Frame, str]:
        named: dict[str, list[tuple[int, int]]] = {}
        for match in _SYMBOL.finditer(self._said("nm", "-S", "--defined-only", str(self._image))):
            named.setdefault(match[3], []).append((int(match[1], 16), int(match[2], 16)))
        places: dict[Frame, int] = {}
        for frame in frames:
            known = named.get(frame.function, ())
            # The kernel counts the padding behind a function as part of it.
            fitting = [start for start, size in known if size <= frame.size]
            if len(fitting) == 1:
                places[frame] = fitting[0] + frame.offset
        addresses = [f"{place:x}" for place in places.values()]
        said = self._said("addr2line", "-e", str(self._image), *addresses).splitlines()
        lines = dict(zip(places, said, strict=False))
        return {frame: _short(line) for frame, line in lines.items() if not line.startswith("?")}

    def _said(self, *command: str) -> str:
        sandbox = Sandbox(self._image.parent, limits=_LIMITS)
        done = run_confined([*command], sandbox, self._walls)
        return done.output.decode("utf-8", "replace")


def _short(line: str) -> str:
    """``/home/me/linux/arch/x86/kvm/lapic.c:12 (discriminator 1)`` below the tree."""
    place = line.partition(" ")[0]
    return re.sub(r"^.*?/src/|^(?:\.\./)+|^\./", "", place)
