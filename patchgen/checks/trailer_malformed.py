"""trailer-malformed"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.text import Lines, paragraphs
from patchgen.series.trailers.agents import is_assistance
from patchgen.series.trailers.block import Trailer
from patchgen.series.trailers.people import person
from patchgen.series.trailers.tags import tag

_SIGNERS = ("Signed-off-by", "Co-developed-by", "Reviewed-by", "Acked-by", "Tested-by")
_STABLE = re.compile(r"(?:linux-)?stable(?:\+\S*)?@(?P<domain>[\w.-]+)", re.IGNORECASE)
_STABLE_DOMAINS = ("vger.kernel.org", "kernel.org")


@check(Patch, Severity.WARNING)
def trailer_malformed(patch: Patch) -> Iterator[Problem]:
    """A trailer is misspelt, or lacks the address or the form that it has to have.

    Why: sign-offs and tags are collected by programs. One that is misspelt counts for nobody, one
    without an address reaches nobody, and mail to a wrong stable address never gets there. The
    form is that of Documentation/process/submitting-patches.rst, for Assisted-by that of
    coding-assistants.rst beside it.

    Bad:
        Signed-of-by: A U Thor <author@example.com>
        Reviewed-by: R E Viewer
        Cc: stable@vger.kernel.com

    Good:
        Reviewed-by: R E Viewer <reviewer@example.com>
        Signed-off-by: A U Thor <author@example.com>
        Cc: stable@vger.kernel.org # 6.1+
    """
    for number, text in _last_lines(patch.message):
        found = tag(text)
        if found and found.misspelt:
            yield Problem(
                f'"{found.token}:" is no trailer that the kernel knows, "{found.known}:" is',
                Location(patch.file, number, patch.position),
                f'write "{found.known}: {found.value}"',
            )
    for trailer in patch.trailers:
        for fault, hint in _faults(trailer):
            location = Location(patch.file, trailer.line, patch.position)
            yield Problem(f'"{trailer}" {fault}', location, hint)


def _last_lines(message: Lines) -> Lines:
    """The paragraph with which the message ends: a misspelt tag may be all there is in it."""
    found = paragraphs(message)
    return found[-1] if found else ()


def _faults(trailer: Trailer) -> Iterator[tuple[str, str]]:
    value = trailer.value
    if trailer.named("Assisted-by") and not is_assistance(value):
        form = "AGENT_NAME:MODEL_VERSION [TOOL1] [TOOL2]"
        yield f'does not have the form "{form}"', 'for example "Assisted-by: Claude:claude-3-opus"'
    elif any(trailer.named(token) for token in _SIGNERS):
        if not person(value).email:
            yield "has no address", f'write "{trailer.token}: Name <name@example.com>"'
        elif value.count("<") != value.count(">"):
            yield "has an address without its brackets", "put the address between < and >"
    elif trailer.named("Cc"):
        match = _STABLE.search(value)
        if match and _almost_stable(match[0], match["domain"].lower()):
            yield "is not the address of the stable team", 'write "Cc: stable@vger.kernel.org"'
        elif value.strip(" <>").lower() == "stable":
            yield "has no address", 'write "Cc: stable@vger.kernel.org"'


def _almost_stable(address: str, domain: str) -> bool:
    """Whether an address is one letter or so off; there are other lists called stable."""
    if domain in _STABLE_DOMAINS:
        return address.lower().startswith("linux-stable@")
    return "vger" in domain or "kernel" in domain.split(".")[0]
