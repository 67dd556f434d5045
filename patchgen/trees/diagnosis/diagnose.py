"""Finding out why a patch was refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from patchgen.series.diff.headings import same_section
from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.model import Series
from patchgen.series.text import from_bytes, joined, to_bytes
from patchgen.trees.apply import Refusal
from patchgen.trees.base import Base
from patchgen.trees.blobs import blob_ids, read_blobs
from patchgen.trees.diagnosis.causes import Cause, Diagnosis, Nearby, Why
from patchgen.trees.diagnosis.history import made_on, other_commits, where_is
from patchgen.trees.diagnosis.hunks import failing_hunks, lines_nowhere, why_not_here
from patchgen.trees.diagnosis.merging import merged
from patchgen.trees.diagnosis.nearby import find_nearby
from patchgen.trees.diagnosis.order import by_other_patches, creates_later, missing_lines
from patchgen.trees.repository import GitFailedError, Repository

_INDEX = {"GIT_INDEX_FILE": "diagnosis-index"}


def diagnose(refusal: Refusal, series: Series, base: Base) -> Diagnosis:
    """Why git refused a patch, the most telling reason first."""
    return _Case(refusal, series, base).diagnosis()


@dataclass(frozen=True, slots=True)
class _Case:
    refusal: Refusal
    series: Series
    base: Base

    @property
    def repository(self) -> Repository:
        return self.base.repository

    def diagnosis(self) -> Diagnosis:
        ids = blob_ids(self.repository, [self.refusal.tree])[0]
        blobs = read_blobs(self.repository, ids.values())
        contents = {path: blobs[blob] for path, blob in ids.items() if blob in blobs}
        if self._reversible():
            says = "the base has the whole change already: it can be taken back there"
            return self._made(None, None, None, [Cause(Why.ALREADY_APPLIED, says)])
        file = self.refusal.file or self._first_failing(contents)
        if file is None:
            return self._made(None, None, None, ())
        if file.old_path is None:
            return self._made(file, None, None, self._exists(file, contents))
        data = contents.get(file.old_path)
        if data is None:
            return self._made(file, None, None, self._missing(file, ids))
        if file.binary:
            return self._made(file, None, None, self._other_version(file, ids, data))
        failing = failing_hunks(data, file)
        if not failing:
            return self._made(file, None, None, self._exists(file, contents))
        hunk = failing[0]
        lines = from_bytes(data).split("\n")
        wanted = [line.text for line in hunk.pre_image]
        near = find_nearby(wanted, lines, hunk.old_start - 1, file.old_path)
        causes = [*why_not_here(data, file, hunk)]
        causes += by_other_patches(
            self.series.patches, self.refusal.patch, file, missing_lines(hunk, lines)
        )
        if not causes:
            missing = missing_lines(hunk, lines)
            causes += other_commits(self.base, self.series, file.old_path, missing)
        if near is None and not causes:
            says = f'nothing in "{file.old_path}" is similar'
            causes.append(Cause(Why.NOTHING_SIMILAR, says))
        elif near and not causes and not _in_its_section(near, hunk):
            causes += lines_nowhere(hunk, lines, file.old_path)
        causes += self._other_version(file, ids, data)
        return self._made(file, hunk, near, causes, len(failing))

    def _made(
        self,
        file: FileDiff | None,
        hunk: Hunk | None,
        near: Nearby | None,
        causes: Iterable[Cause],
        failing: int = 0,
    ) -> Diagnosis:
        order = list(Why)
        found = sorted(dict.fromkeys(causes), key=lambda cause: order.index(cause.why))
        total = len(file.hunks) if file else 0
        return Diagnosis(self.refusal, file, hunk, near, tuple(found), failing, total)

    def _reversible(self) -> bool:
        """Whether git could take the patch back: it is the judge of what is there already."""
        if not self.refusal.patch.diff.files:
            return False
        diff = to_bytes(joined(self.refusal.patch.rest))
        try:
            self.repository.run("read-tree", self.refusal.tree, env=_INDEX)
            self.repository.run(
                "apply", "--cached", "--check", "--reverse", "-", env=_INDEX, stdin=diff
            )
        except GitFailedError:
            (self.repository.git_dir / f"{_INDEX['GIT_INDEX_FILE']}.lock").unlink(missing_ok=True)
            return False
        return True

    def _first_failing(self, contents: Mapping[str, bytes]) -> FileDiff | None:
        for file in self.refusal.patch.diff.files:
            data = contents.get(file.old_path or "")
            if file.hunks and file.old_path and data is not None and failing_hunks(data, file):
                return file
        return None

    def _missing(self, file: FileDiff, ids: Mapping[str, str]) -> Iterator[Cause]:
        path = file.old_path or ""
        causes = [*creates_later(self.series.patches, self.refusal.patch, path)]
        yield from causes
        if self.base.file(path) is not None and path not in ids and not causes:
            yield Cause(Why.NO_PLAIN_FILE, f'"{path}" is a symbolic link in the base')
        elif not causes:
            yield from where_is(self.base, path)

    def _exists(self, file: FileDiff, contents: Mapping[str, bytes]) -> Iterator[Cause]:
        """A file that should not be there: a new one, or the new name of an old one."""
        path = file.new_path or ""
        if path not in contents or path == file.old_path:
            return
        made = [line.text for hunk in file.hunks for line in hunk.post_image]
        if file.old_path is None and made and from_bytes(contents[path]).split("\n")[:-1] == made:
            yield Cause(Why.ALREADY_APPLIED, f'"{path}" is in the base already, with these lines')
            return
        for patch in self.series.patches[: self.refusal.patch.position - 1]:
            if any(path == one.new_path != one.old_path for one in patch.diff.files):
                yield Cause(Why.EARLIER_PATCH, f'patch {patch.position} brings "{path}"')
                return
        yield Cause(Why.FILE_EXISTS, f'the base has "{path}" already, with other lines')

    def _other_version(
        self, file: FileDiff, ids: Mapping[str, str], data: bytes
    ) -> Iterator[Cause]:
        """What is known from the version that the patch was made on."""
        path, claimed = file.old_path or "", file.old_id
        if not claimed or ids[path].startswith(claimed):
            return
        old = read_blobs(self.repository, [claimed]).get(claimed)
        says = f'made on version {claimed[:12]} of "{path}", this is {ids[path][:12]}'
        if old is None:
            yield Cause(Why.OTHER_VERSION, f"{says}; that version is not at hand")
            return
        since = made_on(self.base, claimed, path)
        yield Cause(Why.OTHER_VERSION, f"{says}; that one came with {since}" if since else says)
        if not file.binary and (cause := merged(self.repository, file, old, data)):
            yield cause


def _in_its_section(near: Nearby, hunk: Hunk) -> bool:
    """Whether a place is in a section that the hunk names, or has the heading of."""
    headings = [hunk.heading, *(line.text for line in hunk.pre_image)]
    return any(same_section(heading, near.heading) for heading in headings)
