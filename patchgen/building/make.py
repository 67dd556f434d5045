"""Building every step of a fixture tree with its Makefile, incrementally."""

import os
import re
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from patchgen.building.compiled.added import AddedLines
from patchgen.building.compiled.built import Built, MadeObject
from patchgen.building.compiled.dry_run import objects_made
from patchgen.building.diagnostics import Diagnostic, by_object
from patchgen.building.outcome import Comparison, PatchBuild, StepBuild, UncompiledLines
from patchgen.building.source import write_step, write_tree
from patchgen.process import Completed
from patchgen.sandbox import PLAIN, Limits, Sandbox, run_confined, toolchain
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch, AppliedSeries
from patchgen.trees.base import Base

_LIMITS = Limits(seconds=120.0, memory=4 << 30)
_QUIETLY = ("--output-sync=target", "--no-print-directory", "--keep-going", "-rR")
# Rules put names into shell commands: nothing in one may mean something to a shell or be an option.
_PLAIN_PATH = re.compile(r"[\w.+][\w.+-]*(?:/[\w.+][\w.+-]*)*", re.ASCII)
_RUNS_COMMANDS = ("Makefile", "GNUmakefile", "makefile", "Kbuild", "Kconfig", "patchgen.toml")


def _compiler() -> str:
    return os.environ.get("CC") or "gcc"


def cannot_build(base: Base, applied: AppliedSeries, walls: bool) -> str | None:
    """Why a series is not built, or None when it can be.

    Without ``walls`` only the compiler may ever read what the series brings: where it changes
    files from which make would run commands, it is not built.
    """
    if base.manifest is None or "build" not in base.manifest:
        return "the base tree does not say how it is built; only fixture trees do"
    for tool in ("make", _compiler().split()[0]):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    for step in applied.steps:
        for file in step.patch.diff.files:
            name = PurePosixPath(file.path).name
            makes = name in _RUNS_COMMANDS or name.endswith(".mk")
            if (makes and not walls) or not _PLAIN_PATH.fullmatch(file.path):
                return (
                    f'patch {step.patch.position} changes "{file.path}", which could run commands'
                )
    return None


class TreeBuilder:
    """Builds the base and then step after step in one directory, so that only what changed is
    compiled. Make one only when `cannot_build` has no reason.

    ``objects`` is the directory with what was built last; ``how`` has nothing to add, and there is
    one way to build only, which has no ``name``.
    """

    name = ""
    more_warnings = False
    how = ""

    def __init__(self, base: Base, applied: AppliedSeries, directory: Path, walls: bool) -> None:
        self.objects = directory / "obj"
        self._source = directory / "src"
        self._walls = walls
        self._applied = applied
        self._targets: Sequence[str] = (base.manifest or {})["build"].get("targets", ["all"])
        self._known: dict[str, tuple[Diagnostic, ...]] = {}
        self._comparison = Comparison(applied.repository)
        self._added = AddedLines(applied.repository, self._built)

    def build_base(self) -> StepBuild:
        """Write the base tree and build it; comes before any step."""
        write_tree(self._applied.repository, self._applied.base_commit, self._source)
        return self._comparison.start(self._build(0))

    def build_step(self, step: AppliedPatch) -> PatchBuild:
        """Make the source that of ``step``, the one after the last, and build it."""
        write_step(self._applied.repository, step, self._source)
        build = self._build(step.patch.position)
        self._added.remember(step, self._added.look(step) if build.succeeded else ())
        return self._comparison.compare(step, build)

    def never_compiled(self) -> tuple[UncompiledLines, ...]:
        """The lines of the series that no step compiles; comes after the last step."""
        return tuple(self._added.found(self._added.never_compiled(self._applied.steps[-1])))

    def not_built(self) -> tuple[str, ...]:
        """Files of which no object is made: the trees say what to build, and that is it."""
        return ()

    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        """Those of all objects; one in a header is one, however many objects include it."""
        said = (said for name in sorted(self._known) for said in self._known[name])
        return tuple(dict.fromkeys(one for one in said if (self._source / one.path).exists()))

    def _build(self, number: int) -> StepBuild:
        self.objects.mkdir(exist_ok=True)
        done = self._confined([*self._command, f"-j{os.cpu_count() or 1}", *_QUIETLY])
        log = done.output.decode("utf-8", "replace")
        compiled = by_object(log.splitlines())
        self._known |= compiled
        return StepBuild(
            number,
            done.status == 0 and not done.stopped,
            self._diagnostics(),
            tuple(sorted(name for name in compiled if name)),
            log + (f"the build {done.stopped}\n" if done.stopped else ""),
            " ".join(self._command),
        )

    @property
    def _command(self) -> tuple[str, ...]:
        where = f"O=../{self.objects.name}"
        return ("make", "-f", "Makefile", where, f"CC={_compiler()}", *self._targets)

    def _confined(self, words: Sequence[str]) -> Completed:
        readable = toolchain(_compiler().split()[0])
        sandbox = Sandbox(self._source, readable, (self.objects,), _LIMITS)
        environment = PLAIN | {"PATH": os.environ.get("PATH", os.defpath), "CCACHE_DISABLE": "1"}
        return run_confined(words, sandbox, self._walls, environment)

    def _built(self) -> Built:
        version = self._confined([*_compiler().split(), "--version"]).output
        return Built(self._source, self._source, self._made, self._confined, b"clang" in version)

    def _made(self, paths: Collection[str]) -> tuple[MadeObject, ...]:
        """The objects of the tree, by what make would do to make all of them."""
        said = self._confined([*self._command, "--dry-run", "--always-make", *_QUIETLY]).output
        return objects_made(from_bytes(said), self._source, paths)
