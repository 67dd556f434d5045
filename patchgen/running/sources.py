"""From the functions of a trace to lines of the source, where the kernel was built with those."""

import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from patchgen.running.console import Frame, located
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits, Sandbox, run_confined

_TOOLS = ("nm", "addr2line")
_SYMBOL = re.compile(r"([\da-f]+) ([\da-f]+) [tTwW] (\S+)")
_ADDRESS = re.compile(r"0x([\da-f]+)")
_LINE = re.compile(r"(.+):([1-9]\d*)(?: \(discriminator \d+\))?")
_LIMITS = Limits(seconds=60.0, memory=4 << 30)
_NO_INFORMATION = (
    "the kernel has no debug information; --config with CONFIG_DEBUG_INFO=y gives it lines"
)


class Decoder:
    """Decodes traces by the kernel that lies below ``objects`` when it is asked.

    ``source`` is the tree that it was made of. ``reason`` says why a trace has no lines, empty as
    long as all have.
    """

    def __init__(self, objects: Path, source: Path, walls: bool) -> None:
        self._image = objects / "vmlinux"
        self._source = source
        self._walls = walls
        self.reason = ""

    def decode(self, run: StepRun) -> StepRun:
        """The run with ``file:line`` in the traces of its splats."""
        frames = {frame for splat in run.splats for frame in splat.trace if frame.size}
        if not frames:
            return run
        missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
        if missing:
            are = "is" if len(missing) == 1 else "are"
            self.reason = f"{' and '.join(missing)} of binutils {are} not installed"
            return run
        if not self._image.is_file():
            self.reason = "there is no vmlinux to look them up in"
            return run
        places = self._places(frames)
        lines = dict(self._lines({*places.values()}))
        if not lines:
            self.reason = _NO_INFORMATION
            return run
        sources = {frame: lines[place] for frame, place in places.items() if place in lines}
        return replace(run, splats=tuple(located(splat, sources) for splat in run.splats))

    def _places(self, frames: Collection[Frame]) -> dict[Frame, int]:
        """The addresses of those frames whose function can be told from others of its name."""
        named: dict[str, list[tuple[int, int]]] = {}
        for match in _SYMBOL.finditer(self._said("nm", "-S", "--defined-only", str(self._image))):
            named.setdefault(match[3], []).append((int(match[1], 16), int(match[2], 16)))
        places: dict[Frame, int] = {}
        for frame in frames:
            known = named.get(frame.function, ())
            # The kernel counts the padding behind a function as part of it.
            fitting = {start for start, size in known if size <= frame.size}
            if len(fitting) == 1:
                # Where a call returns to may be another line, or another function.
                places[frame] = fitting.pop() + frame.offset - frame.returns
        return places

    def _lines(self, places: Collection[int]) -> Iterator[tuple[int, str]]:
        """Addresses with ``file:line``; addr2line may say other things between them."""
        if not places:
            return
        asked = (f"{place:x}" for place in sorted(places))
        at: int | None = None
        for said in self._said("addr2line", "-a", "-e", str(self._image), *asked).splitlines():
            if address := _ADDRESS.fullmatch(said):
                at = int(address[1], 16)
            elif at is not None and (line := _LINE.fullmatch(said)):
                yield at, f"{self._below_the_tree(line[1])}:{line[2]}"
                at = None

    def _below_the_tree(self, path: str) -> str:
        for above in (self._source, self._image.parent):
            path = path.removeprefix(f"{above.resolve()}/")
        below = PurePosixPath(path)
        if below.is_absolute():  # nothing of the tree; reports have no place of this machine
            return below.name
        return "/".join(part for part in below.parts if part != "..")

    def _said(self, *command: str) -> str:
        sandbox = Sandbox(self._image.parent, limits=_LIMITS)
        done = run_confined([*command], sandbox, self._walls)
        return done.output.decode("utf-8", "replace")
