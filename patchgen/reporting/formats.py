"""The formats a report can be written in."""

from collections.abc import Callable

from patchgen.report import Report
from patchgen.reporting.github import format_github
from patchgen.reporting.html.page import format_html
from patchgen.reporting.json import format_json
from patchgen.reporting.junit import format_junit
from patchgen.reporting.sarif import format_sarif
from patchgen.reporting.text import format_text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": format_text,
    "json": format_json,
    "sarif": format_sarif,
    "junit": format_junit,
    "github": format_github,
    "html": format_html,
}
