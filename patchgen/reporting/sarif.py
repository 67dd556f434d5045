"""The report as SARIF 2.1.0, for code scanning.

Format: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard.
"""

import hashlib
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from patchgen.findings import Finding
from patchgen.report import Report, ReportedRule
from patchgen.reporting.examined import ignored_in_words
from patchgen.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_FINGERPRINT = "patchgenFinding/v1"
_COUNTED = re.compile(r"\b[0-9a-f]{7,64}\b|\d+")
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def format_sarif(report: Report) -> str:
    """One run; results in the order of the findings, skipped ones as notifications.

    A fingerprint is made of the check, the patch's summary and the message without numbers and
    commit ids, so that it is the same in the next version of the series.
    """
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _run(report: Report) -> dict[str, Any]:
    rules = report.rules()
    ids = [rule.id for rule in rules]
    seen: Counter[str] = Counter()
    results = []
    for finding in report.findings:
        mark = _fingerprint(report, finding)
        seen[mark] += 1
        results.append(_result(finding, ids, f"{mark}:{seen[mark]}"))
    driver = {
        "name": "patchgen",
        "version": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    invocation: dict[str, Any] = {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": _message(f"{one.what}: {one.reason}")}}
            for one in report.skipped
        ],
    }
    if report.command:
        invocation["commandLine"] = _text(report.command)
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
        "properties": {
            "series": _text(report.title),
            "ignored": [f"{one.check}: {ignored_in_words(one)}" for one in report.ignored],
        },
    }


def _rule(rule: ReportedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": _message(rule.title)},
        "fullDescription": {"text": _message(rule.why or rule.title)},
        "help": {
            "text": f"{rule.title}\n\n{rule.why}\n\nBad:\n{rule.bad}\n\nGood:\n{rule.good}",
            "markdown": f"{rule.title}\n\n{rule.why}\n\n**Bad**\n\n```\n{rule.bad}\n```\n\n"
            f"**Good**\n\n```\n{rule.good}\n```\n",
        },
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _result(finding: Finding, ids: list[str], fingerprint: str) -> dict[str, Any]:
    problem = finding.problem
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.location.file)}}
    if problem.location.line:
        place["region"] = {"startLine": problem.location.line}
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "level": str(finding.severity),
        "message": {"text": _message(problem.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"patch": problem.location.patch, "hint": _text(problem.hint)},
    }
    if finding.rule in ids:
        result["ruleIndex"] = ids.index(finding.rule)
    return result


def _fingerprint(report: Report, finding: Finding) -> str:
    number = finding.problem.location.patch
    of_patch = (patch.summary for patch in report.patches if patch.number == number)
    parts = (finding.check, next(of_patch, report.title), finding.problem.message)
    stable = "\0".join(_COUNTED.sub("#", part) for part in parts)
    return hashlib.sha256(stable.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _uri(file: str) -> str:
    quoted = quote(file.encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _message(text: str) -> str:
    """Text for a message, in which ``[this](that)`` would be a link (SARIF 2.1.0, 3.11.6)."""
    return _LINK.sub(r"\\[", _text(text))


def _text(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
