"""The source directory of a build: the base tree, then only what each patch changes."""

import os
import shutil
import time
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.trees.apply import AppliedPatch
from patchgen.trees.repository import Repository

_CLOCK_STEP = 0.01


def write_tree(repository: Repository, commit: str, directory: Path) -> None:
    """Write all files of ``commit`` into the new ``directory``."""
    directory.mkdir(parents=True)
    # git goes to the work tree before it opens the index, so both have to be absolute.
    index = repository.git_dir.resolve() / "patchgen-build-index"
    where = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(directory.resolve())}
    repository.run("read-tree", commit, env=where)
    repository.run("checkout-index", "--all", "--force", env=where)


def write_step(repository: Repository, step: AppliedPatch, directory: Path) -> None:
    """Make ``directory`` the tree after ``step``; untouched files keep their time stamps.

    Waits for the clock to move on first: a source written in the same tick as the object made
    from its last version would look as old as the object to make.
    """
    time.sleep(_CLOCK_STEP)
    listed = repository.run(
        "diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", step.before, step.after
    )
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    for entry, path in zip(fields[0::2], fields[1::2], strict=False):
        _, mode, _, blob, _ = entry.split(" ")
        _write(repository, directory, path, mode, blob)


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
