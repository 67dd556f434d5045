"""Taking an index through the patches of a series, with few processes and git as the judge."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

from patchgen.series.model import Patch
from patchgen.series.text import from_bytes
from patchgen.trees.foresee import Changes, foresee
from patchgen.trees.importing import Entry, Step, TreeFile
from patchgen.trees.patch_files import is_forgotten, patch_files
from patchgen.trees.repository import GitFailedError, Repository

_MOST = 256
_APPLY = ("apply", "--cached", "--whitespace=nowarn")
_File = TypeVar("_File")


class SteppedIndex:
    """An index and what each patch that was applied to it has changed.

    ``environment`` tells git which index it is and where objects go; ``entries`` is what is in
    it. Patches of which it is certain what they do are given to one git-apply all together, and
    what it leaves in the index and among the objects must be just that; all others are given to
    git one by one.
    """

    def __init__(
        self, repository: Repository, environment: Mapping[str, str], entries: Mapping[str, Entry]
    ) -> None:
        self.steps: list[Step] = []
        self._repository = repository
        self._environment = environment
        self._entries = dict(entries)
        self._contents: dict[str, TreeFile] = {}

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
        self._read({path for patch in patches for path in _old_paths(patch)})
        files = dict(self._contents)
        run: list[Changes] = []
        for patch in patches:
            changes = foresee(patch, files) if is_forgotten(_diff(patch)) else None
            if changes is None:
                break
            run.append(changes)
            _change(files, changes)
        return run

    def _read(self, paths: set[str]) -> None:
        """Know the contents of files, as far as they are plain files and in the index."""
        wanted = [path for path in sorted(paths - {*self._contents}) if path in self._entries]
        ids = "".join(self._entries[path].blob + "\n" for path in wanted).encode("ascii")
        if not wanted:
            return
        output = self._git("cat-file", "--batch", stdin=ids)
        at = 0
        for path in wanted:
            head, _, _ = output[at : at + 200].partition(b"\n")
            at += len(head) + 1
            words = head.split(b" ")
            if len(words) == 3 and words[2].isdigit():
                data = output[at : at + int(words[2])]
                at += len(data) + 1
                self._contents[path] = TreeFile(self._entries[path].mode, data)

    def _together(self, patches: Sequence[Patch], run: Sequence[Changes]) -> bool:
        """Apply patches in one process; False, with nothing changed, unless all is as foreseen."""
        files = patch_files(self._repository, [_diff(patch) for patch in patches])
        try:
            self._git(*_APPLY, *files)
        except GitFailedError:
            return False
        steps = [self._hashed(changes) for changes in run]
        entries = dict(self._entries)
        for step in steps:
            _change(entries, step)
        blobs = {entry.blob for step in steps for entry in step.values() if entry}
        if self._listed() != entries or not self._has(blobs):
            self._restore()
            return False
        self.steps += steps
        self._entries = entries
        for changes in run:
            _change(self._contents, changes)
        return True

    def _has(self, blobs: set[str]) -> bool:
        """Whether git itself has written all of these."""
        if not blobs:
            return True
        stdin = "".join(blob + "\n" for blob in sorted(blobs)).encode("ascii")
        output = self._git("cat-file", "--batch-check=%(objecttype)", stdin=stdin)
        return {*output.splitlines()} == {b"blob"}

    def _alone(self, patch: Patch) -> str | None:
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
        for path in gone | made:
            self._contents.pop(path, None)
        return None

    def _restore(self) -> None:
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

    def _hashed(self, changes: Changes) -> Step:
        return {path: self._entry(file) if file else None for path, file in changes.items()}

    def _entry(self, file: TreeFile) -> Entry:
        like = next(iter(self._entries.values()), None)
        made = hashlib.sha256 if like and len(like.blob) == 64 else hashlib.sha1
        head = b"blob %d\0" % len(file.data)
        return Entry(file.mode, made(head + file.data, usedforsecurity=False).hexdigest())

    def _git(self, *argv: str, stdin: bytes = b"") -> bytes:
        return self._repository.run(*argv, env=self._environment, stdin=stdin)


def _old_paths(patch: Patch) -> set[str]:
    return {path for file in patch.diff.files for path in (file.old_path, file.new_path) if path}


def _diff(patch: Patch) -> bytes:
    return patch.handed


def _change(files: dict[str, _File], changes: Mapping[str, _File | None]) -> None:
    for path, file in changes.items():
        if file is None:
            files.pop(path, None)
        else:
            files[path] = file
