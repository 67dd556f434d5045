"""Building the base and then step after step of a series on a kernel."""

import re
import shlex
from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath

from patchgen.building.compiled.added import AddedLines
from patchgen.building.compiled.built import Built, MadeObject, NoObject
from patchgen.building.compiled.config import read_config
from patchgen.building.kbuild.commands import objects_reading
from patchgen.building.kbuild.configure import Configurator
from patchgen.building.kbuild.kernel import compiler, compiler_version
from patchgen.building.kbuild.making import SETTINGS, KernelMake
from patchgen.building.kbuild.place import TreePlace
from patchgen.building.kbuild.rules import why_no_object
from patchgen.building.kbuild.said import Said
from patchgen.building.kbuild.targets import (
    made_in,
    outermost,
    targets_for,
    without_objects,
)
from patchgen.building.kbuild.wanted import KernelWishes
from patchgen.building.kbuild.written import write_base
from patchgen.building.outcome import Comparison, PatchBuild, StepBuild, UncompiledLines
from patchgen.building.source import write_step
from patchgen.errors import InputError
from patchgen.process import Completed
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch, AppliedSeries, touched_paths
from patchgen.trees.base import Base, CommitBase

_NO_RULE = re.compile(r"make(?:\[\d+\])?: \*\*\* No rule to make target '(\S+)'\.(?: +Stop\.)?")


class KernelBuilder:
    """Builds the base and then step after step in one directory, so that only what changed is
    compiled. Make one only when `cannot_build_kernel` has no reason.

    ``objects`` is the directory with what was built last.
    """

    def __init__(
        self,
        base: Base,
        applied: AppliedSeries,
        place: TreePlace,
        wishes: KernelWishes,
        walls: bool,
        progress: Callable[[str], None],
    ) -> None:
        paths = touched_paths(step.patch for step in applied.steps)
        configuration = wishes.configuration(paths)
        where = place.configured(configuration.seed, compiler().encode(), compiler_version())
        self.objects = where.objects
        self._base = base
        self._applied = applied
        self._place = place
        self._where = where
        self._wanted = targets_for(paths, wishes.targets)
        self._asked: tuple[str, ...] = ()
        self._wishes = wishes
        self._make = KernelMake(place.source, where.objects, walls)
        self._configurator = Configurator(self._make, where, configuration)
        self._name = configuration.name
        self._said = Said(where)
        self._comparison = Comparison(applied.repository)
        self._added = AddedLines(applied.repository, self._built)
        self._progress = progress

    @property
    def how(self) -> str:
        """What has been built, for people."""
        return f"{self._name}: {' '.join(self._asked)}"

    def build_base(self) -> StepBuild:
        """Write the base tree, configure it and build it; comes before any step.

        Raises InputError when the configuration cannot be made, or a target, that the user named.
        """
        self._progress("writing the source of the base tree")
        write_base(self._base, self._place)
        self._progress("configuring the base tree")
        with self._where.building() as ended:
            commit = self._base.commit if isinstance(self._base, CommitBase) else ""
            done = self._configurator.configure_base(commit)
            if not done.stopped:
                ended()
        if done.status or done.stopped:
            build = self._outcome(0, done, ())
            if named := self._wishes.defconfig:
                raise InputError(
                    f'make {named} fails: "{build.complaint}"', "--defconfig takes its target"
                )
            return self._comparison.start(build)
        self._progress("building the base tree")
        return self._comparison.start(self._build(0))

    def build_step(self, step: AppliedPatch) -> PatchBuild:
        """Make the source that of ``step``, the one after the last, and build it."""
        write_step(self._applied.repository, step, self._place.source)
        kconfig = any(_is_kconfig(file.path) for file in step.patch.diff.files)
        build = self._build(step.patch.position, kconfig)
        if build.succeeded:
            self._added.built(step)
        return self._comparison.compare(step, build)

    def never_compiled(self) -> tuple[UncompiledLines, ...]:
        """The lines of the series that no step compiles; comes after the last step."""
        return tuple(self._added.never_compiled(self._applied.steps[-1]))

    def _built(self) -> Built:
        source, objects = self._place.source, self.objects

        def config() -> str:
            place = objects / ".config"
            plain = place.is_file() and not place.is_symlink()
            return from_bytes(place.read_bytes()) if plain else ""

        def made(paths: Collection[str]) -> tuple[MadeObject, ...]:
            return objects_reading(paths, source, objects)

        def why_not(path: str) -> NoObject:
            return why_no_object(path, source, objects, read_config(config()))

        clang = b"clang" in compiler_version()
        return Built(source, objects, made, self._make.confined, clang, config, why_not)

    def not_built(self) -> tuple[str, ...]:
        """The C files of the series of which the last build makes no object."""
        paths = touched_paths(step.patch for step in self._applied.steps)
        said = self._said.objects
        return tuple(without_objects(paths, self._place.source, self.objects, said))

    def _build(self, number: int, kconfig: bool = False) -> StepBuild:
        with self._where.building() as ended:
            done = self._configurator.adapt() if kconfig else Completed(0, b"")
            if done.status == 0 and not done.stopped:
                done = self._made()
            compiled = self._said.learn(_text(done), self._place.source)
            if not done.stopped:
                ended()
        return self._outcome(number, done, compiled)

    def _made(self) -> Completed:
        """Make all targets that there are; a directory may not be part of the configuration.

        What was asked for at one step is at all later ones: nothing is new for being looked at.
        """
        found = made_in((*self._asked, *self._wanted), self._place.source)
        self._asked = outermost({*found})
        targets = [*self._asked]
        while targets:
            done = self._make.run(*targets)
            unknown = {match[1] for match in _NO_RULE.finditer(_text(done))}
            if wrong := unknown.intersection(self._wishes.targets):
                raise InputError(
                    f'the kernel has no target "{min(wrong)}"',
                    "--targets takes directories such as arch/x86/kvm/, or vmlinux",
                )
            left = [one for one in targets if one not in unknown]
            if left == targets or done.stopped:
                return done
            targets = left
        return Completed(0, b"")

    def _outcome(self, number: int, done: Completed, compiled: tuple[str, ...]) -> StepBuild:
        log = _text(done)
        return StepBuild(
            number,
            done.status == 0 and not done.stopped,
            self._said.about(self._asked, self._place.source, self.objects),
            compiled,
            log + (f"the build {done.stopped}\n" if done.stopped else ""),
            self._command(self._configurator.kept),
        )

    def _command(self, config: Path) -> str:
        configured = f"cp {shlex.quote(str(config))} .config && make olddefconfig"
        return (
            f"{configured} && {shlex.join(['make', f'CC={compiler()}', *SETTINGS, *self._asked])}"
        )


def _is_kconfig(path: str) -> bool:
    return PurePosixPath(path).name.startswith("Kconfig")


def _text(done: Completed) -> str:
    return done.output.decode("utf-8", "replace")
