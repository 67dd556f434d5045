"""Where the hunks landed, with the lines around them."""

from collections.abc import Iterator

from patchgen.report import Report
from patchgen.reporting.html.elements import Element, element
from patchgen.reporting.landings import landing_in_words, landing_lines


def landings(report: Report) -> Iterator[Element]:
    """The hunks that are shown, each folded unless they are few and in doubt."""
    for landing in report.landings:
        name = f"Patch {landing.patch}, {landing.path}:{landing.at}"
        about = element("p", f"{landing.file}:{landing.line}: {landing_in_words(landing)}")
        lines = "\n".join(landing_lines(landing))
        code = element("pre", element("code", lines), tabindex=0)
        yield element(
            "details",
            element("summary", element("h3", name)),
            element("div", about, code, class_="inner"),
            open=None if report.all_landings else "",
        )
