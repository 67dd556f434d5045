"""base-commit-unknown"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import NamedBase
from patchgen.findings import Location, Problem, Severity


@check(NamedBase, Severity.NOTE)
def base_commit_unknown(named: NamedBase) -> Iterator[Problem]:
    """The base commit of the series is not in the repository.

    Why: whoever applies the series needs that commit. One of the author's own branch is nowhere
    else; what it brings is to be listed with ``git format-patch --base``, which names a public
    commit and the patches on top of it. Or it is there, and just not fetched yet.

    Bad:
        base-commit: 0123456789abcdef0123456789abcdef01234567      (on nobody else's branch)

    Good:
        base-commit: 0ecfebd2b52404ae0c54a878c872bb93363ada36      (v5.2)
    """
    if not named.known:
        yield Problem(
            f'base commit "{named.commit[:12]}" is not in the repository',
            Location(named.file, named.line, named.position),
            "fetch it, or ask for a base that is public: git format-patch --base=<public commit>",
        )
