"""build-failed"""

from collections.abc import Iterator

from patchgen.building.outcome import PatchBuild
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity


@check(PatchBuild, Severity.ERROR)
def build_failed(step: PatchBuild) -> Iterator[Problem]:
    """The tree does not compile after a patch.

    Why: every step of a series must build, or bisecting the kernel breaks; that a later patch
    mends it does not help. A step is blamed only for errors the step before did not have.

    Bad:
        patch 1 calls a function that patch 2 adds

    Good:
        patch 1 adds the function, patch 2 calls it
    """
    if step.build.succeeded or not step.base_succeeded:
        return
    patch = step.applied.patch
    errors = [(said, line) for said, line in step.fresh if said.is_error]
    hint = f"in the tree after this patch: {step.build.command}"
    for diagnostic, line in errors:
        where = f' in "{diagnostic.function}"' if diagnostic.function else ""
        message = f"{diagnostic.path}:{diagnostic.line}: {diagnostic.text}{where}"
        yield Problem(step.within + message, Location(patch.file, line, patch.position), hint)
    if not any(said.is_error for said in step.build.diagnostics):
        message = f'make failed: "{step.build.complaint}"'
        yield Problem(
            step.within + message, Location(patch.file, patch.subject_line, patch.position), hint
        )
