"""Applying a series patch by patch, in an index that holds only the files it touches."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from patchgen.errors import InputError
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch, Series
from patchgen.series.text import from_bytes, to_bytes
from patchgen.trees.base import Base
from patchgen.trees.blobs import read_blobs
from patchgen.trees.changes import git_words
from patchgen.trees.importing import Entry, is_safe_path
from patchgen.trees.placement import Placement
from patchgen.trees.repository import GitFailedError, Repository
from patchgen.trees.scratch import APPLIED
from patchgen.trees.step_trees import StepTrees
from patchgen.trees.stepping import SteppedIndex

_MOST = 1000
_FAILED_HUNK = re.compile(r"error: patch failed: (.*):(\d+)")
_FAILED_FILE = re.compile(r"error: (.*): [a-z].*")


@dataclass(frozen=True, slots=True)
class AppliedPatch:
    """A patch and the trees before and after it; the trees hold only the touched files.

    ``placements`` has files, by path, of which it was known what git would make of them.
    """

    patch: Patch
    number: int
    trees: StepTrees
    placements: Mapping[str, Placement] = field(default_factory=dict, compare=False)

    @property
    def before(self) -> str:
        """The tree that it was applied to."""
        return self.trees.tree(self.number - 1)

    @property
    def after(self) -> str:
        """The tree that came of it."""
        return self.trees.tree(self.number)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A patch that git would not apply, the tree it should go on, and git's words.

    ``file`` is the one that git speaks of, where it does.
    """

    patch: Patch
    tree: str
    reason: str
    file: FileDiff | None = None


@dataclass(frozen=True, slots=True)
class LaterPatch:
    """A patch after one that was refused: refused, too, or held up, or it applies without it.

    ``waits_for`` is the number of the patch before it that touches the same files.
    """

    patch: Patch
    refusal: Refusal | None = None
    waits_for: int | None = None


@dataclass(frozen=True, slots=True)
class AppliedSeries:
    """How far a series applies: every applied patch, and why it stops if it does.

    ``later`` are the patches after the one that is refused: those that touch no file of it are
    tried nevertheless, and are no steps. ``trees`` are those of the steps, and ``contents`` has
    the bytes of blobs in them by id, as many as were needed.
    """

    repository: Repository
    base_commit: str
    trees: StepTrees
    steps: tuple[AppliedPatch, ...]
    refusal: Refusal | None
    later: tuple[LaterPatch, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict, compare=False)

    def read(self, blobs: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of blobs by these ids, as `read_blobs` reads those that are not at hand."""
        wanted = [*blobs]
        found = read_blobs(self.repository, [one for one in wanted if one not in self.contents])
        return {one: self.contents[one] for one in wanted if one in self.contents} | dict(found)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All patches that git would not apply."""
        later = tuple(one.refusal for one in self.later if one.refusal)
        return (self.refusal, *later) if self.refusal else ()

    @property
    def base_tree(self) -> str:
        """The tree before the first patch."""
        return self.trees.tree(0)

    @property
    def tip(self) -> str:
        """The tree after the last patch that applies."""
        return self.trees.tree(len(self.steps))


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
    entries, contents = _load(repository, commit, paths, index)
    stepped = SteppedIndex(repository, index, entries, contents, commit)
    refused = stepped.apply(series.patches)
    trees = StepTrees(repository, index, [entries, *stepped.steps])
    steps = tuple(
        AppliedPatch(patch, number, trees, stepped.placements[number - 1])
        for number, patch in enumerate(series.patches[: len(stepped.steps)], 1)
    )
    if refused is None:
        return AppliedSeries(repository, commit, trees, steps, None, (), stepped.contents)
    patch, *rest = series.patches[len(steps) :]
    refusal = _refusal(patch, trees.tree(len(steps)), refused)
    later = tuple(_later(stepped, refusal, rest))
    if any(one.refusal for one in later):
        # Where patches without the refused ones lead to: what later ones were refused on.
        ends = StepTrees(repository, index, [entries, *stepped.steps])
        later = tuple(
            replace(one, refusal=replace(one.refusal, tree=ends.tree(int(one.refusal.tree))))
            if one.refusal
            else one
            for one in later
        )
    return AppliedSeries(repository, commit, trees, steps, refusal, later, stepped.contents)


def _load(
    repository: Repository, commit: str, paths: Iterable[str], index: dict[str, str]
) -> tuple[dict[str, Entry], Mapping[str, bytes]]:
    """Fill the index with ``paths`` as they are in ``commit``.

    What is in it then is returned, with the bytes of the files by id.

    Their directories are asked for, too: one that is a symbolic link must be known to git, which
    refuses to reach beyond it. A path that leaves the tree is left for git to refuse.
    """
    parents = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    wanted = sorted(path for path in {*paths, *parents} if is_safe_path(path))
    try:
        entries = [*_listed(repository, commit, wanted)]
    except GitFailedError as error:
        raise _unreadable(commit, error.message) from error
    ids = [from_bytes(one[12 : one.index(b"\t")]) for one in entries if b" blob " in one[:12]]
    contents = read_blobs(repository, ids)
    if missing := [one for one in ids if one not in contents]:
        raise _unreadable(commit, f"blob {missing[0][:12]} is missing")
    (repository.git_dir / index["GIT_INDEX_FILE"]).unlink(missing_ok=True)
    stdin = b"".join(entry + b"\0" for entry in entries)
    repository.run("update-index", "-z", "--index-info", env=index, stdin=stdin)
    heads = (from_bytes(entry).split("\t", 1) for entry in entries)
    found = {path: Entry(head.split(" ")[0], head.split(" ")[2]) for head, path in heads}
    return found, contents


def _unreadable(commit: str, why: str) -> InputError:
    return InputError(
        f"cannot read the base tree {commit[:12]}: {why}",
        "in a partial or shallow clone, fetch the files the series touches first",
    )


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


def _later(
    stepped: SteppedIndex, refusal: Refusal, patches: Iterable[Patch]
) -> Iterator[LaterPatch]:
    """Try the patches that touch no file of one that is not applied.

    The tree of a refusal is the number of steps before it, until the trees are written.
    """
    waiting = dict.fromkeys(touched_paths([refusal.patch]), refusal.patch.position)
    for patch in patches:
        paths = touched_paths([patch])
        held_by = min((waiting[path] for path in paths if path in waiting), default=None)
        refused = None if held_by else stepped.apply([patch])
        if refused is not None:
            tree = str(len(stepped.steps))
            yield LaterPatch(patch, refusal=_refusal(patch, tree, refused))
        else:
            yield LaterPatch(patch, waits_for=held_by)
        if held_by or refused is not None:
            waiting |= dict.fromkeys(paths, patch.position)


def _refusal(patch: Patch, tree: str, message: str) -> Refusal:
    lines = [line for line in message.splitlines() if line.startswith("error: ")]
    if match := _FAILED_HUNK.match(lines[0] if lines else ""):
        reason = f'"{match[1]}" does not have the lines of the hunk'
        return Refusal(patch, tree, reason, _named(patch, match[1]))
    reason = git_words(message, patch.rest)
    for line in lines:
        if (match := _FAILED_FILE.match(line)) and (file := _named(patch, match[1])):
            return Refusal(patch, tree, reason, file)
    return Refusal(patch, tree, reason)


def _named(patch: Patch, path: str) -> FileDiff | None:
    return next((file for file in patch.diff.files if path in (file.old_path, file.path)), None)
