"""The page as a whole, in the order in which a reviewer reads."""

import base64
import hashlib
from collections.abc import Iterator

from patchgen.findings import Finding
from patchgen.report import Report, ReportedBuild, ReportedPatch
from patchgen.reporting.examined import findings_at, ignored_in_words
from patchgen.reporting.html.cases import tests
from patchgen.reporting.html.elements import Element, document, element, style_sheet
from patchgen.reporting.html.landed import landings
from patchgen.reporting.html.letter import letter
from patchgen.reporting.html.pieces import badge, mail, section, table
from patchgen.reporting.html.plots import metrics, step_name
from patchgen.reporting.html.strip import pipeline, severities
from patchgen.reporting.html.style import STYLE
from patchgen.reporting.text import counts
from patchgen.version import __version__

_FEW = 5
"""A series of up to this many patches is shown unfolded."""


def format_html(report: Report) -> str:
    """One file without scripts and without anything to load; it may load nothing, too.

    All text is escaped by how the page is built, see `patchgen.reporting.html.elements`.
    """
    title = f"{report.title}: {counts(report)}"
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content=f"patchgen {__version__}"),
        element("title", title),
        style_sheet(STYLE),
    )
    parts = tuple(_parts(report))
    links = (
        element("li", element("a", _heading(part), href=f"#{_anchor(part)}")) for part in parts
    )
    body = element(
        "body",
        element("a", "to the report", href="#report", class_="skip"),
        _header(report),
        element("nav", element("ul", *links), aria_label="parts of the report"),
        element("main", *parts, id="report"),
        element("footer", element("p", f"patchgen {__version__}")),
    )
    return document(element("html", head, body, lang="en"))


def _anchor(part: Element) -> str:
    return dict(part.attributes)["aria-labelledby"]


def _heading(part: Element) -> str:
    first = part.children[0]
    return str(first.children[0]) if isinstance(first, Element) else ""


def _header(report: Report) -> Element:
    count = len(report.patches)
    version = f", version {report.version}" if report.version > 1 else ""
    base = f", on {report.base}" if report.base else ", without a base tree"
    verdict = badge(counts(report), _worst(report))
    return element(
        "header",
        element("h1", report.title or "(no title)"),
        element("p", f"{count} patch{'' if count == 1 else 'es'}{version}{base}", class_="quiet"),
        element("div", verdict, class_="verdict"),
    )


def _worst(report: Report) -> str:
    return str(max((finding.severity for finding in report.findings), default="good"))


def _parts(report: Report) -> Iterator[Element]:
    if report.findings:
        yield section("Findings", "findings", _findings(report))
    yield section("Steps", "steps", pipeline(report))
    if report.letter or report.claims or findings_at(report, 0):
        yield section("Cover letter", "letter", *letter(report))
    yield section("Patches", "patches", *(_patch(report, patch) for patch in report.patches))
    if report.landings:
        yield section("Landings", "landings", *landings(report))
    if report.table:
        yield section("Metrics", "metrics", metrics(report))
    if report.runs:
        yield section("Tests", "tests", *tests(report))
    if report.builds:
        yield section("Diagnostics", "diagnostics", *_diagnostics(report))
    if report.skipped or report.ignored:
        yield section("Not examined", "skipped", _skipped(report))
    if report.command or report.builds:
        yield section("Commands", "commands", *_commands(report))
    found = {finding.rule for finding in report.findings}
    if found:
        yield section("About the checks", "checks", *_rules(report, found))


def _findings(report: Report) -> Element:
    rows = (
        element(
            "tr",
            element("td", badge(str(finding.severity), str(finding.severity))),
            element("td", element("a", _where(finding), href=f"#{_target(report, finding)}")),
            element("td", finding.problem.message, " ", element("code", f"[{finding.check}]")),
        )
        for finding in report.findings
    )
    return table("Everything that was found", ["severity", "where", "what"], rows, "found")


def _where(finding: Finding) -> str:
    location = finding.problem.location
    name = "series" if location.patch is None else f"patch {location.patch}"
    name = "cover letter" if location.patch == 0 else name
    return f"{name}, line {location.line}" if location.line else name


def _target(report: Report, finding: Finding) -> str:
    """The line itself where it is shown, else the part with the finding."""
    location = finding.problem.location
    for patch in report.patches:
        if patch.number == location.patch:
            shown = any(line.number == location.line for line in patch.lines)
            return f"p{patch.number}-{location.line}" if shown else f"patch-{patch.number}"
    lines = report.letter.lines if report.letter else ()
    shown = any(line.number == location.line for line in lines)
    return f"p0-{location.line}" if shown else "letter"


def _patch(report: Report, patch: ReportedPatch) -> Element:
    found = findings_at(report, patch.number)
    unfolded = bool(found) or len(report.patches) <= _FEW
    heading = element("h3", f"{patch.number}. {patch.summary}", id=f"patch-{patch.number}")
    summary = element("summary", heading, *severities(report, patch.number))
    about = element("p", f"{patch.author} · {patch.file}", class_="quiet")
    text = mail(f"patch {patch.number}", f"p{patch.number}", patch.lines, found)
    return element(
        "details", summary, element("div", about, class_="inner"), text,
        open="" if unfolded else None,
    )  # fmt: skip


def _diagnostics(report: Report) -> Iterator[Element]:
    said = [build for build in report.builds if build.diagnostics]
    if not said:
        yield element("p", "The compiler says nothing about any step.")
    for build in said:
        count = len(build.diagnostics)
        name = f"{_built(build)}: {count} diagnostic{'' if count == 1 else 's'}"
        # A line each: newlines in what a compiler says are shown, not obeyed.
        lines = (element("li", element("code", line)) for line in build.diagnostics)
        listed = element("div", element("ul", *lines, class_="list"), class_="inner")
        unfolded = None if build.entry else ""
        yield element("details", element("summary", element("h3", name)), listed, open=unfolded)


def _built(build: ReportedBuild) -> str:
    """Which build it is, in words."""
    return step_name(build.number) + (f", with {build.entry}" if build.entry else "")


def _skipped(report: Report) -> Element:
    rows = [
        element("tr", element("th", skipped.what, scope="row"), element("td", skipped.reason))
        for skipped in report.skipped
    ]
    for ignored in report.ignored:
        reason = f"ignored: {ignored_in_words(ignored)}"
        rows.append(element("tr", element("th", ignored.check, scope="row"), element("td", reason)))
    return table("What was not examined, and why", ["what", "reason"], rows)


def _commands(report: Report) -> Iterator[Element]:
    if report.command:
        yield element("p", "This report again:")
        yield element("pre", element("code", report.command), tabindex=0)
    if report.builds:
        rows = (
            element(
                "tr",
                element("th", _built(build), scope="row"),
                element("td", element("code", build.command)),
            )
            for build in report.builds
        )
        yield table("To build a step, in a checkout of its tree", ["step", "command"], rows)


def _rules(report: Report, found: set[str]) -> Iterator[Element]:
    for rule in report.rules():
        if rule.id in found:
            yield element(
                "details",
                element("summary", element("h3", f"{rule.id}: {rule.title}")),
                element(
                    "div",
                    element("p", " ".join(rule.why.split())),
                    element("p", "Bad:"),
                    element("pre", *_lines(rule.bad), tabindex=0),
                    element("p", "Good:"),
                    element("pre", *_lines(rule.good), tabindex=0),
                    class_="inner",
                ),
            )


def _lines(text: str) -> Iterator[Element | str]:
    for index, line in enumerate(text.splitlines()):
        if index:
            yield element("br")
        yield line
