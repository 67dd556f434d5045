"""co-developed-by-unsigned"""

from collections.abc import Iterator
from itertools import zip_longest

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.trailers.agents import is_agent
from patchgen.series.trailers.block import CO_DEVELOPER, SIGN_OFF
from patchgen.series.trailers.people import person, same_person


@check(Patch, Severity.WARNING)
def co_developed_by_unsigned(patch: Patch) -> Iterator[Problem]:
    """A Co-developed-by trailer is not directly followed by the sign-off of the same person.

    Why: a co-developer is an author, and every author certifies the Developer's Certificate of
    Origin; Documentation/process/submitting-patches.rst in the kernel tree asks for the sign-off
    on the next line. The author that git records is named by ``From:`` and needs no such trailer.

    Bad:
        Co-developed-by: C O Author <co@example.com>
        Signed-off-by: A U Thor <author@example.com>

    Good:
        Co-developed-by: C O Author <co@example.com>
        Signed-off-by: C O Author <co@example.com>
        Signed-off-by: A U Thor <author@example.com>
    """
    trailers = patch.trailers
    for trailer, following in zip_longest(trailers, trailers[1:]):
        who = person(trailer.value)
        if not trailer.named(CO_DEVELOPER) or is_agent(who):  # whom agent-signed-off is about
            continue
        signed = [one for one in trailers if one.named(SIGN_OFF)]
        own = [one for one in signed if same_person(person(one.value), who)]
        if same_person(who, patch.author):
            fault = f'names "{who}", who is the author'
            hint = "leave it out: the author is named by From:"
        elif following in own:
            continue
        elif own:
            fault = f"is not followed by the sign-off of the same person on line {own[0].line}"
            hint = f'put "{own[0]}" on the next line'
        else:
            fault = "has no sign-off of the same person"
            hint = f'ask for "{SIGN_OFF}: {who}" and put it on the next line'
        location = Location(patch.file, trailer.line, patch.position)
        yield Problem(f'"{trailer}" {fault}', location, hint)
