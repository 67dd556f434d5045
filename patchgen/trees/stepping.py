"""Taking an index through the patches of a series, with few processes and git as the judge."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from patchgen.series.model import Patch
from patchgen.series.text import from_bytes
from patchgen.trees.blobs import read_blobs
from patchgen.trees.foresee import Changes, foresee
from patchgen.trees.importing import Entry, Step, TreeFile
from patchgen.trees.packing import blob_id, write_blobs
from patchgen.trees.patch_files import is_forgotten, patch_files
from patchgen.trees.placement import Placement
from patchgen.trees.repository import GitFailedError, Repository

_MOST = 256
_APPLY = ("apply", "--cached", "--whitespace=nowarn")
_File = TypeVar("_File")


class SteppedIndex:
    """An index and what each patch that was applied to it has changed.

    ``environment`` tells git which index it is and where objects go; ``entries`` is what is in
    it, files of ``commit``, and ``contents`` has their bytes by id. Patches of which it is certain
    what they do are given to one git-apply all together, and it must leave the index like that and
    make no other blobs on the way; all others are given to git one by one.
    """

    def __init__(
        self,
        repository: Repository,
        environment: Mapping[str, str],
        entries: Mapping[str, Entry],
        contents: Mapping[str, bytes],
        commit: str,
    ) -> None:
        self.steps: list[Step] = []
        self.placements: list[Mapping[str, Placement]] = []
        self.contents = dict(contents)
        self._repository = repository
        self._environment = environment
        self._commit = commit
        self._entries = dict(entries)
        self._packed: set[str] = set()

    def apply(self, patches: Sequence[Patch]) -> str | None:
        """Apply patches in order; what git prints where it refuses one, None at the end."""
        at, most = 0, _MOST
        while at < len(patches):
            run = self._foreseen(patches[at : at + most])
            if len(run) < 2:
                if refused := self._alone(patches[at]):
                    return refused
                at, most = at + 1, min(2 * most, _MOST)
            elif self._together(patches[at : at + len(run)], run):
                at += len(run)
            else:
                most = len(run) // 2
        return None

    def _foreseen(self, patches: Sequence[Patch]) -> list[Changes]:
        """What the first of the patches do, as many as there is no doubt about."""
        files = self._files({path for patch in patches for path in _old_paths(patch)})
        run: list[Changes] = []
        for patch in patches:
            changes = foresee(patch, files) if is_forgotten(_diff(patch)) else None
            if changes is None:
                break
            run.append(changes)
            _change(files, changes)
        return run

    def _files(self, paths: set[str]) -> dict[str, TreeFile]:
        """Those of the files that are in the index and have contents."""
        entries = {path: self._entries[path] for path in paths if path in self._entries}
        unknown = {entry.blob for entry in entries.values()} - self.contents.keys()
        self.contents |= read_blobs(self._repository, unknown)
        return {
            path: TreeFile(entry.mode, self.contents[entry.blob])
            for path, entry in entries.items()
            if entry.blob in self.contents
        }

    def _together(self, patches: Sequence[Patch], run: Sequence[Changes]) -> bool:
        """Apply patches in one process; False, with nothing changed, unless all is as foreseen."""
        steps = self._written(run)
        entries = dict(self._entries)
        for step in steps:
            _change(entries, step)
        loose = self._loose()
        files = patch_files(self._repository, [_diff(patch) for patch in patches])
        try:
            self._git(*_APPLY, *files)
            as_foreseen = self._loose() == loose and self._listed() == entries
        except GitFailedError:
            as_foreseen = False
        if not as_foreseen:
            self._restore(loose)
            return False
        self.steps += steps
        self.placements += map(_placements, run)
        self._entries = entries
        return True

    def _written(self, run: Sequence[Changes]) -> list[Step]:
        """What changes leave in the index, their blobs being there already.

        So git writes none of those when it makes them, but any other that it makes.
        """
        steps: list[Step] = []
        for changes in run:
            step: dict[str, Entry | None] = {}
            for path, file in changes.items():
                step[path] = entry = _entry(file, self._commit)
                if file and entry:
                    self.contents[entry.blob] = file.data
            steps.append(step)
        self._pack(entry.blob for step in steps for entry in step.values() if entry)
        return steps

    def _pack(self, blobs: Iterable[str] = ()) -> None:
        """Have git know these blobs, and those that are in the index."""
        wanted = {*blobs, *(entry.blob for entry in self._entries.values())} - self._packed
        found = [self.contents[blob] for blob in sorted(wanted) if blob in self.contents]
        if found:
            write_blobs(self._repository, found, self._environment, self._commit)
        self._packed |= wanted

    def _loose(self) -> set[Path]:
        """The objects that git wrote one by one."""
        objects = self._repository.git_dir / self._environment["GIT_OBJECT_DIRECTORY"]
        return {*objects.glob("??/*")}

    def _alone(self, patch: Patch) -> str | None:
        self._pack()
        try:
            self._git(*_APPLY, "-", stdin=_diff(patch))
        except GitFailedError as error:
            # git 2.39 aborts on some hostile heads and leaves its lock behind.
            lock = f"{self._environment['GIT_INDEX_FILE']}.lock"
            (self._repository.git_dir / lock).unlink(missing_ok=True)
            return error.message or "git does not say why"
        before, self._entries = self._entries, self._listed()
        gone = dict.fromkeys(before.keys() - self._entries.keys())
        made = {path: new for path, new in self._entries.items() if before.get(path) != new}
        self.steps.append(gone | made)
        self.placements.append({})
        self._packed |= {entry.blob for entry in made.values()}
        return None

    def _restore(self, loose: set[Path]) -> None:
        for made in self._loose() - loose:
            made.unlink()
        self._git("read-tree", "--empty")
        lines = (
            f"{entry.mode} {entry.blob}\t{path}\0".encode("utf-8", "surrogateescape")
            for path, entry in self._entries.items()
        )
        self._git("update-index", "-z", "--index-info", stdin=b"".join(lines))

    def _listed(self) -> dict[str, Entry]:
        found = {}
        for line in from_bytes(self._git("ls-files", "--stage", "-z")).split("\0"):
            if line:
                head, _, path = line.partition("\t")
                mode, blob, _ = head.split(" ")
                found[path] = Entry(mode, blob)
        return found

    def _git(self, *argv: str, stdin: bytes = b"") -> bytes:
        return self._repository.run(*argv, env=self._environment, stdin=stdin)


def _old_paths(patch: Patch) -> set[str]:
    return {path for file in patch.diff.files for path in (file.old_path, file.new_path) if path}


def _diff(patch: Patch) -> bytes:
    return patch.handed


def _entry(file: TreeFile | None, like: str) -> Entry | None:
    return Entry(file.mode, blob_id(file.data, like)) if file else None


def _placements(changes: Changes) -> Mapping[str, Placement]:
    return {path: file.placement for path, file in changes.items() if file and file.placement}


def _change(files: dict[str, _File], changes: Mapping[str, _File | None]) -> None:
    for path, file in changes.items():
        if file is None:
            files.pop(path, None)
        else:
            files[path] = file
