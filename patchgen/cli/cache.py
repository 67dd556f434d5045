"""``patchgen cache``"""

import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patchgen.errors import InputError, suggestion

if TYPE_CHECKING:
    from patchgen.building.kbuild.kept import KeptTree

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def run(arguments: Namespace) -> int:
    """List what building kernels left behind, or remove some of it."""
    from patchgen.building.kbuild.kept import kept_trees, make_room
    from patchgen.cli.progress import progress
    from patchgen.sizes import parse_size, shown_size

    if arguments.remove:
        return _remove(kept_trees(), arguments.remove)
    limit = None if arguments.shrink is None else parse_size(arguments.shrink, "--shrink")
    trees = kept_trees(measure=True)
    if limit is not None:
        with progress() as tell:
            gone = make_room(limit, time.time(), tell)
        print(f"removed {shown_size(gone)}")
        trees = kept_trees()
    _list(trees)
    return 0


def _list(trees: Sequence["KeptTree"]) -> None:
    from patchgen.building.kbuild.kept import LIMIT, kernels
    from patchgen.checks.catalogue import IDS
    from patchgen.settings.read import read_git_config
    from patchgen.sizes import shown_size
    from patchgen.trees.repository import configured

    for tree in trees:
        print(f"{shown_size(tree.total):>9}  {tree.tree}")
        print(f"{shown_size(tree.size):>9}    source")
        for build in tree.builds:
            print(f"{shown_size(build.size):>9}    {build.name}, used {_ago(build.used)}")
    limit = read_git_config(configured(Path(), "patchgen"), IDS).cache_limit
    total = sum(tree.total for tree in trees)
    most = shown_size(LIMIT if limit is None else limit)
    print(f"{shown_size(total):>9}  in {kernels()}, of {most} that are kept at most")


def _remove(trees: Sequence["KeptTree"], names: Sequence[str]) -> int:
    from patchgen.building.kbuild.kept import remove
    from patchgen.sizes import shown_size

    known = {tree.tree.partition(" ")[2]: tree for tree in trees}
    wanted = []
    for name in names:
        found = known.get(name) or known.get(str(Path(name).resolve()))
        found = found or known.get(str(Path(name).resolve() / ".git"))
        if found is None:
            raise InputError(f'nothing is kept of "{name}"', suggestion(name, known))
        wanted.append(found)
    for tree in wanted:
        if not remove(tree):
            raise InputError(f"{tree.tree} is in use", "wait for the other patchgen")
        print(f"removed {shown_size(tree.total)}, {tree.tree}")
    return 0


def _ago(when: float) -> str:
    """How long ago, in the largest unit of which there is one."""
    past = max(0, int(time.time() - when))
    for seconds, unit in _UNITS:
        if count := past // seconds:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
