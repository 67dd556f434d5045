"""Building the base and every step, and running what was built before the next step is."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from patchgen.building.kbuild.builder import KernelBuilder
from patchgen.building.kbuild.kept import LIMIT, make_room
from patchgen.building.kbuild.kernel import (
    cannot_build_kernel,
    identity,
    is_kernel,
    nothing_to_build,
)
from patchgen.building.kbuild.place import tree_place
from patchgen.building.make import TreeBuilder, cannot_build
from patchgen.building.outcome import PatchBuild, StepBuild
from patchgen.promises import Claim
from patchgen.rendering.template import load_template, shipped_series
from patchgen.report import ReportedBuild, Stage, Step
from patchgen.series.model import Series
from patchgen.series.text import line_ranges
from patchgen.stages.boot import BootTests
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.stages.run import HostTests, StepRunner
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base

NO_SANDBOX = (
    "bubblewrap is not installed or may not make a sandbox here; --no-sandbox does without one"
)
"""Why nothing of a series runs here."""
_TAKES_MINUTES = "building a kernel takes minutes; --build does it"
_NAMED = 3
"""How many files that are not compiled are named."""


def build_steps(
    series: Series,
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    workspace: Path,
    facts: Facts,
    progress: Progress,
) -> None:
    """Build and run, where the tree says how."""
    walls = wishes.walls.stand()
    if reason := _cannot_build(base, applied, wishes, walls):
        facts.skip(reason, "build", "run")
        return
    with _builder(base, applied, wishes, workspace, bool(walls), progress) as builder:
        _build(builder, series, base, applied, wishes, workspace, bool(walls), facts, progress)


def _cannot_build(
    base: Base, applied: AppliedSeries, wishes: Wishes, walls: bool | None
) -> str | None:
    if walls is None:
        return NO_SANDBOX
    if is_kernel(base):
        if wishes.build is None and not wishes.kernel.said:
            return _TAKES_MINUTES
        return cannot_build_kernel(base, applied, walls) or nothing_to_build(applied, wishes.kernel)
    return cannot_build(base, applied, walls)


@contextmanager
def _builder(
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    workspace: Path,
    walls: bool,
    progress: Progress,
) -> Iterator[TreeBuilder | KernelBuilder]:
    tree = identity(base) if is_kernel(base) else None
    if tree is None:
        yield TreeBuilder(base, applied, workspace / "build", walls)
        return
    began = time.time()
    with tree_place(tree, progress) as place:
        boots = bool(wishes.boot)
        yield KernelBuilder(base, applied, place, wishes.kernel, walls, progress, boots)
    limit = wishes.settings.cache_limit
    make_room(LIMIT if limit is None else limit, began, progress)


def _build(
    builder: TreeBuilder | KernelBuilder,
    series: Series,
    base: Base,
    applied: AppliedSeries,
    wishes: Wishes,
    workspace: Path,
    walls: bool,
    facts: Facts,
    progress: Progress,
) -> None:
    tests = _tests(builder, base, applied, wishes, workspace, walls)
    runner = StepRunner(tests, walls)
    progress("building the base tree")
    first = builder.build_base()
    runner.run(first, None, progress)
    builds: list[PatchBuild] = []
    for step in applied.steps:
        progress(f"building patch {step.patch.position} of {len(applied.steps)}")
        builds.append(builder.build_step(step))
        runner.run(builds[-1].build, step.patch, progress)
    facts.subjects += builds
    if not first.succeeded:
        reason = f'the base tree itself does not build: "{first.complaint}"'
        facts.skip(reason, "build-failed")
    named = _lines_stage(builder, builds, facts)
    _skip_not_built([path for path in builder.not_built() if path not in named], facts)
    facts.stages.append(_stage(first, builds, walls, builder.how))
    facts.builds += [_reported(build) for build in (first, *(one.build for one in builds))]
    runner.report(_claims(series, wishes), facts)
    if isinstance(tests, BootTests) and tests.not_decoded:
        facts.skip(tests.not_decoded, "run: lines of the source in traces")


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


def _lines_stage(
    builder: TreeBuilder | KernelBuilder, builds: Sequence[PatchBuild], facts: Facts
) -> frozenset[str]:
    """Hand on the lines that no step compiles; the paths of the files that they are in."""
    for build in builds:
        if not build.build.succeeded:
            number = build.build.number
            facts.skip(
                f"patch {number} does not build", f"changed-line-not-compiled: patch {number}"
            )
    if not builds or not builds[-1].build.succeeded:
        return frozenset()
    found = builder.never_compiled()
    facts.subjects += [one for one in found if not one.found.doubt]
    for one in found:
        if doubt := one.found.doubt:
            where = f"lines {line_ranges(one.found.lines)} of {one.found.path}"
            facts.skip(doubt, f"changed-line-not-compiled: {where}")
    return frozenset(one.found.path for one in found)


def _skip_not_built(paths: Sequence[str], facts: Facts) -> None:
    """Name the files that no build had a look at; many of them are counted."""
    reason = "no object is made of it with this configuration; see --config and --targets"
    facts.skip(reason, *(f"build: {path}" for path in paths[:_NAMED]))
    if (more := len(paths) - _NAMED) > 0:
        facts.skip(reason, f"build: {more} more file{'' if more == 1 else 's'}")


def _stage(first: StepBuild, builds: list[PatchBuild], walls: bool, how: str) -> Stage:
    steps = [_step(first, 0)]
    steps += [_step(build.build, len(build.fresh)) for build in builds]
    good = sum(build.build.succeeded for build in builds)
    base = "the base and " if first.succeeded else "not the base, "
    where = "in a sandbox" if walls else "without a sandbox"
    summary = f"{base}{good} of {len(builds)} steps build, {where}{how and f', {how}'}"
    return Stage("build", summary, tuple(steps))


def _step(build: StepBuild, fresh: int) -> Step:
    count = len(build.compiled)
    detail = "known" if build.known else f"{count} object{'' if count == 1 else 's'} compiled"
    if fresh:
        detail += f", {fresh} new diagnostic{'' if fresh == 1 else 's'}"
    return Step(build.number, "builds" if build.succeeded else "fails", detail)


def _reported(build: StepBuild) -> ReportedBuild:
    diagnostics = tuple(str(diagnostic) for diagnostic in build.diagnostics)
    return ReportedBuild(build.number, build.succeeded, diagnostics, build.command)
