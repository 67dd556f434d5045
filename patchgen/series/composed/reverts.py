"""Lines that one patch of a series adds and a later one takes out again.

That a later patch changes what an earlier one wrote is what series are for. Looked for are lines
that go without anything in their place, or give way to the very lines they had replaced.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchgen.series.composed.composition import Change, Doubt, changes
from patchgen.series.composed.sparse import Added, Kept, Piece
from patchgen.series.model import Patch

_FEW = 3
"""Fewer lines than these come and go unmentioned, unless they are all that a patch does."""


@dataclass(frozen=True, slots=True)
class Revert:
    """What ``later`` takes out of a file of what ``earlier`` put in, and where in both mails.

    ``added`` are lines of the mail of ``earlier``, ``restored`` says that those come back which
    they had replaced, and ``whole`` that nothing is left of all that ``earlier`` did.
    """

    earlier: Patch
    later: Patch
    path: str
    added: tuple[int, ...]
    line: int
    restored: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Reverts:
    """All of a series, and the files of which the patches alone do not tell."""

    found: tuple[Revert, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Undone:
    """A block that is undone, by one that a later patch changes."""

    change: Change
    by: Change


def find_reverts(patches: Sequence[Patch]) -> Reverts:
    """The reverts among patches in order of the later one, followed by the lines' places."""
    all_changes, doubts = changes(patches)
    origins = {line: change for change in all_changes for line in change.block.added}
    pairs: dict[tuple[int, int], list[_Undone]] = {}
    for by in all_changes:
        for change in _undone(by, origins):
            if not _moved(change, by, all_changes):
                pair = by.patch.position, change.patch.position
                pairs.setdefault(pair, []).append(_Undone(change, by))
    found = (revert for _, undone in sorted(pairs.items()) for revert in _of(undone, all_changes))
    return Reverts(tuple(found), doubts)


def _undone(by: Change, origins: dict[Added, Change]) -> list[Change]:
    """The earlier blocks of which nothing is left after ``by``."""
    gone = [piece for piece in by.block.removed if isinstance(piece, Added)]
    if not gone or len(gone) < len(by.block.removed):
        return []
    came = list({id(origins[line]): origins[line] for line in gone if line in origins}.values())
    whole = [change for change in came if {*change.block.added} <= {*gone}]
    now = [line.text for line in by.block.added]
    if not now:
        return [change for change in whole if not change.block.removed]
    if len(came) == len(whole) == 1 and now == _texts(came[0].block.removed):
        return whole
    return []


def _texts(pieces: Sequence[Piece]) -> list[str]:
    """The lines that are taken out: they stand in a hunk and so are known."""
    found = []
    for piece in pieces:
        if isinstance(piece, Kept):
            found += [piece.source.known[line] for line in range(piece.start, piece.stop)]
        else:
            found.append(piece.text)
    return found


def _moved(change: Change, by: Change, all_changes: Sequence[Change]) -> bool:
    """Whether the lines had come from elsewhere, or come again elsewhere, by half or more."""
    lines = _telling([line.text for line in change.block.added])
    if not lines:
        return not change.block.removed
    if change.block.removed:
        return False
    back = Counter(
        line
        for one in all_changes
        if one.patch.position >= by.patch.position
        for line in _telling([line.text for line in one.block.added])
    )
    source = Counter(
        line
        for one in all_changes
        if one.patch is change.patch
        for line in _telling(_texts(one.block.removed))
    )
    wanted = Counter(lines)
    return 2 * max((wanted & back).total(), (wanted & source).total()) >= len(lines)


def _block(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that are taken out and put in."""
    return tuple(_texts(change.block.removed)), tuple(_texts(change.block.added))


def _is_all_lines(patch: Patch) -> bool:
    """Whether a patch changes nothing but lines of text."""
    return all(
        file.hunks
        and not file.moved
        and (file.created or file.deleted or file.new_mode in (None, file.old_mode))
        for file in patch.diff.files
    )


def _telling(texts: Sequence[str]) -> list[str]:
    """The lines that have a word in them, without their indentation."""
    return [text.strip() for text in texts if any(map(str.isalnum, text))]


def _of(undone: Sequence[_Undone], all_changes: Sequence[Change]) -> Iterator[Revert]:
    """The reverts of one patch by another, a file each."""
    earlier, later = undone[0].change.patch, undone[0].by.patch
    gone = {id(one.change) for one in undone}
    left = [one for one in all_changes if one.patch is earlier and id(one) not in gone]
    again = {(one.path, _block(one)) for one in all_changes if one.patch is later}
    whole = _is_all_lines(earlier) and all(
        not one.block.added and (one.path, ((), _block(one)[0])) in again for one in left
    )
    files: dict[str, list[_Undone]] = {}
    for one in undone:
        files.setdefault(one.by.path, []).append(one)
    for path, there in files.items():
        lines = [line for one in there for line in one.change.block.added]
        restored = any(one.change.block.removed for one in there)
        if whole or len(_telling([line.text for line in lines])) >= _FEW:
            yield Revert(
                earlier,
                later,
                path,
                tuple(sorted(line.line for line in lines)),
                min(one.by.block.line for one in there),
                restored,
                whole,
            )
