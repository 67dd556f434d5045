"""Building the base and then step after step of a series on a kernel."""

from collections.abc import Callable
from pathlib import Path

from patchgen.building.compiled.added import AddedLines
from patchgen.building.kbuild.place import TreePlace
from patchgen.building.kbuild.targets import targets_for
from patchgen.building.kbuild.variant import Variant
from patchgen.building.kbuild.verdicts import Ending, Verdict, Verdicts
from patchgen.building.kbuild.workshop import Workshop
from patchgen.building.kbuild.written import content_of
from patchgen.building.outcome import Comparison, PatchBuild, StepBuild, UncompiledLines
from patchgen.trees.apply import AppliedPatch, AppliedSeries, touched_paths
from patchgen.trees.base import Base
from patchgen.trees.importing import Entry


class KernelBuilder:
    """Builds the base and then step after step in one directory, so that only what changed is
    compiled, and nothing of a tree that was built before. Make one only when
    `cannot_build_kernel` and `cannot_build_variant` have no reason; the next one only when this
    one is done.

    ``objects`` is the directory with what was built last, ``source`` that of its source; with
    ``needs_objects`` they are always those of the last step, and all are built.
    """

    def __init__(
        self,
        base: Base,
        applied: AppliedSeries,
        place: TreePlace,
        variant: Variant,
        walls: bool,
        progress: Callable[[str], None],
        needs_objects: bool = False,
    ) -> None:
        self._paths = touched_paths(step.patch for step in applied.steps)
        tools = variant.toolchain
        configuration = variant.configuration(self._paths)
        made_with = " ".join(tools.settings).encode()
        self._how = configuration.name
        if variant.name:
            self._how += f", {' '.join(tools.chosen)}"
        where = place.configured(self._how, configuration.seed, made_with, tools.version)
        wanted = targets_for(self._paths, variant.wishes.wanted, tools.directory)
        self.objects: Path = where.objects
        self.source: Path = place.source
        self._applied = applied
        self._needs_objects = needs_objects
        self.name = variant.name
        self.more_warnings = bool(tools.warnings)
        self._workshop = Workshop(
            base, applied, place, where, configuration, variant, wanted, walls
        )
        self._verdicts = Verdicts(where, self._workshop.command)
        self._key = (content_of(base), " ".join(wanted).encode())
        self._asked: tuple[str, ...] = ()
        self._comparison = Comparison(applied.repository)
        self._added = AddedLines(applied.repository, self._workshop.built)
        self._progress = progress
        self._ending: Ending | None = None

    @property
    def how(self) -> str:
        """What has been built, for people."""
        return f"{self._how}: {' '.join(self._asked)}"

    def build_base(self) -> StepBuild:
        """Build the base tree, if it has to be; comes before any step.

        Raises InputError when the configuration cannot be made, or a target, that the user named.
        """
        return self._comparison.start(self._verdict(0).build)

    def build_step(self, step: AppliedPatch) -> PatchBuild:
        """Build the tree after ``step``, the one after the last, if it has to be."""
        verdict = self._verdict(step.number)
        self._added.remember(step, verdict.uncompiled)
        return self._comparison.compare(step, verdict.build)

    def never_compiled(self) -> tuple[UncompiledLines, ...]:
        """The lines of the series that no step compiles; comes after the last step."""
        return tuple(self._added.found(self._end().uncompiled))

    def not_built(self) -> tuple[str, ...]:
        """The C files of the series of which the last build makes no object."""
        return self._end().not_built

    def _verdict(self, number: int) -> Verdict:
        key = (b"tree", *self._key, self._tree(number))
        position = self._applied.steps[number - 1].patch.position if number else 0
        verdict = None if self._needs_objects else self._verdicts.verdict(position, *key)
        if verdict is None:
            build = self._workshop.build(number, self._progress)
            step = self._applied.steps[number - 1] if number else None
            lines = self._added.look(step) if step and build.succeeded else ()
            verdict = Verdict(build, self._workshop.asked, lines)
            self._verdicts.keep(verdict, *key)
        self._asked = verdict.asked
        return verdict

    def _end(self) -> Ending:
        if self._ending is None:
            last = len(self._applied.steps)
            trees = b" ".join(map(self._tree, range(last + 1)))
            key = (b"series", *self._key, trees)
            self._ending = self._verdicts.ending(*key)
            if self._ending is None:
                self._workshop.be_at(last, self._progress)
                never = tuple(self._added.never_compiled(self._applied.steps[-1]))
                self._ending = Ending(never, self._workshop.without_objects(self._paths))
                self._verdicts.keep_ending(self._ending, *key)
        return self._ending

    def _tree(self, number: int) -> bytes:
        """What tells the tree after so many steps from others on the same base: its files that
        are not those of the base, whatever other files the series touches."""
        base, *steps = self._applied.trees.steps
        net: dict[str, Entry | None] = {}
        for step in steps[:number]:
            net |= step
        changed = (item for item in sorted(net.items()) if base.get(item[0]) != item[1])
        return repr([*changed]).encode()
