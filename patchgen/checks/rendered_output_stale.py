"""rendered-output-stale"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.rendering.kept import Difference, RenderedSeries


@check(RenderedSeries, Severity.ERROR)
def rendered_output_stale(series: RenderedSeries) -> Iterator[Problem]:
    """Patches kept beside their templates are not what the templates render.

    Why: what is reviewed and sent is the patches, what is edited next time is the templates; once
    they part, the next rendering takes back what somebody corrected by hand. A series says in
    `patchgen.toml` where its patches are kept, and is rendered again from the commit that is
    submitted.

    Bad:
        # series/foo/0001-foo.patch.j2
        +	level = 5;
        # out/foo/0001-foo.patch
        +	level = 7;

    Good:
        patchgen render series/foo -o out/foo --force
    """
    for fault in series.faults:
        yield Problem(fault.message, Location(fault.file, fault.line), fault.hint)
    for difference in series.differences:
        yield Problem(
            _message(series.template, difference),
            Location(difference.file, difference.line),
            "\n".join([series.command, *difference.diff]),
        )


def _message(template: str, difference: Difference) -> str:
    kept, rendered = difference.kept, difference.rendered
    if difference.line is None:
        if kept is None:
            return f'"{template}" renders this mail, but it is not there'
        return f'"{template}" does not render this patch'
    if rendered is None:
        return f'"{template}" renders nothing here, there is {_quoted(kept)}'
    if kept is None:
        return f'"{template}" renders {_quoted(rendered)} here, where the mail ends'
    return f'"{template}" renders {_quoted(rendered)} here, there is {_quoted(kept)}'


def _quoted(line: str | None) -> str:
    return f'"{line}"' if line else "an empty line"
