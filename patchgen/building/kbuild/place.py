"""Where a kernel is built: directories in the user's cache that outlive the run.

    kernels/<tree>/lock, tree, src/, index, copied.json, ccache/, size
    kernels/<tree>/<configuration>/name, used, obj/, config, configured, said.json, building, size
    kernels/<tree>/<configuration>/verdicts/

``src`` holds the source; what it holds is written down only after it holds it. ``building`` is
there while make runs: whatever is newer than a marker that was left behind is not trusted.
Commands that a series brings may write below ``obj`` and ``ccache`` only. ``tree`` and ``name``
are for people; the time stamp of ``used`` says when a configuration was, ``size`` is there while
it holds.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.trees.scratch import cache_directory

LOCK, TREE, NAME, USED, SIZE, VERDICTS = "lock", "tree", "name", "used", "size", "verdicts"
_KEY = 16


@dataclass(frozen=True, slots=True)
class TreePlace:
    """The directory for one tree; locked by us."""

    directory: Path

    @property
    def source(self) -> Path:
        """Where the source is written."""
        return self.directory / "src"

    @property
    def cache(self) -> Path:
        """Where ccache keeps objects, for all configurations."""
        return self.directory / "ccache"

    def configured(self, name: str, *what: bytes) -> "ObjectPlace":
        """Where objects go that are made with the configuration and the tools ``what`` tells.

        ``name`` says to people what they are.
        """
        place = ObjectPlace(self.directory / key_of(*what))
        try:
            place.directory.mkdir(exist_ok=True)
            write_whole(place.directory / NAME, os.fsencode(name))
            (place.directory / USED).touch()
        except OSError as error:
            raise _unwritable(place.directory, error) from error
        return place


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """The directory for one configuration of a tree."""

    directory: Path

    @property
    def objects(self) -> Path:
        """The build directory; the only one that what a series brings can write to."""
        return self.directory / "obj"

    @contextmanager
    def building(self) -> Iterator[Callable[[], None]]:
        """Around a build: what is called last says that it ended by itself.

        When it does not, or patchgen is killed, all that was written since is removed before the
        next build: a compiler that is killed leaves half an object that looks new.
        """
        (self.directory / SIZE).unlink(missing_ok=True)
        self.objects.mkdir(exist_ok=True)
        marker = self.directory / "building"
        if marker.exists():
            self._forget(marker.stat().st_mtime_ns)
        marker.touch()
        ended = False

        def end() -> None:
            nonlocal ended
            ended = True

        yield end
        if ended:
            marker.unlink()

    def _forget(self, since: int) -> None:
        for folder, _, names in os.walk(self.objects):
            for name in names:
                path = Path(folder, name)
                if path.lstat().st_mtime_ns >= since:
                    path.unlink()


@contextmanager
def tree_place(identity: str, progress: Callable[[str], None]) -> Iterator[TreePlace]:
    """The directory for the tree that ``identity`` names, ours until the end.

    Waits for another patchgen that has it. Raises ToolError when the cache cannot be written.
    """
    place = TreePlace(cache_directory() / "kernels" / key_of(os.fsencode(identity)))
    try:
        place.directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(place.directory / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise _unwritable(place.directory, error) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another patchgen, which builds this tree")
            fcntl.flock(lock, fcntl.LOCK_EX)
        write_whole(place.directory / TREE, os.fsencode(identity))
        yield place
    finally:
        os.close(lock)


def write_whole(path: Path, data: bytes) -> None:
    """Make ``path`` a file with ``data``: after a kill it has either all of it or is as before."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def key_of(*what: bytes) -> str:
    """A short name for what the parts tell, the same whenever they are."""
    digest = hashlib.sha256()
    for one in what:
        digest.update(b"%d:" % len(one) + one)
    return digest.hexdigest()[:_KEY]


def _unwritable(place: Path, error: OSError) -> ToolError:
    return ToolError(
        f"cannot make a build directory in {place}: {error.strerror}",
        "point PATCHGEN_CACHE_DIR at a directory that can be written",
    )
