"""sparse-remark"""

from collections.abc import Iterator

from patchgen.building.diagnostics import SPARSE
from patchgen.building.outcome import PatchBuild
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity


@check(PatchBuild, Severity.WARNING)
def sparse_remark(step: PatchBuild) -> Iterator[Problem]:
    """sparse, run by make C=1, has a remark on the code since a patch.

    Why: it knows what no compiler does: which pointers lead into user space or to a device, which
    numbers have a byte order, which locks a function takes and leaves taken. Robots run it on what
    is posted. It is asked where --matrix says so; only what it did not say before is reported.

    Bad:
        put_unaligned(len, (__be16 *)data);	/* len is of the processor's byte order */

    Good:
        put_unaligned(cpu_to_be16(len), (__be16 *)data);
    """
    patch = step.applied.patch
    for said, line in step.fresh:
        if said.flag == SPARSE:
            yield Problem(
                f"{step.within}{said.path}:{said.line}: {said.text}",
                Location(patch.file, line, patch.position),
                f"in the tree after this patch: {step.build.command}",
            )
