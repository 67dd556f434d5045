"""build-diagnostic-new"""

from collections.abc import Iterator

from patchgen.building.diagnostics import SPARSE
from patchgen.building.outcome import PatchBuild
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity


@check(PatchBuild, Severity.ERROR)
def build_diagnostic_new(step: PatchBuild) -> Iterator[Problem]:
    """A patch brings a compiler warning that the step before did not have.

    Why: the kernel builds without warnings, and one that drowns among others hides a bug.
    Warnings are compared by file, function, flag and text, so one that only moved is not new, and
    one that takes another's place is. In a file that does not compile the errors come first. Those
    that the kernel has at W=1 and above only are warnings here, too.

    Bad:
        static int helper(void)	/* used by the next patch only */

    Good:
        add the helper in the patch that uses it
    """
    patch = step.applied.patch
    broken = {diagnostic.path for diagnostic, _ in step.fresh if diagnostic.is_error}
    for diagnostic, line in step.fresh:
        if diagnostic.flag == SPARSE or diagnostic.is_error:
            continue
        if diagnostic.path not in broken:
            flag = f" ({diagnostic.flag})" if diagnostic.flag else ""
            yield Problem(
                f"{step.within}{diagnostic.path}:{diagnostic.line}: {diagnostic.text}{flag}",
                Location(patch.file, line, patch.position),
                f"in the tree after this patch: {step.build.command}",
                severity=Severity.WARNING if step.more_warnings else None,
            )
