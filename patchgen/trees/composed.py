"""Letting git say what a composed series does, in the scratch repository."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchgen.series.composed.composition import ComposedFile, Composition, Doubt
from patchgen.trees.importing import NewCommit, TreeFile, is_safe_path, write_commits
from patchgen.trees.repository import Repository

_REF = "refs/patchgen/composed"
_AUTHOR, _DATE = "patchgen <patchgen@localhost>", "0 +0000"


@dataclass(frozen=True, slots=True)
class ComposedTrees:
    """Two commits, and the files that are in neither of them."""

    before: str
    after: str
    doubts: tuple[Doubt, ...]


def write_composed(repository: Repository, composition: Composition) -> ComposedTrees:
    """Write both sides of ``composition``; paths that git would not take are left out."""
    before, after = composition.before, composition.after
    left_out = {doubt.path: doubt for tree in (before, after) for doubt in _impossible(tree)}
    first = {path: _file(file) for path, file in before.items() if path not in left_out}
    second: dict[str, TreeFile | None] = {path: None for path in first if path not in after}
    second |= {path: _file(file) for path, file in after.items() if path not in left_out}
    commits = (
        NewCommit(_AUTHOR, _DATE, "before\n", first),
        NewCommit(_AUTHOR, _DATE, "after\n", second),
    )
    tip = write_commits(repository, _REF, commits)
    doubts = (*composition.doubts, *(left_out[path] for path in sorted(left_out)))
    return ComposedTrees(f"{tip}^", tip, doubts)


def _file(file: ComposedFile) -> TreeFile:
    return TreeFile(file.mode, file.data)


def _impossible(tree: Mapping[str, ComposedFile]) -> Iterator[Doubt]:
    for path in tree:
        if not is_safe_path(path):
            yield Doubt(path, "git does not take a path like this")
        elif parent := next((str(p) for p in PurePosixPath(path).parents if str(p) in tree), None):
            yield Doubt(path, f'the patches make "{parent}" a file and a directory at once')
