"""Where git put every hunk of a series that applies, and what speaks for that place.

git does not say where it puts a hunk. Its search is done again here and believed only where the
file that comes out of it is, byte by byte, the one that git made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from patchgen.series.diff.headings import section_above
from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.model import Patch
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch, AppliedSeries
from patchgen.trees.earlier import EarlierVersions
from patchgen.trees.evidence import Standing, Verdict, judge
from patchgen.trees.line_history import History, earlier_history
from patchgen.trees.packing import blob_id
from patchgen.trees.placement import Place, PlacedFile, Placement, place_hunks


@dataclass(frozen=True, slots=True)
class LandedHunk:
    """A hunk, its place in the file before the patch, and how sure that place is."""

    place: Place
    verdict: Verdict

    @property
    def hunk(self) -> Hunk:
        """The hunk itself."""
        return self.place.hunk


class FileText:
    """A file whose lines are decoded when somebody looks at them: most hunks are sure without."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def lines(self) -> Sequence[str]:
        """All lines, without their newlines."""
        lines = from_bytes(self._data).split("\n")
        return lines[:-1] if lines[-1] == "" else lines


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file of a patch: the version it was made on, the one it was applied to, its hunks.

    ``claimed`` is the id on the ``index`` line, None without one; ``made`` is that of what came
    out, None where the file is deleted; ``text`` is the file before the patch.
    """

    patch: Patch
    file: FileDiff
    claimed: str | None
    found: str
    made: str | None
    text: FileText
    hunks: tuple[LandedHunk, ...]

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the file before the patch."""
        return self.text.lines

    @property
    def same(self) -> bool:
        """Whether the file is the very one that the patch was made on."""
        return self.claimed is not None and self.found.startswith(self.claimed)

    def section(self, index: int) -> str:
        """The heading of the section in which a line, counted from 0, stands; "" above all."""
        found = section_above(self.lines, index, self.file.old_path or "")
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class LandedSeries:
    """All files of all patches that applied, in order; ``unknown`` are those not understood."""

    applied: AppliedSeries
    files: tuple[LandedFile, ...]
    unknown: tuple[tuple[Patch, FileDiff], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of a patch with the ids of its content before and after.

    ``known`` is the placement that is known to make the one of the other.
    """

    patch: Patch
    file: FileDiff
    before: str
    after: str | None
    known: Placement | None

    @property
    def path(self) -> str:
        """Where the file is before the patch."""
        return self.file.old_path or ""

    @property
    def exact(self) -> bool:
        """Whether the file is the very one that the patch was made on."""
        return bool(self.file.old_id) and self.before.startswith(self.file.old_id or "-")


def find_landings(applied: AppliedSeries) -> LandedSeries:
    """Where every hunk landed.

    Takes one git process at most, however long the series is, and a few more where a file has no
    section of the name that a hunk says.
    """
    if not applied.steps:
        return LandedSeries(applied, (), ())
    ids = applied.trees.blob_ids()
    parts = [
        part
        for step in applied.steps
        for part in _parts(step, ids[step.number - 1], ids[step.number])
    ]
    blobs = applied.read(_needed(parts))
    paths = sorted({part.path for part in parts})
    earlier = EarlierVersions(applied.repository, applied.base_commit, paths)
    texts: dict[str, FileText] = {}
    files: list[LandedFile] = []
    unknown: list[tuple[Patch, FileDiff]] = []
    for part in parts:
        placement = _placed(part, blobs)
        if placement is None:
            unknown.append((part.patch, part.file))
            continue
        text = _text(part.before, blobs, texts)
        history = _history(part, text, blobs, texts)
        hunks = tuple(
            LandedHunk(place, _verdict(part, place, text, history, earlier))
            for place in placement.places
        )
        files.append(
            LandedFile(
                part.patch, part.file, part.file.old_id, part.before, part.after, text, hunks
            )
        )
    return LandedSeries(applied, tuple(files), tuple(unknown))


def _parts(
    step: AppliedPatch, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[_Part]:
    """The files of a patch that have hunks to place; one that it names twice is left out."""
    files = step.patch.diff.files
    for file in files:
        old = before.get(file.old_path or "")
        if not file.hunks or file.binary or old is None:
            continue
        new = after.get(file.new_path) if file.new_path else None
        known = step.placements.get(file.path) if file.old_path == file.new_path else None
        yield _Part(step.patch, file, old, new, known)


def _needed(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        yield part.before
        if not part.exact and part.file.old_id:
            yield part.file.old_id


def _placed(part: _Part, blobs: Mapping[str, bytes]) -> Placement | None:
    """Our placement, if it makes what git made."""
    if part.known:
        return part.known
    placement = place_hunks(PlacedFile(blobs[part.before]), part.file.hunks)
    if placement is None:
        return None
    if part.after is None:
        return placement if not placement.result else None
    return placement if blob_id(placement.result, part.after) == part.after else None


def _history(
    part: _Part, text: FileText, blobs: Mapping[str, bytes], texts: dict[str, FileText]
) -> History | None:
    if part.exact or not part.file.old_id or part.file.old_id not in blobs:
        return None
    return History(_text(part.file.old_id, blobs, texts).lines, text.lines)


def _verdict(
    part: _Part,
    place: Place,
    text: FileText,
    history: History | None,
    earlier: EarlierVersions,
) -> Verdict:
    if part.exact and not place.offset:
        return Verdict(Standing.SURE)
    lines = text.lines
    verdict = judge(lines, part.path, place, history, part.file.by_git)
    if verdict.standing is Standing.GONE and history is None:
        history = earlier_history(earlier.of(part.path), lines, place.hunk, part.path)
        return judge(lines, part.path, place, history, part.file.by_git) if history else verdict
    return verdict


def _text(name: str, blobs: Mapping[str, bytes], texts: dict[str, FileText]) -> FileText:
    if name not in texts:
        texts[name] = FileText(blobs[name])
    return texts[name]
