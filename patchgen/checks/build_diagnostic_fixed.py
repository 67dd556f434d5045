"""build-diagnostic-fixed"""

from collections.abc import Iterator

from patchgen.building.outcome import PatchBuild
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity


@check(PatchBuild, Severity.NOTE)
def build_diagnostic_fixed(step: PatchBuild) -> Iterator[Problem]:
    """A compiler warning of the base is gone after a patch.

    Why: a patch that mends a warning says so in its message, with the warning's text; that is what
    people look for who see the same one in an older kernel. One that goes without a word may have
    been silenced only.

    Bad:
        a cast that makes the warning go, in a patch about something else

    Good:
        "Fix this warning of gcc: unused variable 'idle'"
    """
    patch = step.applied.patch
    for one in step.gone:
        flag = f" ({one.flag})" if one.flag else ""
        yield Problem(
            f"{step.within}{one.path}: {one.text}{flag} is gone",
            Location(patch.file, patch.subject_line, patch.position),
        )
