"""The source directory of a build: the base tree, then only what each patch changes."""

import os
import shutil
import time
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.trees.apply import AppliedPatch
from patchgen.trees.repository import Repository

_LOOK = 0.002


def write_tree(repository: Repository, commit: str, directory: Path) -> None:
    """Write all files of ``commit`` into the new ``directory``."""
    directory.mkdir(parents=True)
    # git goes to the work tree before it opens the index, so both have to be absolute.
    index = repository.git_dir.resolve() / "patchgen-build-index"
    where = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(directory.resolve())}
    repository.run("read-tree", commit, env=where)
    repository.run("checkout-index", "--all", "--force", env=where)


def write_step(repository: Repository, step: AppliedPatch, directory: Path) -> None:
    """Make ``directory`` the tree after ``step``; untouched files keep their time stamps."""
    let_clock_move_on(directory.parent)
    listed = repository.run(
        "diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", step.before, step.after
    )
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    for entry, path in zip(fields[0::2], fields[1::2], strict=False):
        _, mode, _, blob, _ = entry.split(" ")
        _write(repository, directory, path, mode, blob)


def let_clock_move_on(directory: Path) -> None:
    """Wait until what is written is newer, for make, than all that was written before.

    A source written in the same tick as the object made from its last version would look as old
    as that. How long a tick takes depends on the machine and its load: a file that is written
    below ``directory`` tells.
    """
    now = time.time_ns()
    clock = directory / "clock"
    while True:
        clock.write_bytes(b"")
        if clock.stat().st_mtime_ns > now:
            break
        time.sleep(_LOOK)
    clock.unlink()


def _write(repository: Repository, directory: Path, path: str, mode: str, blob: str) -> None:
    place = directory / path
    if not place.parent.resolve().is_relative_to(directory.resolve()):
        raise ToolError(f'"{path}" leaves the build directory', "git should have refused it")
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)  # a file takes the place of a directory
    elif place.is_symlink() or place.exists():
        place.unlink()
    if mode not in ("100644", "100755", "120000"):
        return
    data = repository.run("cat-file", "blob", blob)
    place.parent.mkdir(parents=True, exist_ok=True)
    if mode == "120000":
        place.symlink_to(os.fsdecode(data))
    else:
        place.write_bytes(data)
        place.chmod(int(mode[-3:], 8))
