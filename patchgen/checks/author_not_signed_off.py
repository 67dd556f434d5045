"""author-not-signed-off"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.trailers.block import SIGN_OFF
from patchgen.series.trailers.people import person, same_person


@check(Patch, Severity.ERROR)
def author_not_signed_off(patch: Patch) -> Iterator[Problem]:
    """A patch is signed off, but not by its author.

    Why: the Developer's Certificate of Origin starts with the one who wrote the patch; whoever
    passes it on certifies what the author did. Author is whom git records: the ``From:`` line at
    the top of the message, else that of the mail. Somebody with another address but the same
    name is the same.

    Bad:
        From: A U Thor <author@example.com>

        Signed-off-by: C O Mitter <committer@example.com>

    Good:
        From: A U Thor <author@example.com>

        Signed-off-by: A U Thor <author@example.com>
        Signed-off-by: C O Mitter <committer@example.com>
    """
    signed = [trailer for trailer in patch.trailers if trailer.named(SIGN_OFF)]
    if not patch.author.email:
        return  # author-mismatch says so
    if not signed or any(same_person(person(one.value), patch.author) for one in signed):
        return
    yield Problem(
        f'the author is "{patch.author}", the first sign-off is "{signed[0].value}"',
        Location(patch.file, signed[0].line, patch.position),
        f'ask the author for "{SIGN_OFF}: {patch.author}" as the first sign-off, '
        "or correct the author with git commit --amend --author",
    )
