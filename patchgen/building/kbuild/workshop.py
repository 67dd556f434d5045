"""The directories in which trees of a kernel are written and built, one after the other."""

import re
import shlex
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath

from patchgen.building.compiled.built import Built, MadeObject, NoObject
from patchgen.building.compiled.config import read_config
from patchgen.building.kbuild.commands import objects_reading
from patchgen.building.kbuild.configuration import Configuration
from patchgen.building.kbuild.configure import Configurator
from patchgen.building.kbuild.making import KernelMake, in_turn
from patchgen.building.kbuild.place import ObjectPlace, TreePlace
from patchgen.building.kbuild.rules import why_no_object
from patchgen.building.kbuild.said import Said
from patchgen.building.kbuild.targets import made_in, outermost, without_objects
from patchgen.building.kbuild.times import give_back_times, kept_sources
from patchgen.building.kbuild.variant import Variant
from patchgen.building.kbuild.written import write_base
from patchgen.building.outcome import StepBuild
from patchgen.building.source import write_step
from patchgen.errors import InputError
from patchgen.process import Completed
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch, AppliedSeries, touched_paths
from patchgen.trees.base import Base, CommitBase

_NO_RULE = re.compile(r"make(?:\[\d+\])?: \*\*\* No rule to make target '(\S+)'\.(?: +Stop\.)?")


class Workshop:
    """A source directory and a build directory, and in them one tree of a series at a time.

    ``asked`` is what make was asked for last.
    """

    def __init__(
        self,
        base: Base,
        applied: AppliedSeries,
        place: TreePlace,
        where: ObjectPlace,
        configuration: Configuration,
        variant: Variant,
        wanted: Sequence[str],
        walls: bool,
    ) -> None:
        self.asked: tuple[str, ...] = ()
        self._base = base
        self._applied = applied
        self._place = place
        self._where = where
        self._variant = variant
        self._wanted = wanted
        tools = variant.toolchain
        self._make = KernelMake(place.source, where.objects, tools, walls, place.cache)
        self._configuration = configuration
        self._configurator = Configurator(self._make, where, configuration)
        self._said = Said(where)
        self._at: int | None = None

    def build(self, number: int, progress: Callable[[str], None]) -> StepBuild:
        """Write the tree after so many steps and build it; no step comes after a later one.

        Raises InputError when the configuration cannot be made, or a target, that the user named.
        """
        before = kept_sources(self._place.source, self._paths(number)) if not self._at else ()
        if self._at is None:
            failed = self._begin(progress)
            if failed:
                return failed
        kconfig = False
        for step in self._applied.steps[self._at or 0 : number]:
            write_step(self._applied.repository, step, self._place.source)
            kconfig = kconfig or any(_is_kconfig(file.path) for file in step.patch.diff.files)
        give_back_times(before)
        self._at = number
        progress(f"building {_named(number, self._applied.steps)}")
        return self._build(_position(number, self._applied.steps), kconfig)

    def _paths(self, number: int) -> tuple[str, ...]:
        return touched_paths(step.patch for step in self._applied.steps[:number])

    def be_at(self, number: int, progress: Callable[[str], None]) -> None:
        """Have the tree after so many steps in the directories, and have it built."""
        if self._at != number:
            self.build(number, progress)

    def _begin(self, progress: Callable[[str], None]) -> StepBuild | None:
        """Write the base and configure it; the build where that fails."""
        progress("writing the source of the base tree")
        write_base(self._base, self._place)
        progress("configuring the base tree")
        with self._where.building() as ended:
            commit = self._base.commit if isinstance(self._base, CommitBase) else ""
            done = self._configurator.configure_base(commit)
            if not done.stopped:
                ended()
        self._at = 0
        if done.status == 0 and not done.stopped:
            return None
        build = self._outcome(0, done, ())
        if named := self._variant.wishes.defconfig:
            raise InputError(
                f'make {named} fails: "{build.complaint}"', "--defconfig takes its target"
            )
        return build

    def built(self) -> Built:
        """What there is to ask about lines of the source."""
        source, objects = self._place.source, self._where.objects

        def config() -> str:
            place = objects / ".config"
            plain = place.is_file() and not place.is_symlink()
            return from_bytes(place.read_bytes()) if plain else ""

        def made(paths: Collection[str]) -> tuple[MadeObject, ...]:
            return objects_reading(paths, source, objects)

        def why_not(path: str) -> NoObject:
            return why_no_object(path, source, objects, read_config(config()))

        clang = self._variant.toolchain.is_clang
        return Built(source, objects, made, self._make.confined, clang, config, why_not)

    def without_objects(self, paths: Collection[str]) -> tuple[str, ...]:
        """Those C files of which the last build makes no object, headers that none includes."""
        said = self._said.objects
        return tuple(without_objects(paths, self._place.source, self._where.objects, said))

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
        found = made_in((*self.asked, *self._wanted), self._place.source)
        self.asked = outermost({*found})
        targets = [*self.asked]
        while targets:
            done = self._make.run(*targets)
            unknown = {match[1] for match in _NO_RULE.finditer(_text(done))}
            if wrong := unknown.intersection(self._variant.required):
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
            self._said.about(self.asked, self._place.source, self._where.objects),
            compiled,
            log + (f"the build {done.stopped}\n" if done.stopped else ""),
            self.command(self.asked),
        )

    def command(self, asked: Sequence[str]) -> str:
        """What people type to make these targets themselves, in a checkout of the tree."""
        make = shlex.join(("make", *self._variant.toolchain.settings))
        made = (f"{make} {shlex.join(some)}" for some in in_turn(asked))
        return " && ".join((*self._configuration.recipe(make), *made))


def _named(number: int, steps: Sequence[AppliedPatch]) -> str:
    if number == 0:
        return "the base tree"
    return f"patch {_position(number, steps)} of {len(steps)}"


def _position(number: int, steps: Sequence[AppliedPatch]) -> int:
    return steps[number - 1].patch.position if number else 0


def _is_kconfig(path: str) -> bool:
    return PurePosixPath(path).name.startswith("Kconfig")


def _text(done: Completed) -> str:
    return done.output.decode("utf-8", "replace")
