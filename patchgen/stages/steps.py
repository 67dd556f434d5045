"""Building the base and every step, and running what was built before the next step is."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from patchgen.building.kbuild.builder import KernelBuilder
from patchgen.building.kbuild.kept import LIMIT, make_room
from patchgen.building.kbuild.kernel import (
    cannot_build_kernel,
    cannot_build_variant,
    identity,
    is_kernel,
)
from patchgen.building.kbuild.place import tree_place
from patchgen.building.make import TreeBuilder, cannot_build
from patchgen.building.outcome import PatchBuild
from patchgen.promises import Claim
from patchgen.rendering.template import load_template, shipped_series
from patchgen.series.model import Series
from patchgen.settings.matrix import MatrixEntry
from patchgen.stages.boot import BootTests
from patchgen.stages.built import BuiltSeries, hand_on, stage_name
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.stages.matrix import variants_of
from patchgen.stages.run import HostTests, StepRunner
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base

NO_SANDBOX = (
    "bubblewrap is not installed or may not make a sandbox here; --no-sandbox does without one"
)
"""Why nothing of a series runs here."""
_TAKES_MINUTES = "building a kernel takes minutes; --build does it"


def build_steps(
    series: Series,
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    matrix: Sequence[MatrixEntry],
    workspace: Path,
    facts: Facts,
    progress: Progress,
) -> None:
    """Build and run, where the tree says how; a kernel in the ways of ``matrix``, too."""
    walls = wishes.walls.stand()
    others = tuple(stage_name(entry.name) for entry in matrix)
    if reason := _cannot_build(base, applied, wishes, walls):
        facts.skip(reason, "build", "run", *others)
        return
    if not is_kernel(base):
        facts.skip("only kernels are built in several ways", *others)
    with _builders(base, applied, wishes, matrix, workspace, bool(walls), facts, progress) as ways:
        _build(ways, series, base, applied, wishes, workspace, bool(walls), facts, progress)


def _cannot_build(
    base: Base, applied: AppliedSeries, wishes: Wishes, walls: bool | None
) -> str | None:
    if walls is None:
        return NO_SANDBOX
    if is_kernel(base):
        if wishes.build is None and not wishes.kernel.said:
            return _TAKES_MINUTES
        return cannot_build_kernel(base, applied, walls)
    return cannot_build(base, applied, walls)


@contextmanager
def _builders(
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    matrix: Sequence[MatrixEntry],
    workspace: Path,
    walls: bool,
    facts: Facts,
    progress: Progress,
) -> Iterator[Iterator[TreeBuilder | KernelBuilder]]:
    """What builds in one way after the other: they write into the same source directory."""
    tree = identity(base) if is_kernel(base) else None
    if tree is None:
        yield iter((TreeBuilder(base, applied, workspace / "build", walls),))
        return
    ways = []
    for variant in variants_of(wishes, matrix, base):
        if reason := cannot_build_variant(applied, variant):
            facts.skip(reason, stage_name(variant.name), *(() if variant.name else ("run",)))
        else:
            ways.append(variant)
    began = time.time()
    with tree_place(tree, progress) as place:
        yield (
            KernelBuilder(base, applied, place, one, walls, progress, one.wishes.boot)
            for one in ways
        )
    limit = wishes.settings.cache_limit
    make_room(LIMIT if limit is None else limit, began, progress)


def _build(
    ways: Iterator[TreeBuilder | KernelBuilder],
    series: Series,
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    workspace: Path,
    walls: bool,
    facts: Facts,
    progress: Progress,
) -> None:
    """Build in all ways, and run what is built in the ordinary one."""
    built: list[BuiltSeries] = []
    runner = tests = None
    for builder in ways:
        own = None
        if not builder.name:
            tests = _tests(builder, base, applied, wishes, workspace, walls)
            own = runner = StepRunner(tests, walls)
        built.append(_built(builder, applied, own, progress))
    if built:
        hand_on(built, applied.repository, walls, facts)
    if runner:
        runner.report(_claims(series, wishes), facts)
    if isinstance(tests, BootTests) and tests.not_decoded:
        facts.skip(tests.not_decoded, "run: lines of the source in traces")


def _built(
    builder: TreeBuilder | KernelBuilder,
    applied: AppliedSeries,
    runner: StepRunner | None,
    progress: Progress,
) -> BuiltSeries:
    """Build the base and every step, and run each before the next one is built."""
    within = f" with {builder.name}" if builder.name else ""
    progress(f"building the base tree{within}")
    first = builder.build_base()
    if runner:
        runner.run(first, None, progress)
    builds: list[PatchBuild] = []
    for step in applied.steps:
        progress(f"building patch {step.patch.position} of {len(applied.steps)}{within}")
        builds.append(builder.build_step(step))
        if runner:
            runner.run(builds[-1].build, step.patch, progress)
    ends_well = bool(builds) and builds[-1].build.succeeded
    never = builder.never_compiled() if ends_well else None
    not_built = builder.not_built()
    return BuiltSeries(
        builder.name,
        builder.more_warnings,
        builder.how,
        first,
        tuple(builds),
        never,
        not_built,
    )


def _tests(
    builder: TreeBuilder | KernelBuilder,
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    workspace: Path,
    walls: bool,
) -> HostTests | BootTests:
    if wishes.boot and isinstance(builder, KernelBuilder):
        last = max((step.patch.position for step in applied.steps), default=0)
        directory = workspace / "boot"
        return BootTests(builder.objects, builder.source, directory, wishes.boot, last, walls)
    return HostTests(base, builder.objects, wishes, walls)


def _claims(series: Series, wishes: Wishes) -> tuple[Claim, ...]:
    if wishes.claims:
        return load_template(wishes.claims).claims
    templates = [load_template(name) for name in shipped_series()]
    same = (template.claims for template in templates if template.title == series.title)
    return next(same, ())
