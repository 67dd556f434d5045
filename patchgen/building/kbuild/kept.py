"""What building kernels leaves in the user's cache, and removing what was not used for longest.

What goes are objects and, with the last of them, the source. Verdicts and configurations stay:
they are small, and spare building the same step again. Nothing goes that a patchgen has in use.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from patchgen.building.kbuild.place import LOCK, NAME, SIZE, TREE, USED, VERDICTS, write_whole
from patchgen.trees.scratch import cache_directory

LIMIT = 20 << 30
"""How many bytes are kept unless the user says otherwise."""
_STAY = frozenset((LOCK, TREE, NAME, USED, VERDICTS, "config"))
_GOING = "going"


@dataclass(frozen=True, slots=True)
class KeptBuild:
    """The objects of a configuration: its name, when it was used, in seconds of the epoch, and how
    many bytes it takes."""

    directory: Path
    name: str
    used: float
    size: int


@dataclass(frozen=True, slots=True)
class KeptTree:
    """The builds of a tree, latest first, and the bytes of its source."""

    directory: Path
    tree: str
    size: int
    builds: tuple[KeptBuild, ...]

    @property
    def total(self) -> int:
        """The bytes of all."""
        return self.size + sum(build.size for build in self.builds)

    @property
    def used(self) -> float:
        """When any of it was used, in seconds of the epoch."""
        return max((build.used for build in self.builds), default=0.0)


def kernels() -> Path:
    """The directory with all trees."""
    return cache_directory() / "kernels"


def kept_trees(measure: bool = False) -> tuple[KeptTree, ...]:
    """All trees of which something is kept, latest first.

    Sizes are those of the last time that they were looked at, unless ``measure``; those of
    objects are never older than the objects.
    """
    found = (_tree(place, measure) for place in _folders(kernels()))
    kept = (tree for tree in found if tree.size or tree.builds)
    return tuple(sorted(kept, key=lambda tree: tree.used, reverse=True))


def make_room(limit: int, spared_since: float, progress: Callable[[str], None]) -> int:
    """Remove the builds that were not used for longest until ``limit`` bytes are kept at most.

    Those used at or after ``spared_since`` stay, and those of a tree that is in use. Hands back
    how many bytes went.
    """
    trees = kept_trees()
    total = sum(tree.total for tree in trees)
    gone = 0
    for tree, build in sorted(_all(trees), key=_when):
        if total - gone <= limit:
            break
        if (build.used if build else tree.used) >= spared_since:
            continue
        with _ours(tree.directory) as ours:
            if not ours:
                continue
            last = build is None or [*_with_objects(tree.directory)] == [build.directory]
            if build:
                progress(f"removing what was built of {tree.tree} with {build.name}")
                _remove(build.directory)
                gone += build.size
            if last:
                _remove(tree.directory)
                gone += tree.size
    return gone


def remove(tree: KeptTree) -> bool:
    """Remove all that is kept of a tree, verdicts, too; False when a patchgen has it in use."""
    with _ours(tree.directory) as ours:
        if ours:
            _remove(tree.directory, stay=frozenset((LOCK,)))
        return ours


def _all(trees: tuple[KeptTree, ...]) -> Iterator[tuple[KeptTree, KeptBuild | None]]:
    for tree in trees:
        for build in tree.builds:
            yield tree, build
        if not tree.builds:
            yield tree, None


def _when(one: tuple[KeptTree, KeptBuild | None]) -> float:
    """Trees that are not there any more are the first to go."""
    tree, build = one
    path = Path(tree.tree.partition(" ")[2])
    return build.used if build and path.exists() else 0.0


def _tree(place: Path, measure: bool) -> KeptTree:
    builds = (
        KeptBuild(one, _text(one / NAME) or "?", _used(one), _size(one, measure))
        for one in _with_objects(place)
    )
    latest_first = sorted(builds, key=lambda build: build.used, reverse=True)
    own = _size(place, measure) if _is_filled(place) else 0
    return KeptTree(place, _text(place / TREE) or "?", own, tuple(latest_first))


def _with_objects(place: Path) -> Iterator[Path]:
    """The directories of the configurations of which more than a few small files is there."""
    return (one for one in _folders(place) if (one / NAME).is_file() and _is_filled(one))


def _is_filled(place: Path) -> bool:
    return any(one.name not in _STAY and not Path(one, NAME).is_file() for one in _entries(place))


def _size(place: Path, measure: bool) -> int:
    """The bytes of a directory without the configurations in it; written down beside it."""
    file = place / SIZE
    known = _text(file)
    if known.isdecimal() and not measure:
        return int(known)
    size = sum(
        _bytes_below(one.path) if one.is_dir(follow_symlinks=False) else _bytes(one)
        for one in _entries(place)
        if not Path(one, NAME).is_file()
    )
    write_whole(file, b"%d" % size)
    return size


def _bytes_below(directory: str) -> int:
    total, pending = 0, [directory]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    total += _bytes(entry)
    return total


def _bytes(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:  # a build that goes on removes files
        return 0


def _used(place: Path) -> float:
    try:
        return (place / USED).stat().st_mtime
    except OSError:
        return 0.0


def _folders(place: Path) -> list[Path]:
    return sorted(Path(one) for one in _entries(place) if one.is_dir(follow_symlinks=False))


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return [*entries]
    except OSError:
        return []


def _text(file: Path) -> str:
    try:
        return os.fsdecode(file.read_bytes())
    except OSError:
        return ""


@contextmanager
def _ours(place: Path) -> Iterator[bool]:
    """Whether the tree is nobody's, and so ours until the end."""
    lock = os.open(place / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(lock)


def _remove(place: Path, stay: frozenset[str] = _STAY) -> None:
    """Empty a directory, but for what is to stay; what is killed half-way leaves nothing that
    looks whole: it all goes elsewhere first."""
    going = place / _GOING
    going.mkdir(exist_ok=True)
    for one in _entries(place):
        kept = one.name in stay or (stay is _STAY and Path(one, NAME).is_file())
        if not kept and one.name != _GOING:
            Path(one).rename(going / f"{time.monotonic_ns()}-{one.name}")
    shutil.rmtree(going, ignore_errors=True)
