"""coccicheck"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import MatchedPatch
from patchgen.findings import Location, Problem, Severity


@check(MatchedPatch, Severity.WARNING, wraps=True)
def coccicheck(subject: MatchedPatch) -> Iterator[Problem]:
    """A semantic patch of the base tree matches since a patch.

    Why: robots run scripts/coccinelle on what is posted and mail what they find. It takes minutes,
    so it runs only where --checkers names it. The name behind the slash is the semantic patch's;
    what it found before the patch, too, is not reported.

    Bad:
        if (timer)
                kfree(timer);

    Good:
        kfree(timer);
    """
    patch = subject.patch
    for found, line in subject.fresh:
        yield Problem(
            f"{found.path}:{found.line}: {found.text}",
            Location(patch.file, line, patch.position),
            kind=found.flag,
        )
