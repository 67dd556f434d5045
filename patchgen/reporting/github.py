"""The report as GitHub workflow commands, and as the Markdown of a step summary.

Format: the ``::error file=…::message`` lines that actions/runner reads in ActionCommand.cs.
"""

import re
from collections import Counter
from collections.abc import Iterator

from patchgen.findings import Finding, Severity
from patchgen.report import Report
from patchgen.reporting.text import counts, harmless, place

LIMIT = 10
"""GitHub shows this many annotations of each kind for a step and drops the others."""

_LISTED = 200
_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:@/])")


def format_github(report: Report) -> str:
    """An annotation for the findings that GitHub shows, a plain line for those it would drop.

    The first of each check comes before what the same check finds elsewhere.
    """
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    left: list[Finding] = []
    for severity in sorted(Severity, reverse=True):
        ranked = _ranked(report, severity)
        for finding in ranked[:LIMIT]:
            yield _command(finding)
        left += ranked[LIMIT:]
    for finding in left:
        message = harmless(finding.problem.message)
        yield _plain(f"{place(finding)}: {finding.severity}: {message} [{finding.check}]")
    for skipped in report.skipped:
        yield _plain(f"skipped {harmless(skipped.what)}: {harmless(skipped.reason)}")
    yield _plain(counts(report))
    if report.command:
        yield _plain(f"to do it again: {harmless(report.command)}")


def _ranked(report: Report, severity: Severity) -> list[Finding]:
    seen: Counter[str] = Counter()
    ranks = []
    for finding in report.findings:
        if finding.severity is severity:
            ranks.append((seen[finding.check], finding))
            seen[finding.check] += 1
    return [finding for _, finding in sorted(ranks, key=lambda pair: pair[0])]


def _command(finding: Finding) -> str:
    problem = finding.problem
    properties = {"file": problem.location.file, "title": finding.check}
    if problem.location.line:
        properties["line"] = str(problem.location.line)
    listed = ",".join(f"{name}={_property(properties[name])}" for name in sorted(properties))
    text = "\n".join([problem.message, *(f"hint: {one}" for one in problem.hint.splitlines())])
    return f"::{_KINDS[finding.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    """The runner undoes just these three; everything else that acts on a terminal is shown."""
    lines = (harmless(line).replace("%", "%25") for line in text.split("\n"))
    return "%0A".join(lines)


def _property(text: str) -> str:
    return harmless(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line of the log in which the runner finds no command, at its start or further on."""
    return f"patchgen: {text.replace('##[', '#&#91;')}"


def step_summary(report: Report) -> str:
    """The report for ``$GITHUB_STEP_SUMMARY``: Markdown in which nothing of a mail is markup."""
    return "\n".join(_summary(report)) + "\n"


def _summary(report: Report) -> Iterator[str]:
    yield f"## {markdown(report.title)}\n"
    yield f"{markdown(counts(report))}\n"
    yield "| stage | |\n| --- | --- |"
    for stage in report.stages:
        yield f"| {markdown(stage.name)} | {markdown(stage.summary)} |"
    for skipped in report.skipped:
        yield f"| {markdown(skipped.what)} | skipped: {markdown(skipped.reason)} |"
    for claim in (*(report.letter.claims if report.letter else ()), *report.claims):
        yield f"| claim | {claim.outcome}: {markdown(claim.says)} |"
    if report.findings:
        yield "\n| where | | finding |\n| --- | --- | --- |"
    for finding in report.findings[:_LISTED]:
        what = f"{markdown(finding.problem.message)} ({markdown(finding.check)})"
        hints = "".join(f"<br>hint: {markdown(one)}" for one in finding.problem.hint.splitlines())
        yield f"| {markdown(place(finding))} | {finding.severity} | {what}{hints} |"
    if len(report.findings) > _LISTED:
        yield f"\n{len(report.findings) - _LISTED} more findings are in the log."
    if report.command:
        yield f"\nTo do it again: {markdown(report.command)}"


def markdown(text: str) -> str:
    """Text in which neither Markdown nor HTML finds anything to act on.

    Entities, not backslashes, which do not keep GitHub from making links of bare addresses; what
    has an ``@`` needs a comment after it, too, as mentions are looked for in what is left.
    """
    plain = harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", plain.replace("\t", " "))
    return plain.replace("&#64;", "&#64;<!-- -->")
