"""The formats a report can be written in; the module of each is loaded when it is written."""

from collections.abc import Callable

from patchgen.report import Report


def _text(report: Report) -> str:
    from patchgen.reporting.text import format_text

    return format_text(report)


def _json(report: Report) -> str:
    from patchgen.reporting.json import format_json

    return format_json(report)


def _sarif(report: Report) -> str:
    from patchgen.reporting.sarif import format_sarif

    return format_sarif(report)


def _junit(report: Report) -> str:
    from patchgen.reporting.junit import format_junit

    return format_junit(report)


def _github(report: Report) -> str:
    from patchgen.reporting.github import format_github

    return format_github(report)


def _html(report: Report) -> str:
    from patchgen.reporting.html.page import format_html

    return format_html(report)


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "html": _html,
}
