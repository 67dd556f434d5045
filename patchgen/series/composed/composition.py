"""What a series does in all, composed from its own hunks when there is no base tree.

The two trees made here hold only what the patches show, and lines of which nothing but their
number is known, the same on both sides. What git finds between them is, but for a few lines
that could be matched in more than one way, what it finds between base and tip.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from patchgen.series.composed.bounds import Bounds, bounds
from patchgen.series.composed.sparse import (
    END,
    Block,
    Kept,
    MisfitError,
    Pieces,
    Source,
    edited,
    written,
)
from patchgen.series.diff.blobs import is_empty
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch
from patchgen.series.text import to_bytes

_PLAIN, _SUBMODULE = "100644", "160000"


@dataclass(frozen=True, slots=True)
class ComposedFile:
    """git's mode and the content, in which unknown lines are unlike all others."""

    mode: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Doubt:
    """A file about which the patches alone do not say enough, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Composition:
    """The touched files before and after a series.

    ``doubts`` are the files that are in neither tree. ``unseen`` are those with unknown lines on
    one side only: they cannot be counted unless as renamed or copied.
    ``touched`` says how many patches touch each file that is there afterwards, ``bounds`` how many
    changes can be counted in it, unless as renamed or copied.
    """

    before: Mapping[str, ComposedFile]
    after: Mapping[str, ComposedFile]
    doubts: tuple[Doubt, ...]
    unseen: frozenset[str]
    touched: Mapping[str, int]
    bounds: Mapping[str, Bounds]


@dataclass(frozen=True, slots=True)
class Change:
    """A block that a patch changes, and the file it is in, by its path afterwards."""

    patch: Patch
    path: str
    block: Block


@dataclass(frozen=True, slots=True)
class _State:
    """A file between two patches: its pieces, or for a binary file a name for its content."""

    mode: str
    pieces: Pieces = ()
    blob: str | None = None
    touched: int = 0


@dataclass(slots=True)
class _Trees:
    before: dict[str, _State] = field(default_factory=dict)
    after: dict[str, _State] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    doubts: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    sources: int = 0

    @property
    def both(self) -> tuple[dict[str, _State], dict[str, _State]]:
        return self.before, self.after


def compose(patches: Sequence[Patch]) -> Composition:
    """Put the patches' hunks together, in their order."""
    trees = _followed(patches)
    return Composition(
        *_files(trees),
        _doubts(trees),
        frozenset(_unseen(trees)),
        {path: state.touched for path, state in trees.after.items()},
        {path: bound for path in trees.after if (bound := _bounds(trees, path))},
    )


def changes(patches: Sequence[Patch]) -> tuple[tuple[Change, ...], tuple[Doubt, ...]]:
    """What the patches change, in their order, and the files of which that is not known.

    A line that one patch adds and a later one takes out is the same `Added` in both.
    """
    trees = _followed(patches)
    known = tuple(one for one in trees.changes if one.path not in trees.doubts)
    return known, _doubts(trees)


def _followed(patches: Sequence[Patch]) -> _Trees:
    trees = _Trees()
    for patch in patches:
        _apply(patch, trees)
    return trees


def _doubts(trees: _Trees) -> tuple[Doubt, ...]:
    return tuple(Doubt(path, reason) for path, reason in sorted(trees.doubts.items()))


def _apply(patch: Patch, trees: _Trees) -> None:
    """One patch: what is renamed or copied is what was there before it, in whatever order."""
    earlier = dict(trees.after)
    leaving = {
        file.old_path
        for file in patch.diff.files
        if file.old_path and file.old_path != file.new_path and not file.copied
    }
    results: dict[str, _State] = {}
    for file in patch.diff.files:
        names = [path for path in (file.old_path, file.new_path) if path]
        try:
            if any(path in trees.doubts for path in names):
                raise MisfitError
            state, blocks = _changed(file, _old(file, earlier, leaving, trees), patch)
        except MisfitError:
            reason = f"patch {patch.position} does not fit what the patches before it show there"
            for path in names:
                _give_up(trees, path, reason)
            continue
        trees.changes += [Change(patch, file.path, block) for block in blocks]
        if file.new_path:
            results[file.new_path] = state
    for path in leaving:
        trees.after.pop(path, None)
    trees.after.update({path: state for path, state in results.items() if path not in trees.doubts})
    trees.seen.update(results, leaving)


def _give_up(trees: _Trees, path: str, reason: str) -> None:
    """Say no more of a file, nor of those that were made of the same one."""
    if path in trees.doubts:
        return
    trees.doubts[path] = reason
    states = [tree.pop(path, None) for tree in trees.both]
    sources = [source for state in states if state for source in _sources(state)]
    for tree in trees.both:
        for other, state in [*tree.items()]:
            if any(one is two for one in _sources(state) for two in sources):
                _give_up(trees, other, reason)


def _sources(state: _State) -> list[Source]:
    return [piece.source for piece in state.pieces if isinstance(piece, Kept)]


def _old(file: FileDiff, earlier: Mapping[str, _State], leaving: set[str], trees: _Trees) -> _State:
    """The file before the patch; one that nobody saw yet was there before the series."""
    path = file.old_path
    if path is None:
        if file.path in earlier and file.path not in leaving:
            raise MisfitError
        return _State(file.new_mode or _PLAIN, touched=int(file.path in trees.seen))
    if path in earlier:
        return earlier[path]
    if path in trees.seen:
        raise MisfitError
    if path not in trees.before:
        source = Source(trees.sources)
        trees.sources += 1
        pieces = () if file.old_id and is_empty(file.old_id) else (Kept(source, 0, END),)
        state = _State(file.old_mode or _PLAIN, pieces)
        if file.binary:
            state = replace(state, pieces=(), blob=file.old_id or f"{path} at first")
        trees.before[path] = state
        if path not in leaving:
            trees.after[path] = state
    return trees.before[path]


def _changed(file: FileDiff, old: _State, patch: Patch) -> tuple[_State, tuple[Block, ...]]:
    mode = file.new_mode or file.old_mode or old.mode
    touched = old.touched + 1
    if file.binary:
        blob = file.new_id or f"{file.path} after patch {patch.position}"
        return _State(mode, blob=blob, touched=touched), ()
    if old.blob is not None and file.hunks:
        raise MisfitError
    deleted = file.new_path is None and bool(file.hunks)
    pieces, blocks = edited(old.pieces, file.hunks, deleted)
    return _State(mode, pieces, old.blob, touched), blocks


def _files(
    trees: _Trees,
) -> tuple[dict[str, ComposedFile], dict[str, ComposedFile]]:
    """The files of both trees, whose unknown lines are the same on both sides."""
    contents = iter(written([state.pieces for tree in trees.both for state in tree.values()]))
    before, after = (
        {path: _file(state, next(contents)) for path, state in tree.items()} for tree in trees.both
    )
    return before, after


def _file(state: _State, text: bytes) -> ComposedFile:
    mode = _PLAIN if state.mode == _SUBMODULE else state.mode
    if state.blob is None:
        return ComposedFile(mode, text)
    return ComposedFile(mode, b"\0" + to_bytes(state.blob))


def _bounds(trees: _Trees, path: str) -> Bounds | None:
    before, after = trees.before.get(path, _State(_PLAIN)), trees.after[path]
    if before.blob is not None or after.blob is not None:
        return None
    return bounds(before.pieces, after.pieces)


def _unseen(trees: _Trees) -> Iterator[str]:
    """Files with unknown lines that stand on one side only, be it under another name."""
    for path in trees.before.keys() | trees.after.keys():
        both = [tree[path] for tree in trees.both if path in tree]
        unknown = [{one for one in _sources(state) if not one.complete} for state in both]
        if len(both) == 1:
            if unknown[0] or both[0].blob is not None:
                yield path
        elif unknown[0] != unknown[1]:
            yield path
