"""What came of building a series in each of several ways, told once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from patchgen.building.diagnostics import Diagnostic
from patchgen.building.locate import mail_line
from patchgen.building.outcome import PatchBuild, StepBuild, UncompiledLines
from patchgen.checks.subjects import DocumentedPatch
from patchgen.report import ReportedBuild, Stage, Step
from patchgen.series.text import line_ranges
from patchgen.stages.facts import Facts
from patchgen.trees.repository import Repository

_NAMED = 3
"""How many files that are not compiled are named."""
_Key = tuple[int, str, int, str]


@dataclass(frozen=True, slots=True)
class BuiltSeries:
    """The base and every step, built in one way; the ordinary one has no name.

    ``how`` is for people. ``never`` are the lines that no step compiles, None where the last does
    not build, and ``not_built`` the files of which there is no object.
    """

    name: str
    more_warnings: bool
    how: str
    base: StepBuild
    builds: tuple[PatchBuild, ...]
    never: tuple[UncompiledLines, ...] | None
    not_built: tuple[str, ...]

    @property
    def stage(self) -> str:
        """The name of the stage in the report."""
        return stage_name(self.name)


def stage_name(entry: str) -> str:
    """What the report calls building in the way of this entry of the matrix."""
    return f"build: {entry}" if entry else "build"


def hand_on(
    built: Sequence[BuiltSeries], repository: Repository, walls: bool, facts: Facts
) -> None:
    """Give checks and report what there is to say, nothing of it twice."""
    said = {*_documented(facts.subjects)}
    for one in built:
        fresh = [*_unsaid(one, said)]
        facts.subjects += fresh
        for build in one.builds:
            said.update(key for key in _keys_of(build))
        _skip_failed(one, facts)
        facts.stages.append(_stage(one, walls))
        facts.builds += [
            _reported(build, one.name) for build in (one.base, *(step.build for step in one.builds))
        ]
    lines = [*_never_compiled(built, repository)]
    facts.subjects += [it for it in lines if not it.found.doubt]
    _skip_doubtful(lines, facts)
    named = {it.found.path for it in lines}
    left = [path for path in _without_objects(built) if path not in named]
    _skip_not_built(left, facts)


def _documented(subjects: Iterable[object]) -> Iterator[_Key]:
    """What kernel-doc has said already: make W=1 asks it, too."""
    for subject in subjects:
        if isinstance(subject, DocumentedPatch):
            for one, _ in subject.fresh:
                yield from _keys(subject.patch.position, one)


def _unsaid(one: BuiltSeries, said: set[_Key]) -> Iterator[PatchBuild]:
    """The builds without the diagnostics that were said of the same patch."""
    for build in one.builds:
        number = build.build.number
        silent = not any(one.is_error for one in build.build.diagnostics)
        if silent and not build.build.succeeded and _complaint(build) in said:
            continue
        yield replace(
            build,
            entry=one.name,
            more_warnings=one.more_warnings,
            fresh=tuple(it for it in build.fresh if said.isdisjoint(_keys(number, it[0]))),
            gone=tuple(it for it in build.gone if said.isdisjoint(_keys(-number, it))),
        )


def _keys_of(build: PatchBuild) -> Iterator[_Key]:
    number = build.build.number
    for one, _ in build.fresh:
        yield from _keys(number, one)
    for one in build.gone:
        yield from _keys(-number, one)
    if not build.build.succeeded:
        yield _complaint(build)


def _complaint(build: PatchBuild) -> _Key:
    return build.build.number, "", 0, build.build.complaint


def _keys(number: int, one: Diagnostic) -> Iterator[_Key]:
    """By what a diagnostic is known in the words of another compiler, too.

    That is what it warns of, and that it is an error, at a line; below 0 the number is that of a
    patch which makes it go away.
    """
    yield number, one.path, one.line, one.text
    if one.is_error:
        yield number, one.path, one.line, "error"
    elif one.flag.startswith("-W"):
        yield number, one.path, one.line, one.flag


def _skip_failed(one: BuiltSeries, facts: Facts) -> None:
    within, check = "", "changed-line-not-compiled"
    if one.name:
        within = f" with {one.name}"
    if not one.base.succeeded:
        reason = f'the base tree itself does not build{within}: "{one.base.complaint}"'
        facts.skip(reason, f"build-failed: {one.name}" if one.name else "build-failed")
    for build in one.builds:
        if not build.build.succeeded:
            number = build.build.number
            facts.skip(f"patch {number} does not build{within}", f"{check}: patch {number}")


def _never_compiled(
    built: Sequence[BuiltSeries], repository: Repository
) -> Iterator[UncompiledLines]:
    """The lines that were not compiled in any way.

    Where a step of the series does not build in one, that one may have compiled any.
    """
    if any(one.never is None and one.base.succeeded for one in built):
        return
    first, *others = [one.never for one in built if one.never is not None] or [()]
    left = [
        {
            (it.applied.number, it.found.path, number): it.found.doubt
            for it in never
            for number in it.found.lines
        }
        for never in others
    ]
    for it in first:
        lines = tuple(
            line
            for line in it.found.lines
            if all((it.applied.number, it.found.path, line) in one for one in left)
        )
        if not lines:
            continue
        doubts = (one[it.applied.number, it.found.path, line] for one in left for line in lines)
        doubt = it.found.doubt or next(filter(None, doubts), "")
        at = it.line
        if lines != it.found.lines:
            at = mail_line(repository, it.applied, it.found.path, lines[0])
        yield UncompiledLines(it.applied, replace(it.found, lines=lines, doubt=doubt), at)


def _skip_doubtful(lines: Iterable[UncompiledLines], facts: Facts) -> None:
    for one in lines:
        if doubt := one.found.doubt:
            several = "s" if len(one.found.lines) > 1 else ""
            where = f"line{several} {line_ranges(one.found.lines)} of {one.found.path}"
            facts.skip(doubt, f"changed-line-not-compiled: {where}")


def _without_objects(built: Sequence[BuiltSeries]) -> Iterator[str]:
    """The files that were not built in any way."""
    first, *others = built
    return (path for path in first.not_built if all(path in one.not_built for one in others))


def _skip_not_built(paths: Sequence[str], facts: Facts) -> None:
    """Name the files that no build had a look at; many of them are counted."""
    reason = "no object is made of it with this configuration; see --config and --targets"
    facts.skip(reason, *(f"build: {path}" for path in paths[:_NAMED]))
    if (more := len(paths) - _NAMED) > 0:
        facts.skip(reason, f"build: {more} more file{'' if more == 1 else 's'}")


def _stage(one: BuiltSeries, walls: bool) -> Stage:
    steps = [_step(one.base, 0)]
    steps += [_step(build.build, len(build.fresh)) for build in one.builds]
    good = sum(build.build.succeeded for build in one.builds)
    base = "the base and " if one.base.succeeded else "not the base, "
    where = "in a sandbox" if walls else "without a sandbox"
    how = f", {one.how}" if one.how else ""
    summary = f"{base}{good} of {len(one.builds)} steps build, {where}{how}"
    return Stage(one.stage, summary, tuple(steps))


def _step(build: StepBuild, fresh: int) -> Step:
    count = len(build.compiled)
    detail = "known" if build.known else f"{count} object{'' if count == 1 else 's'} compiled"
    if fresh:
        detail += f", {fresh} new diagnostic{'' if fresh == 1 else 's'}"
    return Step(build.number, "builds" if build.succeeded else "fails", detail)


def _reported(build: StepBuild, entry: str) -> ReportedBuild:
    diagnostics = tuple(str(diagnostic) for diagnostic in build.diagnostics)
    return ReportedBuild(build.number, build.succeeded, diagnostics, build.command, entry)
