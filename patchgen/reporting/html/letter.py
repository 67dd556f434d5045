"""The cover letter, with what became of each thing it claims."""

import re
from collections.abc import Iterator, Sequence

from patchgen.report import Report, ReportedClaim, ReportedLine
from patchgen.reporting.examined import findings_at
from patchgen.reporting.html.elements import Element, element
from patchgen.reporting.html.pieces import badge, finding_box, mail

_WORD = re.compile(r"[\w%~]+")


def letter(report: Report) -> Iterator[Element]:
    """All claims in a list, then the letter, in which those that are found have a mark."""
    own = report.letter.claims if report.letter else ()
    if own or report.claims:
        listed = (_claim(claim) for claim in (*own, *report.claims))
        yield element("h3", "What it claims")
        yield element("ul", *listed, class_="claims")
    found = findings_at(report, 0)
    if report.letter is None:
        yield from (finding_box(finding, alone=True) for finding in found)
        return
    lines = report.letter.lines
    outcomes: dict[int, set[str]] = {}
    for claim in (*own, *report.claims):
        of_git = claim in own
        line = _table_line(claim, lines) if of_git else claimed_at(claim.says, lines)
        if line is not None:
            outcomes.setdefault(line, set()).add(claim.outcome)
    marks = {line: [badge(one) for one in sorted(said)] for line, said in outcomes.items()}
    yield element("div", mail("the cover letter", "p0", lines, found, marks), class_="letter")


def _claim(claim: ReportedClaim) -> Element:
    detail = element("span", f" ({claim.detail})", class_="quiet") if claim.detail else None
    return element("li", badge(claim.outcome), " ", claim.says, detail)


def _table_line(claim: ReportedClaim, lines: Sequence[ReportedLine]) -> int | None:
    """The first line of the table, shortlog or diffstat, that a claim of git's is about."""
    kind = claim.says.partition(":")[0]
    return next((line.number for line in lines if line.kind == kind), None)


def claimed_at(says: str, lines: Sequence[ReportedLine]) -> int | None:
    """The line on which the words of a claim end, None where they are not in the letter.

    What follows a colon may be ours: the words before it are looked for, too.
    """
    words = [
        (word.lower(), line.number)
        for line in lines
        if not line.kind
        for word in _WORD.findall(line.text)
    ]
    for text in dict.fromkeys((says, says.rpartition(":")[0])):
        wanted = [word.lower() for word in _WORD.findall(text)]
        for start in range(len(words) - len(wanted) + 1 if wanted else 0):
            here = words[start : start + len(wanted)]
            if [word for word, _ in here] == wanted:
                return here[-1][1]
    return None
