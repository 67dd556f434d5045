"""maintainer-not-copied"""

from collections.abc import Iterator

from patchgen.checkers.get_maintainer import Concerned
from patchgen.checks.check import check
from patchgen.checks.subjects import AddressedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.identity import Identity
from patchgen.series.trailers.people import same_person

_NAMED = 3


@check(AddressedPatch, Severity.WARNING)
def maintainer_not_copied(subject: AddressedPatch) -> Iterator[Problem]:
    """A patch is not sent to everybody whom MAINTAINERS names for the files it changes.

    Why: who is not copied does not see it, and a patch that its maintainer did not see is not
    applied. It is a note where only reviewers and lists are left out. Who wrote the patch need
    not be copied, and one address of a person is as good as another.

    Bad:
        To: linux-kernel@vger.kernel.org

    Good:
        To: the maintainers that scripts/get_maintainer.pl names, Cc: the reviewers and lists
    """
    patch = subject.patch
    reached = (patch.author, patch.mail.author, *patch.mail.recipients)
    missing = [one for one in subject.concerned if not _is_reached(one, reached)]
    if not missing:
        return
    missing.sort(key=lambda one: not one.decides)
    named = [f'"{one.name}" ({one.kind})' for one in missing[:_NAMED]]
    if len(missing) > _NAMED:
        named.append(f"and {len(missing) - _NAMED} more")
    message = (
        f"{len(missing)} of the {len(subject.concerned)} that MAINTAINERS names"
        f" {'is' if len(missing) == 1 else 'are'} not copied: {', '.join(named)}"
    )
    hint = "git send-email " + " ".join(f"--cc={one.who.email}" for one in missing)
    severity = None if missing[0].decides else Severity.NOTE
    yield Problem(message, Location(patch.file, patch.subject_line, patch.position), hint, severity)


def _is_reached(concerned: Concerned, reached: tuple[Identity, ...]) -> bool:
    if concerned.is_list:
        address = concerned.who.email.casefold()
        return any(address == one.email.casefold() for one in reached)
    return any(same_person(concerned.who, one) for one in reached)
