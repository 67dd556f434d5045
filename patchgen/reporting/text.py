"""The report as text: what was done and what was not, then findings like a compiler's."""

import re
from collections.abc import Collection, Iterator, Sequence

from patchgen.findings import Finding, Severity
from patchgen.report import Report, ReportedClaim, ReportedLanding, Stage
from patchgen.reporting.examined import ignored_in_words
from patchgen.reporting.landings import landing_in_words, landing_lines, landing_of

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    r"\ufeff\ufffe\uffff]"
)
_LONG = 200
"""How long a hint is that is not shown again."""
_RED, _YELLOW, _CYAN, _BOLD = "1;31", "1;33", "1;36", "1"
_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _CYAN}


def format_text(report: Report, colour: bool = False) -> str:
    """One finding a line, ``file:line: severity: message [check]``, and a summary.

    The last line is the command that makes the report again, if there is one. ``colour`` is for
    terminals: it marks severities and ids, and nothing else differs.
    """
    return "\n".join(_lines(report, colour)) + "\n"


def _lines(report: Report, colour: bool) -> Iterator[str]:
    count = len(report.patches)
    version = f", version {report.version}" if report.version > 1 else ""
    profile = f", profile {report.profile}" if report.profile else ""
    about = f"{count} patch{'' if count == 1 else 'es'}{version}{profile}"
    yield f"{harmless(report.title)} ({about})"
    for stage in report.stages:
        yield from _stage(stage)
    for skipped in report.skipped:
        yield f"  {'skipped':<8}{harmless(skipped.what)}: {harmless(skipped.reason)}"
    if report.only:
        yield f"  {'only':<8}{', '.join(report.only)}"
    for ignored in report.ignored:
        yield f"  {'ignored':<8}{ignored.check}: {harmless(ignored_in_words(ignored))}"
    yield from _claims(report.claims)
    if report.findings:
        yield ""
    shown: list[ReportedLanding] = []
    hints: set[str] = set()
    for finding in report.findings:
        yield from _finding(finding, colour, hints)
        hints.add(finding.problem.hint)
        landing = None if report.all_landings else landing_of(report, finding)
        if landing and finding.severity >= Severity.WARNING and landing not in shown:
            shown.append(landing)
            yield from map(_indented, landing_lines(landing))
    if report.all_landings:
        yield from _landings(report)
    yield from _table(report)
    yield ""
    yield counts(report)
    if report.command:
        yield f"to do it again: {harmless(report.command)}"


def _claims(claims: Sequence[ReportedClaim]) -> Iterator[str]:
    """The claims that do not hold; those left for one reason are counted if there are several."""
    left: dict[tuple[str, str], list[str]] = {}
    for claim in claims:
        if claim.outcome != "held":
            left.setdefault((claim.outcome, claim.detail), []).append(claim.says)
    for (outcome, detail), says in left.items():
        few = says if outcome == "broken" or len(says) == 1 else [f"{len(says)} claims"]
        for text in few:
            yield f"  {'claim':<8}{outcome}: {harmless(text)} ({harmless(detail)})"


def _stage(stage: Stage) -> Iterator[str]:
    name, _, entry = stage.name.partition(": ")
    yield f"  {name:<8}{harmless(f'with {entry}: ' if entry else '')}{harmless(stage.summary)}"
    for step in stage.steps:
        if step.detail or step.outcome in ("fails", "crashes", "refused", "not tried"):
            name = "base" if step.number == 0 else f"patch {step.number}"
            detail = f" ({harmless(step.detail)})" if step.detail else ""
            yield f"  {'':<8}  {name:<9}{step.outcome}{detail}"


def _landings(report: Report) -> Iterator[str]:
    """Where all hunks landed."""
    for landing in report.landings:
        yield ""
        yield harmless(
            f"patch {landing.patch}, {landing.file}:{landing.line}: {landing_in_words(landing)}"
        )
        yield from map(_indented, landing_lines(landing))


def _indented(text: str) -> str:
    return f"    {harmless(text)}".rstrip()


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


def _finding(finding: Finding, colour: bool, hints: Collection[str]) -> Iterator[str]:
    """The finding and its hint, which is not said again if it is long and one of ``hints``."""
    problem = finding.problem
    severity, check = str(finding.severity), f"[{harmless(finding.check)}]"
    if colour:
        severity = _coloured(severity, _COLOURS[finding.severity])
        check = _coloured(check, _BOLD)
    yield f"{place(finding)}: {severity}: {harmless(problem.message)} {check}"
    if problem.hint in hints and len(problem.hint) > _LONG:
        yield "hint: the same as above"
        return
    for hint in problem.hint.splitlines():
        yield f"hint: {harmless(hint)}"


def _coloured(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def place(finding: Finding) -> str:
    """``file:line``, as editors jump to it."""
    location = finding.problem.location
    return harmless(location.file) + (f":{location.line}" if location.line else "")


def counts(report: Report) -> str:
    """``2 errors, 1 warning; 3 skipped``."""
    numbers = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in sorted(Severity, reverse=True)
        if (number := report.count(severity))
    ]
    skipped = f"; {len(report.skipped)} skipped" if report.skipped else ""
    return (", ".join(numbers) or "nothing found") + skipped


def harmless(text: str) -> str:
    """Text from a mail with everything escaped that a terminal would act on or lines end at."""
    return _CONTROL.sub(_escaped, text).replace("\n", "\\n")


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
