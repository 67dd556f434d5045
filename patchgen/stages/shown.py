"""What the report shows of the series itself: its text, and what its letter claims."""

from collections.abc import Collection, Iterator

from patchgen.findings import Finding, Skipped
from patchgen.report import (
    ReportedClaim,
    ReportedLetter,
    ReportedLine,
    ReportedPatch,
)
from patchgen.series.model import CoverLetter, Patch
from patchgen.series.text import Line

_MARKS = {"+": "added", "-": "removed", " ": "context", "": "context", "\\": "context"}
_SHORTLOG = ("shortlog-mismatch",)
_DIFFSTAT = (
    "cover-diffstat-mismatch",
    "cover-diffstat-partial",
    "cover-diffstat-sum",
    "diffstat-arithmetic",
)
_UNDECIDED = ("cover-diffstat-undecided",)


def shown_patch(patch: Patch) -> ReportedPatch:
    """The patch with its text, each line with what it is."""
    kinds = dict(_kinds(patch))
    if len({line.number for line in patch.rest}) < len(patch.rest):
        kinds = {}  # base64: all lines stand on one
    lines = [ReportedLine(patch.subject_line, f"Subject: {patch.subject.summary}")]
    lines += [ReportedLine(line.number, line.text) for line in patch.message]
    lines += [
        ReportedLine(line.number, line.text, kinds.get(line.number, "")) for line in patch.rest
    ]
    return ReportedPatch(
        patch.position, patch.file, patch.subject.summary, str(patch.author), tuple(lines)
    )


def _kinds(patch: Patch) -> Iterator[tuple[int, str]]:
    for file in patch.diff.files:
        first = file.hunks[0].line if file.hunks else None
        end = first or next((line.number for line in patch.rest if _ends(line, file.line)), 0)
        for number in range(file.line, end):
            yield number, "file"
        for hunk in file.hunks:
            yield hunk.line, "hunk"
            for line in hunk.lines:
                yield line.number, _MARKS.get(line.text[:1], "")


def _ends(line: Line, start: int) -> bool:
    """Whether a file's head without hunks, one that is renamed for example, is over."""
    return line.number > start and not line.text.startswith(
        ("old mode", "new", "deleted", "similarity", "dissimilarity", "rename", "copy", "index")
    )


def shown_letter(
    cover: CoverLetter | None, findings: Collection[Finding], skipped: Collection[Skipped]
) -> ReportedLetter | None:
    """The letter with its text, and whether its shortlog and its diffstat are true."""
    if cover is None:
        return None
    claims: list[ReportedClaim] = []
    starts: list[tuple[int, str]] = []
    if cover.shortlog:
        blocks = cover.shortlog.blocks
        count = sum(block.count for block in blocks)
        says = f"shortlog: {count} patch{'' if count == 1 else 'es'}"
        claims.append(_claim(says, _SHORTLOG, (), findings, skipped))
        starts.append((blocks[0].line, "shortlog"))
    if table := cover.diffstat:
        says = f"diffstat: {table.totals}"
        claims.append(_claim(says, _DIFFSTAT, _UNDECIDED, findings, skipped))
        starts.append((min((row.line for row in table.rows), default=table.line), "diffstat"))
    lines = [ReportedLine(cover.subject_line, f"Subject: {cover.subject.summary}")]
    kind = ""
    for number, text in cover.body:
        kind = next((name for start, name in starts if start == number), kind)
        if text == "-- " or (text.startswith("base-commit: ")):
            kind = ""
        lines.append(ReportedLine(number, text, kind))
    return ReportedLetter(tuple(lines), tuple(claims))


def _claim(
    says: str,
    checks: Collection[str],
    undecided: Collection[str],
    findings: Collection[Finding],
    skipped: Collection[Skipped],
) -> ReportedClaim:
    """``checks`` are those that speak against the claim, ``undecided`` those that cannot tell."""
    found = [finding.check for finding in findings if finding.problem.location.patch == 0]
    wrong = sum(check in checks for check in found)
    if wrong:
        return ReportedClaim(says, "broken", f"{wrong} finding{'' if wrong == 1 else 's'}")
    if open_lines := sum(check in undecided for check in found):
        detail = f"{open_lines} line{'' if open_lines == 1 else 's'} undecided"
        return ReportedClaim(says, "not checked", detail)
    reason = next((one.reason for one in skipped if one.what in checks), None)
    if reason:
        return ReportedClaim(says, "not checked", reason)
    return ReportedClaim(says, "held", "")
