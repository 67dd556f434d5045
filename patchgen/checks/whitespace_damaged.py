"""whitespace-damaged"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def whitespace_damaged(patch: Patch) -> Iterator[Problem]:
    """A mailer changed blanks of the diff.

    Why: a wrapped line, a tab that became blanks, a no-break space or a lost blank in front of a
    context line is enough for git to refuse the patch; see
    Documentation/process/email-clients.rst. Only what can be told from the mail itself is said.

    Bad:
        @@ -1,2 +1,2 @@
         int a;
        -int a_long_name = 1;
        +int a_long_name =
        2;

    Good:
        @@ -1,2 +1,2 @@
         int a;
        -int a_long_name = 1;
        +int a_long_name = 2;
    """
    for irregularity in patch.diff.irregularities:
        if irregularity.fault is Fault.WHITESPACE:
            yield Problem(
                irregularity.message,
                Location(patch.file, irregularity.line, patch.position),
                "send the patch again with git send-email",
            )
