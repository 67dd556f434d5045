"""agent-signed-off"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.trailers.agents import is_agent
from patchgen.series.trailers.block import CO_DEVELOPER, SIGN_OFF
from patchgen.series.trailers.people import person


@check(Patch, Severity.ERROR)
def agent_signed_off(patch: Patch) -> Iterator[Problem]:
    """An AI agent signs a patch off, or is named as its co-developer.

    Why: only people can certify the Developer's Certificate of Origin, so an agent must not sign
    off, and nobody can do it for the agent; Documentation/process/coding-assistants.rst in the
    kernel tree has ``Assisted-by:`` for it. The person who sends the patch answers for all of it.

    Bad:
        Co-developed-by: Claude <noreply@anthropic.com>
        Signed-off-by: Claude <noreply@anthropic.com>

    Good:
        Assisted-by: Claude:claude-3-opus
        Signed-off-by: A U Thor <author@example.com>
    """
    for trailer in patch.trailers:
        if not is_agent(person(trailer.value)):
            continue
        if trailer.named(SIGN_OFF):
            fault = "only people can sign off"
        elif trailer.named(CO_DEVELOPER):
            fault = "a co-developer has to sign off, which only people can"
        else:
            continue
        yield Problem(
            f'"{trailer}" names an AI agent: {fault}',
            Location(patch.file, trailer.line, patch.position),
            'name it with "Assisted-by: AGENT_NAME:MODEL_VERSION", and sign off yourself',
        )
