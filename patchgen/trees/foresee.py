"""What a patch makes of the files it touches, where there is no doubt about it.

Hunks are put where git's own search would put them; whatever else there is in a patch is for git
alone to decide, and so is in the end whether this is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch
from patchgen.trees.importing import TreeFile
from patchgen.trees.placement import PlacedFile, Placement, place_hunks

_PLAIN = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class MadeFile(TreeFile):
    """What a patch makes of a file, and where its hunks are put for that."""

    placement: Placement | None = None


Changes = Mapping[str, MadeFile | None]
"""Files by path with what becomes of them; None is a deletion."""


def foresee(patch: Patch, files: Mapping[str, TreeFile]) -> Changes | None:
    """What git will make of ``files``, or None when that is not sure.

    Not sure are links, binary files, copies and renames, a path that is there twice, odd diffs,
    and hunks that are not found.
    """
    paths = [{file.old_path, file.new_path} - {None} for file in patch.diff.files]
    twice = len([*chain(*paths)]) > len({*chain(*paths)})
    if patch.diff.irregularities or twice or not patch.diff.files:
        return None
    changes: dict[str, MadeFile | None] = {}
    for file in patch.diff.files:
        if file.binary or (file.old_path and file.new_path and file.old_path != file.new_path):
            return None
        old = files.get(file.path)
        if (old is None) != (file.old_path is None) or (old and old.mode not in _PLAIN):
            return None
        new = _made(file, old)
        if new is None:
            return None
        changes[file.path] = new if file.new_path else None
    return changes


def _made(file: FileDiff, old: TreeFile | None) -> MadeFile | None:
    mode = file.new_mode or (old.mode if old else "")
    placement = place_hunks(PlacedFile(old.data if old else b""), file.hunks)
    if placement is None or mode not in _PLAIN or (placement.result and not file.new_path):
        return None
    return MadeFile(mode, placement.result, placement)
