"""What several parts of the page are made of: badges, findings, and mails line by line."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from patchgen.findings import Finding
from patchgen.report import ReportedLine
from patchgen.reporting.html.elements import Element, element
from patchgen.reporting.text import place

LOOKS = {
    "held": "good",
    "broken": "error",
    "not checked": "neutral",
    "applied": "good",
    "lands": "good",
    "builds": "good",
    "passes": "good",
    "passed": "good",
    "refused": "error",
    "fails": "error",
    "failed": "error",
}
"""How an outcome looks; what it is stands in its text, too, for those who see no colour."""


def badge(text: str, look: str | None = None) -> Element:
    """A word with a frame around it."""
    return element("span", text, class_=f"badge {look or LOOKS.get(text, 'neutral')}")


def section(title: str, anchor: str, *children: Element | None) -> Element:
    """A part of the page, with its heading and a name to link to."""
    heading = element("h2", title, id=anchor)
    return element("section", heading, *children, aria_labelledby=anchor)


def table(caption: str, heads: Sequence[str], rows: Iterable[Element], look: str = "") -> Element:
    """A table that scrolls by itself where the window is narrow."""
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    whole = element(
        "table",
        element("caption", caption),
        element("thead", head),
        element("tbody", *rows),
        class_=look or None,
    )
    return element("div", whole, class_="scroll", tabindex=0, role="region", aria_label=caption)


def finding_box(finding: Finding, alone: bool = False) -> Element:
    """A finding as it stands below its line, or ``alone`` with its place."""
    problem = finding.problem
    where = element("code", place(finding), class_="text") if alone else None
    hints = (
        element("p", f"hint: {hint}", class_="text") for hint in problem.hint.splitlines() if hint
    )
    return element(
        "div",
        element("p", where) if where else None,
        element(
            "p",
            element("strong", f"{finding.severity}: "),
            element("span", problem.message, class_="text"),
            f" [{finding.check}]",
        ),
        *hints,
        class_=f"finding {finding.severity}" + (" alone" if alone else ""),
        role="note",
        aria_label=f"{finding.severity}: {finding.check}",
    )


def mail(
    label: str,
    prefix: str,
    lines: Sequence[ReportedLine],
    found: Sequence[Finding],
    marks: Mapping[int, Sequence[Element]] = MappingProxyType({}),
) -> Element:
    """The lines of a mail with their numbers, each finding below its line.

    ``prefix`` makes anchors; what has no line, or one that is not shown, comes first. ``marks``
    stand behind the lines with these numbers.
    """
    shown = {line.number for line in lines}
    first = [one for one in found if one.problem.location.line not in shown]
    boxes: list[Element] = [finding_box(one, alone=True) for one in first]
    seen: set[int] = set()
    rows: list[Element] = []

    def close() -> None:
        if rows:
            boxes.append(element("div", *rows, class_="rows"))
            rows.clear()

    for index, line in enumerate(lines):
        new = line.number not in seen
        seen.add(line.number)
        kind = "subject" if index == 0 else line.kind
        rows.append(_row(line, prefix, new, kind, marks.get(line.number, ()) if new else ()))
        here = [one for one in found if new and one.problem.location.line == line.number]
        if here:
            close()
            boxes += [finding_box(one) for one in here]
    close()
    return element("div", *boxes, class_="mail", tabindex=0, role="region", aria_label=label)


def _row(
    line: ReportedLine, prefix: str, new: bool, kind: str, marks: Sequence[Element]
) -> Element:
    anchor = f"{prefix}-{line.number}"
    number = element(
        "a",
        str(line.number),
        href=f"#{anchor}",
        aria_label=f"line {line.number}",
        tabindex=-1,
    )
    text = element("code", line.text)
    behind = (element("span", *marks, class_="marks"),) if marks else ()
    return element(
        "div", number, text, *behind, class_=f"row {kind}".rstrip(), id=anchor if new else None
    )
