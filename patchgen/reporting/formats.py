"""The formats a report can be written in."""

from collections.abc import Callable

from patchgen.report import Report
from patchgen.reporting.json import format_json
from patchgen.reporting.text import format_text

FORMATS: dict[str, Callable[[Report], str]] = {"text": format_text, "json": format_json}
