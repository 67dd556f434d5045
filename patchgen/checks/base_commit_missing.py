"""base-commit-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import UnnamedBase
from patchgen.findings import Location, Problem, Severity


@check(UnnamedBase, Severity.NOTE)
def base_commit_missing(unnamed: UnnamedBase) -> Iterator[Problem]:
    """A letter says what its series is based on, but no base-commit: line does.

    Why: programs that try posted series do not read prose, and branches have moved on by the time
    somebody does; see "Providing base tree information" in
    Documentation/process/submitting-patches.rst in the kernel tree. Most series name no base, and
    nothing is said of these, nor where --base or --tree names it.

    Bad:
        This series is based on kvm/next.

    Good:
        This series is based on kvm/next.
        …
        base-commit: 0ecfebd2b52404ae0c54a878c872bb93363ada36
    """
    yield Problem(
        f'the letter says "{unnamed.said}", and there is no base-commit: line',
        Location(unnamed.file, unnamed.line, unnamed.position),
        "git format-patch --base=<commit>; patchgen verify --tree or --base names one for now",
    )
