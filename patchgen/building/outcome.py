"""What came of building a tree, and what is new in it since the tree before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from patchgen.building.compiled.uncompiled import Uncompiled
from patchgen.building.diagnostics import Diagnostic, new_ones
from patchgen.building.locate import patch_line
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch
from patchgen.trees.repository import Repository

_COMPLAINS = re.compile(r"(?:^|\W)[Ee]rror: |\*\*\* |: undefined reference |: syntax error")


@dataclass(frozen=True, slots=True)
class StepBuild:
    """What came of building one tree: number 0 is the base.

    ``diagnostics`` are those of the whole tree, also of objects that did not need compiling
    again; ``compiled`` are the objects that did. ``command`` reproduces it in the step's tree.
    What is ``known`` was not built this time; its log is the complaint.
    """

    number: int
    succeeded: bool
    diagnostics: tuple[Diagnostic, ...]
    compiled: tuple[str, ...]
    log: str
    command: str
    known: bool = False

    @property
    def complaint(self) -> str:
        """The line of the log that says best why make failed: its first error, else the last."""
        lines = [line.strip() for line in self.log.splitlines() if line.strip()] or ["no output"]
        return next((line for line in lines if _COMPLAINS.search(line)), lines[-1])


@dataclass(frozen=True, slots=True)
class PatchBuild:
    """The build of a patch's tree, and what is new in it with the line of the mail it is at.

    ``gone`` are the warnings of the base that the tree before has, and this one, which builds, has
    not; those that came with the series are its own matter. ``entry`` names the way in which it was
    built, if that is not the ordinary one; ``more_warnings`` says that the compiler was asked for
    such as kernels are usually built without.
    """

    applied: AppliedPatch
    build: StepBuild
    fresh: tuple[tuple[Diagnostic, int | None], ...]
    base_succeeded: bool
    gone: tuple[Diagnostic, ...] = ()
    entry: str = ""
    more_warnings: bool = False

    @property
    def within(self) -> str:
        """What a message begins with that is about this way to build only."""
        return f"with {self.entry}: " if self.entry else ""


@dataclass(frozen=True, slots=True)
class UncompiledLines:
    """Lines that a patch adds and no step compiles.

    ``line`` is the first's in the mail; the numbers in ``found`` are those in the tree after the
    patch.
    """

    applied: AppliedPatch
    found: Uncompiled
    line: int | None


class Comparison:
    """Tells what is new in each tree, from what was said of the ones before it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._base_succeeded = self._succeeded = True
        self._before: tuple[Diagnostic, ...] = ()
        self._of_base: tuple[Diagnostic, ...] = ()

    def start(self, base: StepBuild) -> StepBuild:
        """Take the build of the base as the one before the first step's; hands it back."""
        self._base_succeeded = self._succeeded = base.succeeded
        self._before = self._of_base = base.diagnostics
        return base

    def compare(self, step: AppliedPatch, now: StepBuild) -> PatchBuild:
        """The build of ``step``, the one after the last, next to the last one."""
        renamed = self._renamed(step)
        before = _with_paths(self._before, renamed)
        self._of_base = _with_paths(self._of_base, renamed)
        fresh = tuple(
            (diagnostic, patch_line(self._repository, step, diagnostic))
            for diagnostic in new_ones(before, now.diagnostics)
        )
        old = {one.identity for one in self._of_base if not one.is_error}
        gone = tuple(one for one in new_ones(now.diagnostics, before) if one.identity in old)
        kept = gone if now.succeeded and self._succeeded else ()
        self._succeeded = now.succeeded
        # What a step that fails does not get to say is not new when a later one says it again.
        self._before = (*now.diagnostics, *(() if now.succeeded else before))
        return PatchBuild(step, now, fresh, self._base_succeeded, self._of_files(step, kept))

    def _of_files(self, step: AppliedPatch, gone: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Those that are not gone because the patch removes their file."""
        removed = {file.old_path for file in step.patch.diff.files if file.new_path is None}
        return tuple(one for one in gone if one.path not in removed)

    def _renamed(self, step: AppliedPatch) -> Mapping[str, str]:
        """From old to new path for every file that is renamed: its warnings move with it."""
        found = ("diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status")
        listed = self._repository.run(*found, step.before, step.after)
        fields = from_bytes(listed).split("\0")
        return dict(zip(fields[1::3], fields[2::3], strict=False))


def _with_paths(
    diagnostics: tuple[Diagnostic, ...], renamed: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    return tuple(replace(one, path=renamed.get(one.path, one.path)) for one in diagnostics)
