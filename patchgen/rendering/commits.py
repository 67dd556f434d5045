"""From rendered templates to commits: every anchored patch made into files of the next tree."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from patchgen.errors import TemplateError
from patchgen.rendering.anchored import AnchoredFile, PatchTemplate
from patchgen.rendering.anchors import replace_hunks
from patchgen.series.text import from_bytes, to_bytes
from patchgen.trees.base import Base, similar_paths
from patchgen.trees.importing import NewCommit, TreeFile, is_safe_path

_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class GrowingTree:
    """The base tree with the patches so far on top; only touched files are ever read."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._changed: dict[str, TreeFile | None] = {}

    def read(self, path: str) -> TreeFile | None:
        """The file as the last patch left it."""
        if path in self._changed:
            return self._changed[path]
        return self._base.file(path)

    def commit(self, patch: PatchTemplate, place: str, author: str, date: str) -> NewCommit:
        """The commit a patch makes here. Raises TemplateError where an anchor does not resolve."""
        files: dict[str, TreeFile | None] = {}
        errors: list[TemplateError] = []
        for file in patch.files:
            try:
                self._check_place(file, place, patch, files)
                files |= self._change(file, place, files)
            except TemplateError as error:
                errors += [error, *(also for also in error.also if isinstance(also, TemplateError))]
        if errors:
            errors[0].also = tuple(errors[1:])
            raise errors[0]
        if all(self.read(path) == file for path, file in files.items()):
            raise TemplateError(f"{place}: the patch changes nothing", "see its + and - lines")
        self._changed |= files
        return NewCommit(author, date, patch.message, files, patch.notes)

    def _check_place(
        self,
        file: AnchoredFile,
        place: str,
        patch: PatchTemplate,
        pending: dict[str, TreeFile | None],
    ) -> None:
        """Raise TemplateError where a path is none, or something stands where a file is to go."""
        at = f"{place}:{file.line}"
        for path in (file.old_path, file.new_path):
            if path and not is_safe_path(path):
                raise TemplateError(f'{at}: "{path}" is no path in a tree', "name a file inside it")
        new = file.new_path
        if new is None or new == file.old_path:
            return
        leaving = {one.old_path for one in patch.files if one.old_path != one.new_path}
        above = [str(parent) for parent in PurePosixPath(new).parents][:-1]
        for path in (new, *above):
            if path not in leaving and (pending.get(path) or self.read(path)):
                what = f'new file "{new}"' if path == new else f'"{path}", above "{new}",'
                raise TemplateError(
                    f"{at}: {what} is already there",
                    "take its diff out, or write it against the file",
                )
        if self._base.has_directory(new):
            raise TemplateError(f'{at}: new file "{new}" is a directory', "name a file inside it")

    def _change(
        self, file: AnchoredFile, place: str, pending: dict[str, TreeFile | None]
    ) -> dict[str, TreeFile | None]:
        old = self._old(file, place, pending)
        lines = _LINES.findall(from_bytes(old.data)) if old else []
        if old:
            lines = replace_hunks(lines, file.hunks, file.old_path or "", place)
        else:
            lines = [line for hunk in file.hunks for line in hunk.image("+")]
        changed: dict[str, TreeFile | None] = {}
        if file.old_path and file.old_path != file.new_path:
            changed[file.old_path] = None
        if file.new_path:
            mode = file.new_mode or (old.mode if old else "100644")
            changed[file.new_path] = TreeFile(mode, to_bytes("".join(lines)))
        elif lines:
            raise TemplateError(
                f"{place}:{file.line}: {file.old_path} is deleted, but {len(lines)} of its lines"
                " are not in the hunk",
                "give the whole file",
            )
        return changed

    def _old(
        self, file: AnchoredFile, place: str, pending: dict[str, TreeFile | None]
    ) -> TreeFile | None:
        if file.old_path is None:
            return None
        old = pending.get(file.old_path) or self.read(file.old_path)
        if old is None:
            raise TemplateError(
                f'{place}:{file.line}: no file "{file.old_path}" in {self._base.name}',
                _similar(similar_paths(self._base, file.old_path)),
            )
        return old


def _similar(paths: Iterable[str]) -> str:
    found = list(paths)
    if not found:
        return "no file of that name anywhere in the tree"
    return "\n".join(["files of that name:", *found])
