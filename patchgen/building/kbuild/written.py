"""Writing the base into the source directory: only what differs, so that time stamps stay."""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from patchgen.building.kbuild.place import TreePlace, write_whole
from patchgen.building.source import let_clock_move_on
from patchgen.trees.base import Base, DirectoryBase
from patchgen.trees.repository import Repository

_NOT_SOURCE = (".o", ".a", ".ko", ".cmd", ".d", ".mod", ".order", ".symvers")


def write_base(base: Base, place: TreePlace) -> None:
    """Make the source directory that of ``base``, whatever it holds; the base is only read."""
    place.source.mkdir(exist_ok=True)
    let_clock_move_on(place.directory)
    if isinstance(base, DirectoryBase):
        _copy(base.directory.resolve(), place)
    else:
        _check_out(base.repository, base.commit, place)


def content_of(base: Base) -> bytes:
    """What tells the content of ``base`` from that of others.

    Of a directory these are the stamps of its files: what was touched, and is the same, counts as
    another.
    """
    if not isinstance(base, DirectoryBase):
        return base.repository.line("rev-parse", f"{base.commit}^{{tree}}").encode()
    digest = hashlib.sha256()
    for path, stamp in sorted(_files(base.directory.resolve())):
        digest.update(os.fsencode(f"{path}\0{stamp}\n"))
    return digest.hexdigest().encode()


def _check_out(repository: Repository, commit: str, place: TreePlace) -> None:
    """Let git do it, with an index that knows of every file when it was written.

    git writes again what it does not find as it left it, so what a step changed, or what was
    being written when patchgen was killed, comes back; what it does not know is removed.
    """
    index = (place.directory / "index").resolve()
    index.with_name("index.lock").unlink(missing_ok=True)  # of one that was killed: we hold ours
    where = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(place.source.resolve())}
    repository.run("read-tree", "--reset", "-u", f"{commit}^{{tree}}", env=where)
    repository.run("clean", "--quiet", "-ffdx", env=where)


def _copy(directory: Path, place: TreePlace) -> None:
    """Copy what changed, there or here, since it was copied last; time stamps are those of now.

    A file of the user's that becomes older has changed, too, and make would not see that.
    """
    record = place.directory / "copied.json"
    try:
        known = json.loads(record.read_bytes())
    except (OSError, ValueError):
        known = {}
    now = {}
    for path, theirs in _files(directory):
        ours = place.source / path
        if known.get(path) != [theirs, _stamp(ours)]:
            _replace(directory / path, ours)
        now[path] = [theirs, _stamp(ours)]
    for path, _ in [*_files(place.source)]:
        if path not in now:
            (place.source / path).unlink()
    write_whole(record, json.dumps(now).encode())


def _files(directory: Path) -> Iterator[tuple[str, list[int]]]:
    """The files and symbolic links of a source tree with their stamps, without what was built."""
    pending = [""]
    while pending:
        folder = pending.pop()
        with os.scandir(directory / folder) as entries:
            for entry in entries:
                path = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != ".git":
                        pending.append(f"{path}/")
                elif not path.endswith(_NOT_SOURCE) and (
                    stamp := _stamped(entry.stat(follow_symlinks=False))
                ):
                    yield path, stamp


def _stamp(path: Path) -> list[int] | None:
    """What changes when a file does; None for what is neither a file nor a link."""
    try:
        return _stamped(path.lstat())
    except OSError:
        return None


def _stamped(found: os.stat_result) -> list[int] | None:
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)):
        return None
    return [found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _replace(theirs: Path, ours: Path) -> None:
    if ours.is_dir() and not ours.is_symlink():
        shutil.rmtree(ours)
    for parent in reversed(ours.parents):
        if parent.is_symlink() or parent.is_file():
            parent.unlink()
        parent.mkdir(exist_ok=True)
    ours.unlink(missing_ok=True)
    if theirs.is_symlink():
        ours.symlink_to(os.readlink(theirs))
    else:
        shutil.copyfile(theirs, ours)
        ours.chmod(0o755 if os.access(theirs, os.X_OK) else 0o644)
