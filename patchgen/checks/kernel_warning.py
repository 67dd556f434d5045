"""kernel-warning"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.kernel_oops import splat_problem
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Problem, Severity
from patchgen.running.console import fresh_splats


@check(TestedPatch, Severity.ERROR)
def kernel_warning(tested: TestedPatch) -> Iterator[Problem]:
    """The kernel warns after a patch, or finds a rule of locking broken, and did not before it.

    Why: a WARN() says that something happened which its author took for impossible, and with
    panic_on_warn it takes the machine down; lockdep reports deadlocks that have only not come
    yet; the sanitizers report memory that is not what the code takes it for. What the base or the
    step before it reports, too, is not held against a patch.

    Bad:
        WARNING: CPU: 0 PID: 41 at arch/x86/kvm/lapic.c:1958 cancel_hv_timer+0x45/0x50

    Good:
        ok 1 machine
    """
    run = tested.run
    for splat in fresh_splats(run.splats, tested.before.splats, tested.base.splats):
        if not splat.trouble.is_fatal:
            yield splat_problem(tested, splat)
