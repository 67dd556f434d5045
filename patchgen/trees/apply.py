"""Applying a series patch by patch, in an index that holds only the files it touches."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from patchgen.errors import InputError
from patchgen.series.hunks import FileDiff, Hunk
from patchgen.series.matching import NearMiss, nearest
from patchgen.series.model import Patch, Series
from patchgen.series.text import from_bytes, to_bytes
from patchgen.trees.base import Base
from patchgen.trees.changes import git_words
from patchgen.trees.importing import Entry, is_safe_path, write_trees
from patchgen.trees.repository import GitFailedError, Repository
from patchgen.trees.scratch import APPLIED
from patchgen.trees.stepping import SteppedIndex

_MOST = 1000
_REF = "refs/patchgen/applied"
_FAILED_HUNK = re.compile(r"error: patch failed: (.*):(\d+)")
_FAILED_FILE = re.compile(r"error: (.*): [a-z].*")


@dataclass(frozen=True, slots=True)
class AppliedPatch:
    """A patch and the trees before and after it; the trees hold only the touched files."""

    patch: Patch
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why git would not apply a patch: its words, the hunk, and the nearest place for it."""

    patch: Patch
    reason: str
    file: FileDiff | None = None
    hunk: Hunk | None = None
    near: NearMiss | None = None


@dataclass(frozen=True, slots=True)
class AppliedSeries:
    """How far a series applies: every applied patch, and why it stops if it does."""

    repository: Repository
    base_commit: str
    base_tree: str
    steps: tuple[AppliedPatch, ...]
    refusal: Refusal | None

    @property
    def tip(self) -> str:
        """The tree after the last patch that applies."""
        return self.steps[-1].after if self.steps else self.base_tree


def touched_paths(patches: Iterable[Patch]) -> tuple[str, ...]:
    """Every path that a patch names, sorted."""
    found = {
        path
        for patch in patches
        for file in patch.diff.files
        for path in (file.old_path, file.new_path)
        if path
    }
    return tuple(sorted(found))


def apply_series(series: Series, base: Base) -> AppliedSeries:
    """Apply each patch as ``git apply --cached`` does; stop at the first that git refuses."""
    paths = touched_paths(series.patches)
    commit = base.commit_with(paths)
    repository = base.repository
    index = {"GIT_INDEX_FILE": "patchgen-index", "GIT_OBJECT_DIRECTORY": APPLIED}
    entries = _load(repository, commit, paths, index)
    stepped = SteppedIndex(repository, index, entries)
    refused = stepped.apply(series.patches)
    trees = write_trees(repository, _REF, [entries, *stepped.steps], index)
    steps = tuple(
        AppliedPatch(patch, before, after)
        for patch, (before, after) in zip(series.patches, pairwise(trees), strict=False)
    )
    refusal = None
    if refused is not None:
        refusal = _refusal(repository, trees[-1], series.patches[len(steps)], refused)
    return AppliedSeries(repository, commit, trees[0], steps, refusal)


def _load(
    repository: Repository, commit: str, paths: Iterable[str], index: dict[str, str]
) -> dict[str, Entry]:
    """Fill the index with ``paths`` as they are in ``commit``, and return what is in it then.

    Their directories are asked for, too: one that is a symbolic link must be known to git, which
    refuses to reach beyond it. A path that leaves the tree is left for git to refuse.
    """
    parents = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    wanted = sorted(path for path in {*paths, *parents} if is_safe_path(path))
    try:
        entries = [*_listed(repository, commit, wanted)]
        ids = [one[12 : one.index(b"\t")] + b"\n" for one in entries if b" blob " in one[:12]]
        blobs = repository.run("pack-objects", "-q", "--stdout", stdin=b"".join(ids))
    except GitFailedError as error:
        raise InputError(
            f"cannot read the base tree {commit[:12]}: {error.message}",
            "in a partial or shallow clone, fetch the files the series touches first",
        ) from error
    repository.run("index-pack", "--stdin", env=index, stdin=blobs)
    repository.run("read-tree", "--empty", env=index)
    stdin = b"".join(entry + b"\0" for entry in entries)
    repository.run("update-index", "-z", "--index-info", env=index, stdin=stdin)
    heads = (from_bytes(entry).split("\t", 1) for entry in entries)
    return {path: Entry(head.split(" ")[0], head.split(" ")[2]) for head, path in heads}


def _listed(repository: Repository, commit: str, wanted: Sequence[str]) -> Iterator[bytes]:
    """What git-ls-tree prints of the files among ``wanted``.

    Asked for a directory and for something in it, git lists all that is in the directory.
    """
    names = {to_bytes(path) for path in wanted}
    for first in range(0, len(wanted), _MOST):
        some = wanted[first : first + _MOST]
        listed = repository.run(
            "--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", *some
        )
        for entry in listed.split(b"\0"):
            head, _, name = entry.partition(b"\t")
            if name in names and b" tree " not in head:
                names.remove(name)
                yield entry


def _refusal(repository: Repository, tree: str, patch: Patch, message: str) -> Refusal:
    lines = [line for line in message.splitlines() if line.startswith("error: ")]
    reason = git_words(message, patch.rest)
    if match := _FAILED_HUNK.match(lines[0] if lines else ""):
        file = _named(patch, match[1])
        hunk = _starting(file, int(match[2])) if file else None
        near = _nearest(repository, tree, file, hunk) if file and hunk else None
        return Refusal(patch, f'"{match[1]}" does not have the lines of the hunk', file, hunk, near)
    for line in lines:
        if (match := _FAILED_FILE.match(line)) and (file := _named(patch, match[1])):
            return Refusal(patch, reason, file)
    return Refusal(patch, reason)


def _named(patch: Patch, path: str) -> FileDiff | None:
    return next((file for file in patch.diff.files if path in (file.old_path, file.path)), None)


def _starting(file: FileDiff, line: int) -> Hunk | None:
    return next((hunk for hunk in file.hunks if hunk.old_start == line), None)


def _nearest(repository: Repository, tree: str, file: FileDiff, hunk: Hunk) -> NearMiss | None:
    try:
        content = repository.run("cat-file", "blob", f"{tree}:{file.old_path}")
    except GitFailedError:
        return None
    wanted = [line.text for line in hunk.pre_image]
    return nearest(wanted, from_bytes(content).split("\n"), hunk.old_start - 1)
