"""Running the stages and the checks over a series; what was not done is in the report, too."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from patchgen.checks.catalogue import IDS, run_checks
from patchgen.findings import Finding, Severity
from patchgen.report import Report, ReportedRule
from patchgen.series.model import Series
from patchgen.settings.read import GENERIC
from patchgen.stages.apply import apply_stage, read_stage
from patchgen.stages.base import base_stage
from patchgen.stages.building import build_stage
from patchgen.stages.cover import cover_stage
from patchgen.stages.diagnosis import diagnosis_stage
from patchgen.stages.facts import Facts, Progress, Wishes, silent
from patchgen.stages.judged import judge, settings_on
from patchgen.stages.landed import shown_landings
from patchgen.stages.landing import landing_stage
from patchgen.stages.matrix import chosen_entries
from patchgen.stages.origins import origins_stage
from patchgen.stages.references import references_stage
from patchgen.stages.reverts import reverts_stage
from patchgen.stages.scripts import scripts_stage
from patchgen.stages.shown import shown_letter, shown_patch
from patchgen.stages.source import source_stage
from patchgen.trees.base import Base, NoBase

if TYPE_CHECKING:
    from patchgen.reading.git_range import RangeSeries


def verify_series(
    series: Series, wishes: Wishes, workspace: Path, progress: Progress = silent
) -> Report:
    """Hold everything ``series`` claims against reality.

    Works below ``workspace`` only; ``progress`` is told what is being done. Raises InputError when
    the base that was asked for is not there.
    """
    progress("looking for the base tree")
    facts = Facts()
    base = base_stage(series, wishes, workspace, facts)
    return verify_on(series, base, wishes, workspace, progress, facts)


def verify_on(
    series: Series,
    base: Base | NoBase,
    wishes: Wishes,
    workspace: Path,
    progress: Progress = silent,
    facts: Facts | None = None,
) -> Report:
    """`verify_series` on a base that is already open; ``facts`` are those that are known."""
    facts = facts or Facts()
    settings = settings_on(base, series, facts, wishes.settings, IDS)
    matrix = chosen_entries(wishes.kernel.matrix, wishes.tree, base, series, settings.matrix)
    read_stage(series, base, facts)
    applied = apply_stage(series, base, facts, progress)
    diagnosis_stage(series, base, applied, facts, progress)
    landed = landing_stage(applied, facts)
    reverts_stage(series, landed, facts)
    references_stage(series, base, applied, facts)
    origins_stage(series, base, applied, facts, progress)
    source_stage(base, applied, facts, progress)
    cover_stage(series, applied, base.repository, facts)
    options = settings.checkpatch_options
    scripts_stage(base, applied, series, wishes, options, workspace, facts, progress)
    build_stage(series, base, applied, wishes, matrix, workspace, facts, progress)
    judged = judge(run_checks(facts.subjects, settings.only), series, settings)
    findings = tuple(sorted(judged.findings, key=_place))
    return Report(
        series.title,
        series.version,
        series.cover.file if series.cover else None,
        tuple(shown_patch(patch) for patch in series.patches),
        None if isinstance(base, NoBase) else base.name,
        tuple(facts.stages),
        findings,
        tuple(facts.skipped),
        judged.ignored,
        tuple(facts.runs),
        tuple(facts.table),
        tuple(facts.claims),
        shown_letter(series.cover, findings, facts.skipped),
        _rules,
        tuple(facts.builds),
        profile="" if settings.profile in (None, GENERIC) else settings.profile,
        only=settings.only,
        fail_on=settings.fail_on or Severity.ERROR,
        landings=shown_landings(landed, findings, wishes.show_landing),
        all_landings=wishes.show_landing,
    )


def verify_range(
    found: "RangeSeries", wishes: Wishes, workspace: Path, progress: Progress = silent
) -> Report:
    """`verify_series` for commits of a repository, on the commit where they begin.

    Series that the last of them keeps rendered are rendered again.
    """
    from patchgen.rendering.apart import Bounds
    from patchgen.stages.rendered import rendered_stage

    facts = Facts()
    rendered_stage(found, workspace, facts, progress, Bounds())
    report = verify_on(found.series, found.base, wishes, workspace, progress, facts)
    return replace(report, skipped=(*found.skipped, *report.skipped))


def _rules() -> tuple[ReportedRule, ...]:
    from patchgen.stages.rules import rules

    return rules()


def _place(finding: Finding) -> tuple[int, str, int, str, str]:
    location = finding.problem.location
    file = location.file if location.patch is None else ""
    line = location.line or 0
    return location.patch or 0, file, line, finding.check, finding.problem.message
