"""Holding the findings against the settings: what counts how much, and what is left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from patchgen.errors import UsageError
from patchgen.findings import Finding, Location, Severity
from patchgen.report import ReportedIgnore
from patchgen.series.model import Patch, Series
from patchgen.settings.model import Ignore, Settings
from patchgen.settings.read import GENERIC, Ids, load_profile, parse_toml
from patchgen.stages.facts import Facts
from patchgen.trees.apply import touched_paths
from patchgen.trees.base import MANIFEST, Base, NoBase


def settings_on(
    base: Base | NoBase, series: Series, facts: Facts, above: Settings, checks: Ids
) -> Settings:
    """The settings ``above``, over those of the base tree, over those of their profile.

    Raises UsageError when the tree's mean nothing; unless the series changes them, as it may be
    the one that mends them. Its own ``patchgen.toml`` is not read: nobody may ignore findings in
    what he posts.
    """
    data = None if isinstance(base, NoBase) else base.read(MANIFEST)
    if data is not None:
        try:
            above = above.over(parse_toml(data, f"the base tree's {MANIFEST}", checks))
        except UsageError as error:
            if MANIFEST not in touched_paths(series.patches):
                raise
            facts.skip(error.message, "settings")
    return above.over(load_profile(above.profile or GENERIC, checks))


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings to report, and for everything that is ignored how often it was found."""

    findings: tuple[Finding, ...]
    ignored: tuple[ReportedIgnore, ...]


def judge(findings: Iterable[Finding], series: Series, settings: Settings) -> Judged:
    """Give the findings the severities of the settings and leave the ignored ones out."""
    severities = dict(settings.severities)
    counts = dict.fromkeys(settings.ignores, 0)
    kept = []
    for finding in findings:
        ignore = _ignore(finding, series, settings.ignores)
        if ignore:
            counts[ignore] += 1
        else:
            severity = _severity(finding, severities)
            kept.append(replace(finding, severity=severity))
    return Judged(tuple(kept), tuple(_reported(ignore, count) for ignore, count in counts.items()))


def _severity(finding: Finding, severities: Mapping[str, Severity]) -> Severity:
    """What is said of a kind of finding goes before what is said of the whole check."""
    return severities.get(finding.check, severities.get(finding.rule, finding.severity))


def _ignore(finding: Finding, series: Series, ignores: Iterable[Ignore]) -> Ignore | None:
    for ignore in ignores:
        if ignore.check in (finding.check, finding.rule):
            location = finding.problem.location
            if ignore.covers(_paths(series, location), _summary(series, location)):
                return ignore
    return None


def _patch(series: Series, location: Location) -> Patch | None:
    found = (patch for patch in series.patches if patch.position == location.patch)
    return next(found, None)


def _summary(series: Series, location: Location) -> str:
    patch = _patch(series, location)
    return patch.subject.summary if patch else series.title


def _paths(series: Series, location: Location) -> Iterator[str]:
    """The file in whose diff the place lies; else all files of the patch, or of the series."""
    patch = _patch(series, location)
    if patch and location.line is not None and location.file == patch.file:
        before = [file for file in patch.diff.files if file.line <= location.line]
        if before:
            yield before[-1].path
            return
    for one in (patch,) if patch else series.patches:
        yield from (file.path for file in one.diff.files)


def _reported(ignore: Ignore, count: int) -> ReportedIgnore:
    narrowed = (ignore.path, ignore.subsystem and f"{ignore.subsystem}:")
    scope = ", ".join(word for word in narrowed if word)
    return ReportedIgnore(ignore.check, count, ignore.reason, scope, ignore.where)
