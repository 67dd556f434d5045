"""Files of the base tree that are taken out of it to be run, never the series' own."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchgen.sandbox import PLAIN, Limits, Sandbox, run_confined, toolchain
from patchgen.series.text import from_bytes
from patchgen.trees.base import Base
from patchgen.trees.importing import is_safe_path

_SECONDS = 60.0
_SECONDS_A_FILE = 5.0


_HOME = {"HOME": "/nonexistent"}
NOT_FOUND = 127
"""The status of a program that is not installed."""


class CheckerError(Exception):
    """A checker did not come to its end; the text says why."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A directory of ours that has the place of the kernel's root, and how commands run in it."""

    base: Base
    directory: Path
    walls: bool

    def bring(self, *paths: str) -> bool:
        """Take these files out of the base tree; False when the first of them is not in it."""
        found = [(path, self.base.read(path)) for path in paths]
        if found[0][1] is None:
            return False
        for path, data in found:
            if data is not None:
                self.write(path, data)
        return True

    def write(self, path: str, data: bytes) -> None:
        """Write a file. Raises ValueError for a path that leads out of here."""
        if not is_safe_path(path):
            raise ValueError(path)
        place = self.directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def make_directories_of(self, paths: Iterable[str]) -> None:
        """Have the directories in which these files stand; what no tree can have is left out."""
        for path in filter(is_safe_path, paths):
            (self.directory / PurePosixPath(path).parent).mkdir(parents=True, exist_ok=True)

    def perl(self, script: str, *arguments: str, files: int) -> tuple[int, list[str]]:
        """Run a script of the tree on so many ``files``: its status, and the lines it printed.

        Raises CheckerError when there is no Perl, or it has to be stopped.
        """
        status, said = self.run("perl", script, *arguments, files=files)
        if status == NOT_FOUND:
            raise CheckerError("perl is not installed")
        return status, said

    def run(self, program: str, *arguments: str, files: int) -> tuple[int, list[str]]:
        """Run a program of the system here. Raises CheckerError when it has to be stopped."""
        limits = Limits(seconds=_SECONDS + _SECONDS_A_FILE * files)
        sandbox = Sandbox(self.directory, toolchain(program), limits=limits)
        done = run_confined([program, *arguments], sandbox, self.walls, PLAIN | _HOME)
        if done.stopped:
            named = next((word for word in arguments if word.startswith("scripts/")), program)
            raise CheckerError(f"{named} was stopped: {done.stopped}")
        return done.status, from_bytes(done.output).split("\n")


def failure(script: str, said: Iterable[str]) -> CheckerError:
    """The error of a script that ends without doing its work, with the last that it said."""
    last = [line for line in said if line.strip()][-1:] or ["no output"]
    return CheckerError(f'{script} fails: "{last[0].strip()}"')
