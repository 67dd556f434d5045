"""path-prefix-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def path_prefix_missing(patch: Patch) -> Iterator[Problem]:
    """A diff names its files without a/ and b/.

    Why: git am takes the first directory of every name away. It does not find the files that a
    patch changes, and those that it creates end up in another directory without a word. Such
    diffs come from diff.noprefix in somebody's configuration.

    Bad:
        diff --git lib/ring.c lib/ring.c

    Good:
        diff --git a/lib/ring.c b/lib/ring.c
    """
    found = [one for one in patch.diff.irregularities if one.fault is Fault.PREFIX]
    if not found:
        return
    name = found[0].message
    taken = name.partition("/")[2]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    then = f'git am takes "{taken}" for it' if taken else "git am finds no name"
    yield Problem(
        f'"{name}"{more} stand{"" if more else "s"} without a/ and b/: {then}',
        Location(patch.file, found[0].line, patch.position),
        "git -c diff.noprefix=false format-patch writes them",
    )
