"""Finding out what patches of a series take out again of what earlier ones put in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from patchgen.series.composed.reverts import find_reverts
from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.model import Patch, Series
from patchgen.stages.facts import Facts
from patchgen.trees.landing import LandedFile, LandedSeries

_CHECK = "patch-reverts-earlier-patch"
_Landed = Mapping[tuple[int, str | None], LandedFile]


def reverts_stage(series: Series, landed: LandedSeries | None, facts: Facts) -> None:
    """Hand on what the patches' hunks tell: where they landed, else where they say they stand."""
    if len(series.patches) < 2:
        return
    reverts = find_reverts(_as_landed(series.patches, landed))
    facts.subjects.append(reverts)
    for doubt in reverts.doubts:
        facts.skip(f'"{doubt.path}": {doubt.reason}', _CHECK)


def _as_landed(patches: Sequence[Patch], landed: LandedSeries | None) -> tuple[Patch, ...]:
    """The patches, as if their hunks named the lines where git put them."""
    moved: _Landed = {
        (one.patch.position, one.file.old_path): one
        for one in (landed.files if landed else ())
        if any(hunk.place.offset for hunk in one.hunks)
    }
    if not moved:
        return tuple(patches)
    return tuple(_patch(patch, moved) for patch in patches)


def _patch(patch: Patch, moved: _Landed) -> Patch:
    files = tuple(
        _file(file, moved.get((patch.position, file.old_path))) for file in patch.diff.files
    )
    return replace(patch, diff=replace(patch.diff, files=files))


def _file(file: FileDiff, landed: LandedFile | None) -> FileDiff:
    if landed is None or landed.file is not file:
        return file
    places = sorted((one.place for one in landed.hunks), key=lambda place: place.index)
    return replace(file, hunks=tuple(_hunk(place.hunk, place.index) for place in places))


def _hunk(hunk: Hunk, index: int) -> Hunk:
    return replace(hunk, old_start=index + bool(hunk.old_count))
