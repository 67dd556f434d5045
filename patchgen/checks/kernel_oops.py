"""kernel-oops"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.running.console import Splat, fresh_splats

_DECODE = "; scripts/decode_stacktrace.sh names the lines"
_SHOWN = 6
"""How many functions of a trace are named."""


@check(TestedPatch, Severity.ERROR)
def kernel_oops(tested: TestedPatch) -> Iterator[Problem]:
    """The kernel oopses, panics or stalls after a patch, and did not before it.

    Why: what takes down a task, a CPU or the machine in a test does so for a user. Named are the
    function it happened in and those that called it, with their lines where the kernel was built
    with debug information. What the base or the step before it reports, too, is not held against
    a patch.

    Bad:
        BUG: kernel NULL pointer dereference, address: 0000000000000000
        RIP: 0010:0x0
        Call Trace:
         kvm_create_lapic+0x8c/0x1d0

    Good:
        ok 1 machine
    """
    run = tested.run
    for splat in fresh_splats(run.splats, tested.before.splats, tested.base.splats):
        if splat.trouble.is_fatal:
            yield splat_problem(tested, splat)


def splat_problem(tested: TestedPatch, splat: Splat) -> Problem:
    """What a new report of the kernel means for a patch."""
    where = f' in "{splat.case}"' if splat.case else ""
    trace = ", called from ".join(map(str, splat.trace[:_SHOWN]))
    if len(splat.trace) > _SHOWN:
        trace += ", ..."
    place = tested.patch
    decode = "" if any(frame.source for frame in splat.trace) else _DECODE
    unknown = tested.run.number - tested.before.number > 1
    return Problem(
        f"the kernel {splat.trouble.value}{where}: {splat.says}{trace and f'; in {trace}'}",
        Location(place.file, place.subject_line, place.position),
        "a patch between may have brought it: boot all steps, with --boot-steps all"
        if unknown
        else f"boot the kernel after this patch, and the one before it{decode}",
    )
