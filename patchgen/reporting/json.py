"""The report as JSON, for programs."""

import json
from typing import Any

from patchgen.findings import Finding, Severity
from patchgen.report import Report, ReportedLanding
from patchgen.version import __version__

SCHEMA = 1


def format_json(report: Report) -> str:
    """An object with ``"schema": 1``; keys are only ever added to a schema.

    ``report.schema.json`` next to this module describes it. Bytes that are not UTF-8 in names and
    messages are replaced.
    """
    return json.dumps(_object(report), indent=2, ensure_ascii=True) + "\n"


def _object(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "patchgen": __version__,
        "series": {
            "title": _text(report.title),
            "version": report.version,
            "cover_letter": _text(report.cover_letter),
            "base": _text(report.base),
            "patches": [
                {
                    "number": patch.number,
                    "file": _text(patch.file),
                    "summary": _text(patch.summary),
                    "author": _text(patch.author),
                }
                for patch in report.patches
            ],
        },
        "stages": [
            {
                "name": stage.name,
                "summary": _text(stage.summary),
                "steps": [
                    {"number": step.number, "outcome": step.outcome, "detail": _text(step.detail)}
                    for step in stage.steps
                ],
            }
            for stage in report.stages
        ],
        "runs": [
            {
                "number": run.number,
                "cases": [
                    {
                        "name": _text(case.name),
                        "outcome": case.outcome,
                        "metrics": {_text(name): value for name, value, _ in case.metrics},
                    }
                    for case in run.cases
                ],
            }
            for run in report.runs
        ],
        "table": [
            {"title": _text(row.title), "unit": _text(row.unit), "values": list(row.values)}
            for row in report.table
        ],
        "builds": [
            {
                "number": build.number,
                "entry": build.entry,
                "succeeded": build.succeeded,
                "diagnostics": [_text(diagnostic) for diagnostic in build.diagnostics],
                "command": _text(build.command),
            }
            for build in report.builds
        ],
        "claims": [
            {"says": _text(claim.says), "outcome": claim.outcome, "detail": _text(claim.detail)}
            for claim in report.claims
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "landings": [_landing(landing) for landing in report.landings],
        "skipped": [
            {"what": _text(skipped.what), "reason": _text(skipped.reason)}
            for skipped in report.skipped
        ],
        "ignored": [
            {
                "check": one.check,
                "count": one.count,
                "reason": one.reason,
                "scope": one.scope,
                "where": one.where,
            }
            for one in report.ignored
        ],
        "settings": {
            "profile": report.profile,
            "only": list(report.only),
            "fail-on": str(report.fail_on),
        },
        "counts": {str(severity): report.count(severity) for severity in Severity},
        "command": _text(report.command),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "check": finding.check,
        "severity": str(finding.severity),
        "patch": problem.location.patch,
        "file": _text(problem.location.file),
        "line": problem.location.line,
        "message": _text(problem.message),
        "hint": _text(problem.hint),
    }


def _landing(landing: ReportedLanding) -> dict[str, Any]:
    return {
        "patch": landing.patch,
        "file": _text(landing.file),
        "line": landing.line,
        "path": _text(landing.path),
        "at": landing.at,
        "offset": landing.offset,
        "claimed": _text(landing.claimed),
        "found": _text(landing.found),
        "fits": list(landing.fits),
    }


def _text(text: str | None) -> str | None:
    return (
        None if text is None else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    )
