"""The report as text: findings like a compiler's, then what was done and what was not."""

import re
from collections.abc import Iterator

from patchgen.findings import Finding, Severity
from patchgen.report import Report, Stage

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def format_text(report: Report) -> str:
    """One finding a line, ``file:line: severity: message [check]``, and a summary."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    count = len(report.patches)
    version = f", version {report.version}" if report.version > 1 else ""
    yield f"{harmless(report.title)} ({count} patch{'' if count == 1 else 'es'}{version})"
    for stage in report.stages:
        yield from _stage(stage)
    for skipped in report.skipped:
        yield f"  {'skipped':<8}{skipped.what}: {harmless(skipped.reason)}"
    for check, number in report.ignored:
        yield f"  {'ignored':<8}{check}: {number} finding{'' if number == 1 else 's'}"
    for claim in report.claims:
        if claim.outcome != "held":
            says, detail = harmless(claim.says), harmless(claim.detail)
            yield f"  {'claim':<8}{claim.outcome}: {says} ({detail})"
    yield from _table(report)
    if report.findings:
        yield ""
    for finding in report.findings:
        yield from _finding(finding)
    yield ""
    yield _summary(report)


def _stage(stage: Stage) -> Iterator[str]:
    yield f"  {stage.name:<8}{harmless(stage.summary)}"
    for step in stage.steps:
        if step.detail or step.outcome in ("fails", "refused", "not tried"):
            name = "base" if step.number == 0 else f"patch {step.number}"
            detail = f" ({harmless(step.detail)})" if step.detail else ""
            yield f"  {'':<8}  {name:<9}{step.outcome}{detail}"


def _table(report: Report) -> Iterator[str]:
    """The metrics, a row each, with a column for every step that was run."""
    if not report.table:
        return
    heads = ["base" if run.number == 0 else f"patch {run.number}" for run in report.runs]
    titles = [f"{row.title} [{row.unit}]" if row.unit else row.title for row in report.table]
    table = [["", *heads]]
    table += [
        [harmless(title), *row.values] for title, row in zip(titles, report.table, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    yield ""
    for title, *cells in table:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join([title.ljust(widths[0]), *right])


def _finding(finding: Finding) -> Iterator[str]:
    problem = finding.problem
    location = problem.location
    line = f":{location.line}" if location.line else ""
    place = f"{harmless(location.file)}{line}"
    yield f"{place}: {finding.severity}: {harmless(problem.message)} [{finding.check}]"
    for hint in problem.hint.splitlines():
        yield f"hint: {harmless(hint)}"


def _summary(report: Report) -> str:
    counts = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in sorted(Severity, reverse=True)
        if (number := report.count(severity))
    ]
    skipped = f"; {len(report.skipped)} skipped" if report.skipped else ""
    return (", ".join(counts) or "nothing found") + skipped


def harmless(text: str) -> str:
    """Text from a mail with everything escaped that a terminal would act on or lines end at."""
    return _CONTROL.sub(_escaped, text).replace("\n", "\\n")


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
