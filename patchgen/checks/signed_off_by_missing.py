"""signed-off-by-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.lost import has_lost_sign_off
from patchgen.series.model import Patch
from patchgen.series.trailers.block import SIGN_OFF


@check(Patch, Severity.ERROR)
def signed_off_by_missing(patch: Patch) -> Iterator[Problem]:
    """A patch has no Signed-off-by trailer.

    Why: without the Developer's Certificate of Origin nobody may take the patch; see
    Documentation/process/submitting-patches.rst in the kernel tree.

    Bad:
        foo: add bar

        It was missing.

    Good:
        foo: add bar

        It was missing.

        Signed-off-by: A U Thor <author@example.com>
    """
    if patch.mail.headless or has_lost_sign_off(patch):
        return
    if not any(trailer.named(SIGN_OFF) for trailer in patch.trailers):
        last = patch.message[-1].number if patch.message else patch.subject_line
        yield Problem(
            "no Signed-off-by trailer",
            Location(patch.file, last, patch.position),
            "add one with git commit --amend --signoff",
        )
